"""The desk's answers: each question of its page in one function, on the operator's own tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.chat.model.networks import DEVICE
from functions.chat.model.record import DAY
from functions.chat.moderation.figures import count
from functions.chat.protocol.fields import MODES
from infra.desk import views
from infra.operator import audit, casebook, evidence, figures, site, verdicts, warn
from infra.operator.office import Office, OperatorError
from infra.tools import chain

SHOWN = 40  # cases of the queue at once: two screens, read in one request
LOG_SHOWN = 300
FIGURES_DAYS = 30
Question = Mapping[str, str]


@dataclass(frozen=True)
class Desk:
    """The operator's office, with the key that opens evidence and the file that remembers the log."""

    office: Office
    place: str
    key: Path
    memory: Path

    def about(self, _: Question) -> dict[str, Any]:
        return views.about(self.office.who, self.place)

    def queue(self, asked: Question) -> dict[str, Any]:
        """Return the next cases that wait."""
        cases, after = casebook.waiting(self.office, SHOWN, asked.get("after"), asked.get("reason"))
        return {"cases": list(map(views.summary, cases)), "after": after, "now": self.office.table.now()}

    def count(self, _: Question) -> dict[str, Any]:
        return {"waiting": self.office.docket.count()}

    def case(self, asked: Question) -> dict[str, Any]:
        case = casebook.get(self.office, asked.get("number", ""))
        records = self.office.records.get([*case.subjects, case.reporter_device])
        try:
            handed = evidence.opened(self.office, case, self.key)
        except OperatorError as problem:
            return views.whole(case, records, None, self.office.table.now()) | {"problem": str(problem)}
        return views.whole(case, records, handed, self.office.table.now())

    def still(self, asked: Question) -> dict[str, Any]:
        case = casebook.get(self.office, asked.get("number", ""))
        return views.still(evidence.opened(self.office, case, self.key))

    def person(self, asked: Question) -> dict[str, Any]:
        key = asked.get("key", "")
        record = self.office.records.get([key])[key] if key else None
        if record is None:
            raise OperatorError("A pseudonym begins with d. (a browser) or a. (an address).")
        cases = casebook.history(self.office, key) if key.startswith(DEVICE) else []
        return views.history(record, cases, self.office.table.now())

    def decide(self, asked: Question) -> dict[str, Any]:
        """Decide a case, or propose it to a second person."""
        verdict = verdicts.VERDICTS.get(asked.get("verdict", ""))
        if verdict is None:
            raise OperatorError("There is no such decision.")
        seconds = asked.get("seconds", "")
        length = float(seconds) if seconds.isdecimal() else None
        order = verdicts.Order(verdict, self.office.who, length)
        outcome = verdicts.carry_out(self.office, asked.get("number", ""), order)
        return {"sentence": outcome.sentence, "is_final": outcome.is_final}

    def withdraw(self, asked: Question) -> dict[str, Any]:
        """Take back the warning that a case led to."""
        return {"sentence": warn.withdraw(self.office, asked.get("number", ""))}

    def log(self, _: Question) -> dict[str, Any]:
        """Return the log, and whether anybody edited it; a correct log is remembered on this machine."""
        entries = audit.read(self.office)
        problems = list(chain.problems(entries, chain.recall(self.memory)))
        if not problems:
            chain.remember(self.memory, entries)
        return views.log(entries[-LOG_SHOWN:], problems) | {"count": len(entries)}

    def figures(self, asked: Question) -> dict[str, Any]:
        """Count the last days, each and together."""
        given = asked.get("days", "")
        number = min(int(given), casebook.DAYS_MAX) if given.isdecimal() and int(given) else FIGURES_DAYS
        cases = list(self.office.cases.listed(casebook.days(self.office, number)))
        first = self.office.table.now() - (number - 1) * DAY
        return {"days": figures.by_day(cases, first, number), "together": count(cases)}

    def site(self, _: Question) -> dict[str, Any]:
        """Return what is closed, said and planned."""
        return views.site(self.office.switches.fetch())

    def switch(self, asked: Question) -> dict[str, Any]:
        """Close or open a queue at once."""
        mode = asked.get("mode", "")
        if mode not in MODES:
            raise OperatorError("There is no such queue.")
        sentence = site.switch(self.office, mode, closes=asked.get("to") == "close")
        return {"sentence": sentence} | self.site(asked)

    def plan(self, asked: Question) -> dict[str, Any]:
        words = {language: asked[name] for name in asked if (language := _language_of(name)) is not None}
        closes = frozenset(filter(None, asked.get("closes", "").split(",")))
        since, until = _time(asked.get("since")), _time(asked.get("until"))
        switches = site.plan(self.office, since, until, closes, words)
        return {"sentence": f"Planned. {site.EFFECT}"} | views.site(switches)

    def take_back(self, asked: Question) -> dict[str, Any]:
        plans = self.office.switches.fetch().plans
        unwanted = next((plan for plan in plans if views.plan_id(plan) == asked.get("id")), None)
        if unwanted is None:
            raise OperatorError("There is no such plan any more.")
        switches = site.take_back(self.office, unwanted)
        return {"sentence": f"Taken back. {site.EFFECT}"} | views.site(switches)


def _language_of(name: str) -> str | None:
    """Return the language of words that the page sends as `words.de`, or `words.` for everybody else."""
    kind, dot, language = name.partition(".")
    return language if dot and kind == "words" else None


def _time(text: str | None) -> float:
    if text is None or not text.isdecimal():
        raise OperatorError("A plan has a time at which it begins, and one at which it ends.")
    return float(text)


# Questions of the page, and its orders: only orders change anything.
ASKED: Mapping[str, Callable[[Desk, Question], dict[str, Any]]] = {
    "about": Desk.about,
    "queue": Desk.queue,
    "count": Desk.count,
    "case": Desk.case,
    "still": Desk.still,
    "person": Desk.person,
    "log": Desk.log,
    "figures": Desk.figures,
    "site": Desk.site,
}
DONE: Mapping[str, Callable[[Desk, Question], dict[str, Any]]] = {
    "decide": Desk.decide,
    "withdraw": Desk.withdraw,
    "switch": Desk.switch,
    "plan": Desk.plan,
    "take_back": Desk.take_back,
}
