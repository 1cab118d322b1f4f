"""The parts of the documents that are made of tables and answers: a row for each placeholder of a template. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from html import escape

from functions.chat.model import complaints
from infra.options.options import Options
from infra.papers import duties, facts, harms
from infra.papers.questions import LATER, QUESTIONS, Answers, countries_of, levels_of

MONTHS_OF_CHILDREN = 3  # section 36 and Schedule 3: the children's risk assessment is due so soon
HOURS_OF_DAY = 24


@dataclass(frozen=True, slots=True)
class Setting:
    """The sources of a document: the options as deployed, the operator's answers, and its days."""

    options: Options
    answers: Answers
    country: str = ""
    today: str = ""
    review: str = ""


def answer(setting: Setting, key: str) -> str:
    """Return an answer, or the line on which somebody writes it by hand."""
    said = setting.answers.get(key, LATER)
    if said == LATER:
        return f'<span class="blank">{escape(QUESTIONS[key].asks)}</span>'
    return escape(said)


def _site(setting: Setting) -> str:
    domain = setting.options.domain_name
    name = escape(setting.options.brand.name)
    return f"{name} (https://{escape(domain)}/)" if domain else f"{name}, stack {escape(setting.options.stack_name)}"


def _facts(setting: Setting) -> str:
    return _table(
        ("About", "As the site is deployed"), ((each.about, each.says(setting.options)) for each in facts.TABLE)
    )


def _harms(setting: Setting) -> str:
    levels = levels_of(setting.answers, setting.options)
    rows = (
        (
            each.name,
            levels[each.key] + ("" if levels[each.key] == each.level(setting.options) else " (the operator's)"),
            each.why,
        )
        for each in harms.TABLE
    )
    return _table(("Kind", "Risk", "Why: how this software works"), rows)


def _duties(setting: Setting) -> str:
    chosen = duties.of([setting.country] if setting.country else countries_of(setting.answers))
    rows = (
        (duties.COUNTRIES[each.country], each.duty, _source(each), each.who, each.document, each.clock)
        for each in chosen
    )
    return _table(("Where", "Duty", "Source", "Whom it concerns", "Done by", "Clock"), rows)


def _source(duty: duties.Duty) -> str:
    return f"{duty.law.name}, {duty.article}, {duty.url}"


def _kinds(_: Setting) -> str:
    rows = ((each.code, _hours(each.hours), each.law) for each in complaints.TABLE)
    return _table(("Kind", "Answered within", "Source of the clock"), rows)


def _hours(hours: int) -> str:
    days, rest = divmod(hours, HOURS_OF_DAY)
    return f"{hours} hours" if rest or days < 3 else f"{days} days"


def _options(setting: Setting) -> str:
    """Return every option that differs from its default, as the site's file shows them."""
    changed = [each.name for each in fields(Options) if getattr(setting.options, each.name) != each.default]
    rows = ((name, _said(getattr(setting.options, name))) for name in changed)
    return _table(("Option", "Value"), rows) if changed else "<p>Every option has its default.</p>"


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _access(setting: Setting) -> str:
    """Return whether children can come at all: section 35(2) lets only an age check that works say no."""
    if not setting.options.age_secret_parameter:
        return (
            "<p><b>Yes, it is possible.</b> Nothing but a visitor's own word says how old they are (section 35(2)).</p>"
        )
    return (
        "<p><b>Not normally, if the check is highly effective.</b> Nobody is paired without a proof of age. The method "
        f"and why it is highly effective: {answer(setting, 'age_check')}</p>"
    )


def _conclusion(setting: Setting) -> str:
    if setting.options.age_secret_parameter and setting.answers.get("age_check", LATER) != LATER:
        return "<p><b>Children cannot normally access the service.</b> This is assessed anew every 12 months.</p>"
    if setting.answers.get("children") == "not likely":
        return (
            "<p><b>The service is not likely to be accessed by children.</b> This is assessed anew every 12 months.</p>"
        )
    return (
        "<p><b>The service is likely to be accessed by children.</b> A children's risk assessment (section 11) is due "
        f"within {MONTHS_OF_CHILDREN} months, and section 12 holds. This folder does not write that one.</p>"
    )


def _terms(setting: Setting) -> str:
    contact = escape(setting.options.operator_contact)
    return contact or '<span class="blank">operator_contact is not set: the terms name nobody to write to</span>'


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{_linked(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"


def _linked(cell: str) -> str:
    """Return a cell, whose last word may be an address."""
    before, _, last = escape(cell).rpartition(" ")
    return f'{before} <a href="{last}">{last}</a>' if last.startswith("https://") else escape(cell)


PARTS: Mapping[str, Callable[[Setting], str]] = {
    "site": _site,
    "facts": _facts,
    "harms": _harms,
    "duties": _duties,
    "kinds": _kinds,
    "options": _options,
    "access": _access,
    "conclusion": _conclusion,
    "operator_contact": _terms,
    "today": lambda setting: setting.today,
    "review": lambda setting: setting.review,
    "read_on": lambda _: duties.READ_ON,
    "place": lambda setting: duties.COUNTRIES.get(setting.country, "every country"),
}


def in_a_year(day: date) -> date:
    """Return the same day a year later; after 29 February comes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
