"""The operator's command line: arguments in, a table or JSON out, and one plain sentence when something is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from functions.chat.protocol.fields import MODES
from infra.operator import bundle, casebook, cases, figures, holds, keys, office, people, site, warn
from infra.operator.durations import duration
from infra.operator.evidence_key import add_key_option
from infra.operator.office import OUTSIDE_ERRORS, Office, OperatorError, sentence_of
from infra.operator.output import Report, write

DESCRIPTION = """\
Run an instance of Passerby: decide reports and appeals, lock people out and let them in again, close queues.
Works on the deployed table with your own AWS credentials, or on the local gateway with --local.
"""
EPILOG = """\
A day's work:
  python -m infra.operator cases --open          what was reported and not decided, the gravest first
  python -m infra.operator show K3J5ZQ2LWM       all that is known of one case, and the appeal
  python -m infra.operator decide K3J5ZQ2LWM grant     the appeal is right: the ban ends within ten seconds
  python -m infra.operator decide K3J5ZQ2LWM warn      they read a warning before they meet anybody else
  python -m infra.operator ban K3J5ZQ2LWM --for 7d     lock out whom a case is about
When something is wrong:
  python -m infra.operator close video           nobody is paired for video any more; conversations go on
  python -m infra.operator notice "Video is back at noon."
  python -m infra.operator open video
Keys such as d.… (a browser) and a.… (an address) are pseudonyms; nobody, you included, can turn them back.
"""


def run(arguments: Sequence[str], out: TextIO = sys.stdout) -> int:
    """Do what is asked; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        report: Report = options.do(Office.open(options), options)
    except OperatorError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except OUTSIDE_ERRORS as problem:
        sys.stderr.write(f"{sentence_of(problem)}\n")
        return 1
    write(report, out, as_json=options.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.operator",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    office.add_options(parser)
    parser.add_argument("--json", action="store_true", help="JSON for scripts instead of a table for people")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_cases(commands)
    _add_holds(commands)
    _add_people(commands)
    _add_site(commands)
    return parser


def _add_cases(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listing = commands.add_parser("cases", help="list reports and bans, the gravest first")
    listing.add_argument("--days", type=_days, default=7, help="how many days back (default: 7, at most 90)")
    listing.add_argument("--open", action="store_true", help="only what was not decided")
    listing.add_argument("--appealed", action="store_true", help="only what was appealed")
    listing.add_argument("--reason", choices=casebook.GRAVITY, help="only for this reason")
    listing.set_defaults(do=cases.list_cases)
    show = commands.add_parser("show", help="show one case, its appeal and what is known of whom it is about")
    show.add_argument("case", help="the number")
    add_key_option(show)
    show.add_argument("--still", type=Path, metavar="FILE", help="where to write a handed-over picture (JPEG)")
    show.set_defaults(do=cases.show)
    decide = commands.add_parser(
        "decide", help="decide a case: `grant` an appeal, `uphold` the ban, or `warn`; of a complaint `done`, `refuse`"
    )
    decide.add_argument("case", help="the number")
    decide.add_argument(
        "decision",
        choices=["grant", "uphold", "warn", "done", "refuse"],
        help="grant: the ban ends and its rung is taken back",
    )
    decide.add_argument("--doubt-reporter", action="store_true", help="their reports weigh nothing for 30 days")
    decide.add_argument(
        "--campaign", action="store_true", help="the reporters belong together and lied: end all bans that they led to"
    )
    decide.set_defaults(do=cases.decide)
    unwarn = commands.add_parser("unwarn", help="take a warning back; a person who has not read it never sees it")
    unwarn.add_argument("case", help="the number")
    unwarn.set_defaults(do=warn.unwarn)
    relist = commands.add_parser("relist", help="put cases from before version 0.2 on the desk's docket, once")
    relist.set_defaults(do=cases.relist)
    numbers = commands.add_parser("numbers", help="count reports, bans, appeals and floods")
    numbers.add_argument("--days", type=_days, default=30, help="how many days back (default: 30, at most 90)")
    numbers.set_defaults(do=figures.numbers)
    transparency = commands.add_parser("transparency", help="the figures of a month, to publish")
    transparency.add_argument("month", nargs="?", help="such as 2026-11 (default: last month); cases are kept 90 days")
    transparency.set_defaults(do=figures.transparency)


def _add_holds(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    hold = commands.add_parser("hold", help="let nothing delete a case, for a court or an authority")
    hold.set_defaults(do=holds.hold)
    preserve = commands.add_parser("preserve", help="the same, and write all that is kept of it into one file")
    preserve.add_argument("--to", type=Path, metavar="FILE", help="the file (default: case-NUMBER.zip here)")
    add_key_option(preserve)
    preserve.set_defaults(do=bundle.preserve)
    for command in (hold, preserve):
        command.add_argument("case", help="the number")
        command.add_argument("why", help="who asked, and by which letter")
    release = commands.add_parser("release", help="let a case go that was on hold")
    release.add_argument("case", help="the number")
    release.set_defaults(do=holds.release)
    commands.add_parser("held", help="list the cases that are on hold").set_defaults(do=holds.listed)


def _add_people(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    ban = commands.add_parser("ban", help="lock out whom a case is about, or a key")
    ban.add_argument("subject", help="the number of a case, or a key such as d.… or a.…")
    ban.add_argument(
        "--for", dest="length", type=duration, default="24h", metavar="TIME", help="15m, 24h (default), 7d … 365d"
    )
    ban.add_argument("--address", action="store_true", help="also the address of the case, for newcomers")
    ban.set_defaults(do=people.ban)
    unban = commands.add_parser("unban", help="let them in again")
    unban.add_argument("subject", help="the number of a case, or a key such as d.… or a.…")
    unban.set_defaults(do=people.unban)
    rotate = commands.add_parser(
        "rotate-keys", help="make addresses unknown that were known longer than one rotation ago"
    )
    rotate.set_defaults(do=keys.rotate)


def _add_site(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    status = commands.add_parser("status", help="what is closed, and the notice")
    status.set_defaults(do=site.status)
    for name, help_text in (
        ("close", "pair nobody any more in a queue; conversations go on"),
        ("open", "open it again"),
    ):
        switch = commands.add_parser(name, help=help_text)
        switch.add_argument("mode", choices=[*MODES, "all"])
        switch.set_defaults(do=site.close_or_open, closes=name == "close")
    notice = commands.add_parser(
        "notice", help="say something to everybody who searches; without words: nothing any more"
    )
    notice.add_argument("text", nargs="?", default="")
    notice.set_defaults(do=site.notice)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= casebook.DAYS_MAX:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to {casebook.DAYS_MAX}")
    return int(text)
