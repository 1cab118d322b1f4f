"""A root with a site and its answers, as an operator has them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.papers import command
from infra.papers.command import Desk

ANSWERS = {
    "countries": "uk,eu,us,in,au",
    "provider": "Example & Sons Ltd",
    "provider_address": "1 High Street, London",
    "responsible": "Olga Okoro, director",
    "deputy": "Sam Li, sam@example.org",
    "regulator_contact": "law@example.org",
    "contact_hours": "every day",
    "safety_contact": "Olga Okoro",
    "known_harm": "The site is new.",
    "uk_users": "about 200, by the logs",
    "risk_levels": "as proposed",
    "more_measures": "Nothing else.",
    "children": "likely",
    "children_why": "Sites of this kind attract them.",
    "languages": "English, German",
    "representative": "later",
    "size": "micro",
    "grievance_officer": "Olga Okoro",
}
DAY = date(2026, 11, 29)


@dataclass
class Site:
    """A site named `one`, on a day that a test moves."""

    root: Path
    day: date = DAY
    said: list[str] | None = None
    asked: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.root / "sites" / "one.papers"

    def set(self, **options: Any) -> None:
        path = self.root / "sites" / "one.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **options}))

    def answer(self, **answers: str) -> None:
        path = self.folder / "answers.json"
        path.parent.mkdir(exist_ok=True)
        known = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**known, **answers}))

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run `make papers` with these arguments; return its exit code and its words."""
        out = io.StringIO()
        options = command._parser().parse_args(["--site", "one", *arguments])
        desk = Desk(self.root, "one", out, self._said if self.said is not None else None, self._now)
        return options.do(desk, options), out.getvalue()

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*.html"))

    def page(self, name: str) -> str:
        """Return the newest document of a name."""
        return max(self.folder.glob(f"*-{name}*.html"), key=lambda path: (len(path.name), path.name)).read_text()

    def _said(self, question: str) -> str:
        self.asked.append(question)
        assert self.said is not None
        return self.said.pop(0) if self.said else ""

    def _now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "cdk.json").write_text('{"context": {"stack_name": "Passerby", "turn": "none"}}')
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "one.json").write_text('{"stack_name": "One"}')
    made = Site(tmp_path)
    made.answer(**ANSWERS)
    return made
