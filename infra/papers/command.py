"""`make papers`: questions in, dated documents out; and the log of authorities' requests."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from infra.options.context import OptionError, read
from infra.options.options import Options
from infra.options.site_file import context_of
from infra.papers import documents, folder, questions, requests
from infra.papers.blocks import Setting
from infra.papers.questions import LATER, PapersError

ROOT = Path(__file__).parents[2]
DESCRIPTION = """\
Write the documents that laws want of the one who runs a site, from its options and a few answers. They are no legal
advice. Without a command: asks what was not asked before, then writes what is new or out of date.
"""
SEEN = Path(".cache") / "papers"  # what this machine has seen of each log of requests


@dataclass(frozen=True)
class Desk:
    """The folder of a site's papers, their sources, and the person who writes them."""

    root: Path
    site: str
    out: TextIO
    ask: Callable[[str], str] | None  # None: nobody is at the keyboard
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    @property
    def folder(self) -> Path:
        """The folder of this site's papers."""
        return folder.of_site(self.root, self.site)

    @property
    def witness(self) -> Path:
        """The file that remembers the log of this site's requests, on this machine."""
        return self.root / SEEN / f"{self.site or 'papers'}.json"

    def today(self) -> date:
        """Return the day in UTC."""
        return self.now().date()

    def options(self) -> Options:
        return read(context_of(self.root, self.site))

    def answers(self) -> dict[str, str]:
        """Return what was answered before."""
        return questions.read(self.folder / folder.ANSWERS)


def run(arguments: Sequence[str], out: TextIO = sys.stdout) -> int:
    """Do what is asked; return the exit code."""
    options = _parser().parse_args(arguments)
    is_asked = sys.stdin.isatty() and not options.unattended
    desk = Desk(ROOT, options.site, out, input if is_asked else None)
    try:
        return int(options.do(desk, options))
    except (OptionError, PapersError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


def problems(root: Path, site: str, options: Options, today: date) -> Iterator[str]:
    """Give a sentence for each paper of a site that is out of date, and for each request that waits."""
    place = folder.of_site(root, site)
    desk = Desk(root, site, sys.stdout, None)
    yield from folder.problems(place, Setting(options, questions.read(place / folder.ANSWERS)), today)
    yield from requests.problems(place / folder.LOG, desk.witness, today)


def write(desk: Desk, options: argparse.Namespace) -> int:
    """Ask what is new, and write what is out of date."""
    site = desk.options()
    answers = desk.answers()
    _ask(desk, site, answers)
    setting = Setting(site, answers)
    for each in folder.write(desk.folder, setting, desk.today(), again=options.again):
        desk.out.write(f"{each.path.relative_to(desk.root)}: it {each.why}.\n")
    found = list(problems(desk.root, desk.site, site, desk.today()))
    desk.out.writelines(f"- {sentence}\n" for sentence in [*found, *_notes(setting)])
    desk.out.write(f"The papers are in {desk.folder.relative_to(desk.root)}. Read and sign them; no lawyer did.\n")
    return 0


def check(desk: Desk, _: argparse.Namespace) -> int:
    """Say what is out of date, and change nothing; fail where something is."""
    site = desk.options()
    found = list(problems(desk.root, desk.site, site, desk.today()))
    desk.out.writelines(f"- {sentence}\n" for sentence in [*found, *_notes(Setting(site, desk.answers()))])
    desk.out.write("" if found else "All papers are of these options, and less than a year old.\n")
    return 1 if found else 0


def received(desk: Desk, options: argparse.Namespace) -> int:
    """Note what an authority asks."""
    return _note(desk, options.authority, options.words, due=options.due)


def answered(desk: Desk, options: argparse.Namespace) -> int:
    log = requests.read(desk.folder / folder.LOG)
    authority = next((entry.authority for entry, _ in log if entry.number == options.number), "")
    return _note(desk, authority, options.words, answers=options.number)


def listed(desk: Desk, _: argparse.Namespace) -> int:
    """List the requests of authorities, and entries that were edited or wait."""
    path = desk.folder / folder.LOG
    for entry, _digest in requests.read(path):
        what = f"answer to {entry.answers}" if entry.answers else f"due {entry.due or 'never'}"
        desk.out.write(f"{entry.number}  {entry.at}  {entry.who}  {entry.authority}  {what}: {entry.words}\n")
    found = list(requests.problems(path, desk.witness, desk.today()))
    desk.out.writelines(f"- {sentence}\n" for sentence in found)
    return 1 if found else 0


def _notes(setting: Setting) -> Iterator[str]:
    """Say what a person still writes by hand."""
    left = {key for each in documents.of(setting.answers) for key in documents.left_open(each, setting)}
    if left:
        ordered = [key for key in questions.QUESTIONS if key in left]
        yield f"To be filled in by hand, or in {folder.ANSWERS}: {', '.join(ordered)}."


def _note(desk: Desk, authority: str, words: str, *, due: str = "", answers: int = 0) -> int:
    at = f"{desk.now():%Y-%m-%dT%H:%M:%SZ}"
    path = desk.folder / folder.LOG
    entry = requests.add(path, desk.witness, at, getpass.getuser(), authority, words, due, answers)
    desk.out.write(f"Entry {entry.number} is in {path.relative_to(desk.root)}.\n")
    return 0


def _ask(desk: Desk, site: Options, answers: dict[str, str]) -> None:
    """Ask each question that has no answer; without a keyboard that is a problem, and says which."""
    if desk.ask is None:
        missing = [question.key for question in questions.unasked(site, answers)]
        if missing:
            path = (desk.folder / folder.ANSWERS).relative_to(desk.root)
            raise PapersError(
                f"{path} lacks {', '.join(missing)}. An answer may be `{LATER}`: a line to fill in by hand."
            )
        return
    for question in questions.unasked(site, answers):
        answers[question.key] = _answer(desk, question, question.begins(site))
        questions.write(desk.folder / folder.ANSWERS, answers)


def _answer(desk: Desk, question: questions.Question, first: str) -> str:
    assert desk.ask is not None, "somebody is at the keyboard"
    while True:
        said = desk.ask(f"{question.asks}\n  [{first}] ").strip() or first
        try:
            return questions.checked(question.key, said)
        except PapersError as problem:
            desk.out.write(f"{problem}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.papers", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--site", default="", help="whose file of options in sites/ is read")
    parser.add_argument("--unattended", action="store_true", help="ask nobody: fail where an answer is not in the file")
    parser.set_defaults(do=write, again=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    writing = commands.add_parser("write", help="ask what is new and write what is out of date (as without a command)")
    writing.add_argument("--again", action="store_true", help="write all documents again: somebody looked at them anew")
    writing.set_defaults(do=write)
    commands.add_parser("check", help="say what is out of date, and change nothing").set_defaults(do=check)
    request = commands.add_parser("received", help="note in the log what an authority asks")
    request.add_argument("authority", help="for example Ofcom")
    request.add_argument("words", help="what it asks, and where the letter lies")
    request.add_argument("--due", default="", metavar="DAY", help="by when it wants an answer, such as 2026-12-31")
    request.set_defaults(do=received)
    reply = commands.add_parser("answered", help="note in the log what was answered")
    reply.add_argument("number", type=int, help="the number of the request")
    reply.add_argument("words", help="what was answered, by whom")
    reply.set_defaults(do=answered)
    commands.add_parser("requests", help="list the log, and say what was edited or waits").set_defaults(do=listed)
    return parser
