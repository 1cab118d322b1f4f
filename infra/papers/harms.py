"""The kinds of illegal content that Ofcom wants assessed one by one, with the level that the software proposes. Pure.

The kinds are those of Ofcom's Risk Assessment Guidance and Risk Profiles (December 2024), with the two offences that
became priority offences on 8 January 2026: self-harm, which stands with suicide, and cyberflashing. A proposal is where
to begin: the operator, who knows what happened on the site, has the last word on each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from infra.options.options import Options

NEGLIGIBLE, LOW, MEDIUM, HIGH = "negligible", "low", "medium", "high"
LEVELS = (NEGLIGIBLE, LOW, MEDIUM, HIGH)


class Harm(NamedTuple):
    """A row: its key in the answers, its name, the proposed level, and why."""

    key: str
    name: str
    level: Callable[[Options], str]
    why: str


def _always(level: str) -> Callable[[Options], str]:
    return lambda _: level


def _unless(option: str) -> Callable[[Options], str]:
    """Propose a high level, which an option of this site lowers."""
    return lambda options: MEDIUM if getattr(options, option) else HIGH


_AGE = "age_secret_parameter"
PASSING = (
    "One person hears it at a time, it is gone at once and nothing spreads it; there is nothing to find or to share."
)

TABLE: tuple[Harm, ...] = (
    Harm("terrorism", "Terrorism", _always(LOW), PASSING),
    Harm(
        "grooming",
        "Child sexual exploitation and abuse: grooming",
        _unless(_AGE),
        "Strangers talk alone, in text that nobody else can read; children may say that they are adults.",
    ),
    Harm(
        "csam",
        "Child sexual exploitation and abuse: pictures and addresses of pictures",
        _unless(_AGE),
        "No picture can be uploaded or kept, but a camera shows what is before it, live; an "
        "address can be typed, though it is never a link.",
    ),
    Harm(
        "hate",
        "Hate",
        _always(MEDIUM),
        "Anonymous strangers insult one another; one person reads it, and may report it.",
    ),
    Harm(
        "harassment",
        "Harassment, stalking, threats and abuse",
        _always(MEDIUM),
        "Anonymous strangers can threaten; they "
        "do not know one another, a skip ends it, and a report keeps the two apart for good.",
    ),
    Harm(
        "coercion",
        "Controlling or coercive behaviour",
        _always(NEGLIGIBLE),
        "It needs two people who are personally connected; here chance decides who meets.",
    ),
    Harm(
        "intimate",
        "Intimate image abuse",
        _always(MEDIUM),
        "Nothing can be posted here, but a stranger can record a call and publish it, or blackmail with it, elsewhere.",
    ),
    Harm(
        "flashing",
        "Cyberflashing",
        _unless("blur_until_reveal"),
        "People undress before cameras on sites of this kind; a blur until both reveal themselves takes the surprise.",
    ),
    Harm(
        "pornography",
        "Extreme pornography",
        _always(LOW),
        "Nothing can be uploaded; a screen could be shown to a camera.",
    ),
    Harm(
        "exploitation",
        "Sexual exploitation of adults",
        _always(LOW),
        "Offers can be typed, to one person at a time; reports for spam end them.",
    ),
    Harm("trafficking", "Human trafficking", _always(NEGLIGIBLE), PASSING),
    Harm("immigration", "Unlawful immigration", _always(NEGLIGIBLE), PASSING),
    Harm(
        "fraud",
        "Fraud and financial offences",
        _always(MEDIUM),
        "Strangers lead others to payments or to other sites; "
        "addresses are no links, floods are cut off, and the safety page warns.",
    ),
    Harm("proceeds", "Proceeds of crime", _always(NEGLIGIBLE), PASSING),
    Harm("drugs", "Drugs and psychoactive substances", _always(LOW), PASSING),
    Harm("weapons", "Firearms, knives and other weapons", _always(LOW), PASSING),
    Harm(
        "suicide",
        "Encouraging or assisting suicide or serious self-harm",
        _always(MEDIUM),
        "Lonely people talk to strangers, alone and unseen.",
    ),
    Harm(
        "interference", "Foreign interference", _always(NEGLIGIBLE), "There is no audience: chance decides who meets."
    ),
    Harm("animals", "Animal cruelty", _always(LOW), PASSING),
)
KEYS = tuple(harm.key for harm in TABLE)
OPTIONS = (_AGE, "blur_until_reveal")
