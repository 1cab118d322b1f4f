"""The facts that the software knows of a site: a row for each fact, with the options that it depends on. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from functions.chat.model.reasons import REASONS
from infra.options.options import Options

CASES_KEPT_DAYS = 90


class Fact(NamedTuple):
    """A row: its subject, the fact that these options make true, and the options."""

    about: str
    says: Callable[[Options], str]
    options: tuple[str, ...] = ()


def _age(options: Options) -> str:
    if not options.age_secret_parameter:
        return "A visitor says that they are 18 or older; nothing checks it. To say so oneself is no age assurance."
    where = f" at {options.age_url}" if options.age_url else ""
    return f"Nobody is paired without a proof of age, signed by a provider{where} and checked by the server."


def _addresses(options: Options) -> str:
    if options.turn == "none":
        return "Video goes from browser to browser without a relay, so two people in a call learn each other's address."
    if options.relay_only == "false":
        return f"There is a relay ({options.turn}), used only where no direct way is found; addresses are not hidden."
    return f"Video goes through a relay ({options.turn}), which hides the two people's addresses from each other."


def _evidence(options: Options) -> str:
    if not options.evidence_key:
        return "A report carries a reason and a short note, and none of the lines that were said."
    return (
        "A report can hand over lines, which are proved to be genuine, and a still of the other person's video; only "
        "the operator's key opens them."
    )


def _blur(options: Options) -> str:
    if options.blur_until_reveal:
        return (
            "Pictures are blurred at their source until both people reveal themselves; a person may choose otherwise."
        )
    return "Pictures are clear from the start; a person may have both blurred, and may blur the other one's."


TABLE: tuple[Fact, ...] = (
    Fact(
        "Who meets whom",
        lambda _: (
            "Two people at a time, by chance and by interests that both named. There are no accounts, "
            "profiles, friends, followers, groups, feeds, comments or search, and nothing recommends anything."
        ),
    ),
    Fact(
        "What can be sent",
        lambda _: (
            "Lines of text and, in a video chat, live picture and sound. No files and no "
            "pictures can be sent; an address in a line is never a link."
        ),
    ),
    Fact(
        "What is kept",
        lambda _: (
            "Lines are passed on and forgotten; between current browsers only the two people can "
            "read them. Video is not recorded. The evidence of a report is kept with its case for "
            f"{CASES_KEPT_DAYS} days, and longer under a legal hold."
        ),
    ),
    Fact(
        "What is logged",
        lambda options: (
            "Random names, times, reasons and error codes, without addresses and words, "
            f"for {options.log_retention_days} days."
        ),
        ("log_retention_days",),
    ),
    Fact("Age", _age, ("age_secret_parameter", "age_url")),
    Fact("Addresses", _addresses, ("turn", "relay_only")),
    Fact("Pictures", _blur, ("blur_until_reveal",)),
    Fact(
        "Reports",
        lambda _: (
            f"Anybody can report the person that they talk to, for {len(REASONS)} reasons, from the conversation and "
            "ten minutes later. A report ends the conversation and keeps the two apart for good."
        ),
    ),
    Fact("Evidence", _evidence, ("evidence_key",)),
    Fact(
        "Bans",
        lambda _: (
            "Reports of several people on several networks ban the device for a day, then a week, then a "
            "year; a person reads each appeal. The operator bans by hand, a second person confirms bans beyond 30 days."
        ),
    ),
    Fact(
        "Complaints",
        lambda _: (
            "A page takes complaints of people who are no users, gives each a case number, and puts "
            "it before the operator with the clock of its kind."
        ),
    ),
    Fact("Emergency", lambda _: "The operator closes text or video for everybody within ten seconds."),
    Fact(
        "Automation",
        lambda _: (
            "No software reads or looks at what people say and show; between current browsers the server cannot read "
            "it. Floods are cut off by their rate."
        ),
    ),
)

OPTIONS: tuple[str, ...] = tuple(dict.fromkeys(key for fact in TABLE for key in fact.options))
