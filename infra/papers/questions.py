"""The operator's answers: a table with a row for each question. The answers stand in a file beside the options.

Each question has an answer to begin with, which Enter takes. `LATER` leaves a line in the document to be filled in by
hand; the document says that it is not finished.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from infra.options.options import Options
from infra.papers import harms
from infra.papers.duties import COUNTRIES

Answers = Mapping[str, str]
LATER = "later"
LENGTH_MAX = 600  # a paragraph
SIZES = ("micro", "small", "larger")  # an enterprise of up to 10 people and EUR 2 million, of 50 and 10 million, larger
CHILDREN = ("likely", "not likely")


class PapersError(ValueError):
    """Something of the papers cannot be used, in a sentence for the operator."""


class Question(NamedTuple):
    """A row: the question, the answer to begin with, its check, and the countries in which it matters (none: all)."""

    key: str
    asks: str
    begins: Callable[[Options], str] = lambda _: LATER
    check: Callable[[str], str] = str.strip
    countries: frozenset[str] = frozenset()
    matters: Callable[[Options], bool] = lambda _: True

    def is_asked(self, options: Options, answers: Answers) -> bool:
        """Return whether these options and the countries leave the question open."""
        return self.matters(options) and (not self.countries or not self.countries.isdisjoint(countries_of(answers)))


def countries_of(answers: Answers) -> list[str]:
    """Return the countries from which people may come: every one where nobody has said it yet."""
    return answers["countries"].split(",") if "countries" in answers else [*COUNTRIES]


def _countries(text: str) -> str:
    named = [each.strip().lower() for each in text.split(",") if each.strip()]
    if not named or not set(named) <= set(COUNTRIES):
        raise ValueError(f"is one or more of {', '.join(COUNTRIES)}, with commas")
    return ",".join(country for country in COUNTRIES if country in named)


def _one_of(*choices: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text.strip().lower() not in {*choices, LATER}:
            raise ValueError(f"is one of: {'; '.join(choices)}; or {LATER}")
        return text.strip().lower()

    return check


def _levels(text: str) -> str:
    if text.strip() in {"as proposed", LATER}:
        return text.strip()
    for pair in text.split(","):
        key, _, level = (part.strip() for part in pair.partition("="))
        if key not in harms.KEYS or level not in harms.LEVELS:
            kinds = ", ".join(harms.KEYS)
            raise ValueError(
                f"is `as proposed`, or kind=level with commas; kinds: {kinds}; levels: {', '.join(harms.LEVELS)}"
            )
    return ",".join("=".join(part.strip() for part in pair.split("=")) for pair in text.split(","))


def levels_of(answers: Answers, options: Options) -> dict[str, str]:
    """Return the level of each kind of harm: as proposed, or as the operator says."""
    proposed = {harm.key: harm.level(options) for harm in harms.TABLE}
    said = answers.get("risk_levels", "as proposed")
    own = {} if said in {"as proposed", LATER} else dict(pair.split("=") for pair in said.split(","))
    return proposed | own


UK, EU, INDIA = (frozenset({country}) for country in ("uk", "eu", "in"))

TABLE: tuple[Question, ...] = (
    Question(
        "countries",
        f"From where may people come? ({', '.join(f'{key}: {name}' for key, name in COUNTRIES.items())})",
        lambda _: ",".join(COUNTRIES),
        _countries,
    ),
    Question(
        "provider",
        "Who runs the site: full name of the person or company?",
        lambda options: options.operator_name or LATER,
    ),
    Question("provider_address", "Their postal address?"),
    Question("responsible", "Who answers for these documents and signs them (name, role)?"),
    Question("deputy", "Who stands in for them (name, contact)?"),
    Question(
        "regulator_contact",
        "Where do authorities write to, which somebody reads?",
        lambda options: options.operator_contact or LATER,
    ),
    Question("contact_hours", "When is that read?", lambda _: "every day"),
    Question("safety_contact", "Who reports suspected child sexual abuse to the authorities (name, contact)?"),
    Question(
        "known_harm",
        "What do reports and complaints show so far? In a sentence or two.",
        lambda _: "The site is new: there are no reports yet to learn from.",
    ),
    Question("uk_users", "How many people from the UK come in a month, and how do you know?", countries=UK),
    Question(
        "risk_levels",
        "Levels of risk: `as proposed`, or what differs, such as fraud=low,hate=high",
        lambda _: "as proposed",
        _levels,
        UK,
    ),
    Question(
        "more_measures",
        "What else do you do against illegal content, beside what the software does?",
        lambda _: "Nothing else.",
        countries=UK,
    ),
    Question(
        "age_check",
        "By which method does the provider check ages, and why is it highly effective?",
        countries=frozenset({"uk", "au"}),
        matters=lambda options: bool(options.age_secret_parameter),
    ),
    Question(
        "children",
        f"Does a significant number of children come, or is the site likely to attract one? ({', '.join(CHILDREN)})",
        lambda _: "likely",
        _one_of(*CHILDREN),
        UK,
    ),
    Question(
        "children_why",
        "Why, and by which evidence?",
        lambda _: (
            "Sites of this kind are known to attract people "
            "under 18, and nothing is known that would tell this one apart."
        ),
        countries=UK,
    ),
    Question(
        "languages", "In which languages may authorities and users write to you?", lambda _: "English", countries=EU
    ),
    Question(
        "representative",
        "Your establishment in the EU, or your legal representative there (name, address, e-mail, phone)?",
        countries=EU,
    ),
    Question("size", f"How large is your enterprise? ({', '.join(SIZES)})", lambda _: "micro", _one_of(*SIZES), EU),
    Question("grievance_officer", "Grievance officer for India (name, contact)?", countries=INDIA),
)
QUESTIONS: Mapping[str, Question] = {question.key: question for question in TABLE}


def read(path: Path) -> dict[str, str]:
    """Return the answers in a file, or none where there is no file; raise `PapersError` about what cannot be one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as problem:
        raise PapersError(f"{path} is not JSON: {problem}.") from None
    if not isinstance(found, dict):
        raise PapersError(f"{path} must be one object of answers.")
    return {key: checked(key, value) for key, value in found.items()}


def checked(key: str, value: object) -> str:
    """Return an answer as it is kept, or raise `PapersError`."""
    question = QUESTIONS.get(key)
    if question is None:
        close = difflib.get_close_matches(key, QUESTIONS, n=1)
        raise PapersError(f"{key} is no question.{f' Did you mean {close[0]}?' if close else ''}")
    if not isinstance(value, str) or not value.strip() or len(value) > LENGTH_MAX:
        raise PapersError(f"{key} is a text of up to {LENGTH_MAX} characters, or `{LATER}`.")
    try:
        return question.check(value)
    except ValueError as problem:
        raise PapersError(f"{key} {problem}; it is {value!r}.") from None


def write(path: Path, answers: Answers) -> None:
    """Keep the answers, in the order of the questions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = {key: answers[key] for key in QUESTIONS if key in answers}
    path.write_text(json.dumps(ordered, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def unasked(options: Options, answers: Answers) -> Iterator[Question]:
    """Give the questions that nobody has answered yet, and that matter after the answers before them."""
    for question in TABLE:
        if question.key not in answers and question.is_asked(options, answers):
            yield question
