"""The goals, one row each: which figure of which scene, what it is to be, and in which words it is printed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from tests.town import campus, evasion, fortnight, guessing, lies, meetings, offences, pardons, stalking
from tests.town.lies import FRESH, HASTY, KEPT, PATIENT, Liars

Figures = Mapping[str, float]
Play = Callable[[], Figures]


class Scene(NamedTuple):
    """Something that is played once; `is_quick` says that the tests play it too: its goals hold."""

    name: str
    play: Play
    is_quick: bool = False


class Goal(NamedTuple):
    """A figure and what it may be; without a limit it is only measured."""

    scene: str
    figure: str
    words: str
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    minus: str | None = None  # the scene whose figure is taken off

    @property
    def name(self) -> str:
        """The name of the figure in files."""
        return f"{self.scene}: {self.figure}"

    def of(self, figures: Mapping[str, Figures]) -> float:
        """Return the figure in what was played."""
        value = figures[self.scene][self.figure]
        return value - figures[self.minus][self.figure] if self.minus is not None else value

    def is_met(self, value: float) -> bool | None:
        """Tell whether the goal is met; None where there is none."""
        if self.at_most is None and self.at_least is None:
            return None
        return value <= (math.inf if self.at_most is None else self.at_most) and value >= (
            -math.inf if self.at_least is None else self.at_least
        )


ATTACKS: tuple[tuple[Liars, float | None], ...] = (
    (Liars(1, 1, HASTY), 0),
    (Liars(1, 1, FRESH), 0),
    (Liars(1, 1, KEPT), 0),
    (Liars(10, 1, FRESH), 0),
    (Liars(10, 1, KEPT), 0),
    (Liars(10, 1, PATIENT), 0),
    (Liars(10, 2, FRESH), 0),
    (Liars(10, 2, KEPT), 0),
    (Liars(10, 1, FRESH, prefix=24), 0),
    (Liars(10, 1, FRESH, prefix=56), 0),
    (Liars(10, 1, FRESH, prefix=48), 0),
    (Liars(10, 1, FRESH, is_campus=True), 0),
    (Liars(10, 3, FRESH), None),
    (Liars(100, 3, FRESH, 1000), 1),
    (Liars(100, 3, KEPT, 1000), 1),
    (Liars(100, 3, PATIENT, 1000), 1),
    (Liars(100, 10, FRESH, 500), None),
    (Liars(100, 10, PATIENT, 500), None),
)
PHONE_TROLLS = (*campus.TROLLS[:2], *campus.TROLLS[-2:])
HOURS = (8.0, 7.5, 6.5, 5.0)
GUESSES = 1000
APART = 0.1  # of whom somebody meets, to whom something else is done, to mark them


def scenes() -> tuple[Scene, ...]:
    """Return everything that is played."""
    return (
        *(Scene(f"lies, {each}", partial(lies.play, each)) for each, _ in ATTACKS),
        Scene("one decision", pardons.play),
        Scene("one sitting", offences.in_one_sitting, is_quick=True),
        Scene("one sitting on a campus", partial(offences.in_one_sitting, is_campus=True)),
        *(Scene(f"every {hours} h", partial(offences.now_and_then, hours)) for hours in HOURS),
        Scene("every 8 h, newcomers", partial(offences.now_and_then, 8.0, of_newcomers=True)),
        *(Scene(f"evasion, {each.name}", partial(evasion.evade, each)) for each in evasion.MEANS),
        Scene("campus, nobody", partial(campus.arrivals, campus.NOBODY)),
        *(Scene(f"campus, {each.name}", partial(campus.arrivals, each)) for each in campus.TROLLS),
        Scene("phones, nobody", partial(campus.arrivals, campus.NOBODY, with_outside=True)),
        *(Scene(f"phones, {each.name}", partial(campus.arrivals, each, with_outside=True)) for each in PHONE_TROLLS),
        Scene("alone, nobody", partial(campus.loners, campus.NOBODY)),
        *(Scene(f"alone, {each.name}", partial(campus.loners, each)) for each in (*campus.KEEPERS, campus.CLEARER)),
        *(Scene(f"stalking, {each.name}", partial(stalking.stalk, each)) for each in stalking.WAYS),
        Scene("rematch", partial(meetings.rematches, clears=False)),
        Scene("rematch, cleared", partial(meetings.rematches, clears=True)),
        Scene("one bot", meetings.one_bot),
        Scene("one bot, clearing", partial(meetings.one_bot, clears=True)),
        Scene("one bot, working", partial(meetings.one_bot, works=True)),
        Scene("one bot, working and clearing", partial(meetings.one_bot, works=True, clears=True)),
        Scene("one bot, working in a /48", partial(meetings.one_bot, works=True, clears=True, hops=True)),
        Scene("one bot, known", partial(meetings.one_bot, is_known=True)),
        Scene("six bots", meetings.six_bots),
        Scene("six bots, working", partial(meetings.six_bots, works=True)),
        Scene("six bots, one address", partial(meetings.six_bots, works=True, share_address=True)),
        Scene("skipper", meetings.quick_skipper, is_quick=True),
        Scene("skipper, newcomer", partial(meetings.quick_skipper, is_known=False)),
        Scene("fortnight", fortnight.weeks),
        Scene("guessing", partial(guessing.play, GUESSES)),
        Scene("guessing, marks", partial(guessing.play, GUESSES, APART)),
    )


def goals() -> tuple[Goal, ...]:
    """Return every row of the table."""
    return (
        *(
            Goal(
                f"lies, {each}",
                "per 1,000",
                f"Innocents banned by false reporters: {each}",
                "per 1,000 encounters",
                limit,
            )
            for each, limit in ATTACKS
        ),
        Goal("one decision", "still banned", "Victims of 100 devices still banned after one decision", "of 100", 0),
        Goal(
            "one sitting", "minutes", "An offender whom a fifth reports is stopped after", "min, the slowest of 3", 30
        ),
        Goal("one sitting", "victims", "… and has met by then", "people"),
        Goal("one sitting on a campus", "minutes", "The same where all share one address", "min, the slowest of 3", 30),
        *(
            Goal(f"every {hours} h", "days", f"Somebody who offends every {hours:g} h is stopped after", "days", 3)
            for hours in HOURS
        ),
        Goal("every 8 h, newcomers", "days", "… every 8 h, reported by newcomers alone", "days", 3),
        *(
            Goal(f"evasion, {each.name}", "first", f"A ban is evaded by {each.name}: the first time after", "s")
            for each in evasion.MEANS
        ),
        *(
            Goal(f"evasion, {each.name}", "longest", f"… by {each.name}: at the longest, of 5 times", "s")
            for each in evasion.MEANS
        ),
        Goal(
            "evasion, a hoarded token",
            "total",
            "Five evasions by hoarded tokens take longer than by cleared browsers by",
            "s",
            at_least=0,
            minus="evasion, a cleared browser",
        ),
        Goal(
            "evasion, a cleared browser",
            "shut out",
            "Times that a newcomer of a troubled network was refused",
            "times",
            0,
        ),
        *(
            Goal(
                f"{place}, {each.name}",
                "p95",
                f"Delay of newcomers {where}: {each.name}",
                "s, 95th percentile",
                5,
                minus=f"{place}, nobody",
            )
            for place, where, trolls in PLACES
            for each in trolls
        ),
        *(
            Goal(f"{place}, {each.name}", "refused", f"Newcomers refused {where}: {each.name}", "people", 0)
            for place, where, trolls in PLACES
            for each in trolls
        ),
        *(
            Goal(f"alone, {each.name}", figure, f"{words}: {each.name}", unit)
            for each in (campus.NOBODY, campus.CLEARER)
            for figure, words, unit in (
                ("median", "Wait of newcomers where nobody else of their network is", "s, median"),
                ("p95", "…", "s, 95th percentile, who left after 75 s among them"),
                ("met nobody", "… who met nobody", "of 24"),
            )
        ),
        *(
            Goal(
                f"stalking, {each.name}",
                "again",
                f"A reported one meets the reporter within a day: {each.name}",
                "times",
                0,
            )
            for each in stalking.WAYS
        ),
        Goal("rematch", "within 10 s", "Met again within 10 s, sockets closed", "times", 0),
        Goal("rematch, cleared", "within 10 s", "… and browsers cleared", "times", 0),
        Goal("rematch", "too soon", "Met again within a minute while others waited", "times", 0),
        Goal("rematch, cleared", "too soon", "… and browsers cleared", "times", 0),
        Goal("one bot", "an hour", "Different people that one bot meets", "an hour", 120),
        Goal("one bot, clearing", "an hour", "… that clears its browser every 10 s", "an hour", 120),
        Goal("one bot, working", "an hour", "… that solves a puzzle for each", "an hour", 120),
        Goal("one bot, working and clearing", "an hour", "… that does both", "an hour", 120),
        Goal("one bot, working in a /48", "an hour", "… that does both, each time from another /64", "an hour", 120),
        Goal("one bot, known", "an hour", "… whose device talked on earlier days", "an hour", 120),
        Goal("six bots", "bot to person", "Encounters of one of 6 bots for each of one of 30 people", "times", 1),
        Goal("six bots", "share", "… share of all encounters with a bot", "%"),
        Goal("six bots, working", "bot to person", "… of 6 bots that solve a puzzle for each", "times", 1),
        Goal("six bots, working", "of all", "… where those of people with a bot count as well", "times"),
        Goal("six bots, working", "in ten minutes", "… in their first ten minutes", "times"),
        Goal("six bots, one address", "bot to person", "… of 6 bots on one address that solve puzzles", "times", 1),
        Goal("six bots, one address", "in ten minutes", "… in their first ten minutes", "times", 1),
        Goal("skipper", "a second", "People met by an honest quick skipper", "a second", at_least=1),
        Goal("skipper, newcomer", "a second", "… who is a newcomer", "a second", at_least=1),
        Goal("fortnight", "honest banned", "Honest people banned in an ordinary fortnight", "of 30", 0),
        Goal("fortnight", "met again", "… two met again of whom one had reported the other", "times", 0),
        Goal("fortnight", "reported", "… encounters that were reported", "%"),
        Goal("fortnight", "victims", "… people whom an offender of every evening met", "people"),
        Goal("guessing", "advantage", "Guesses who reported, better than chance", "standard deviations", guessing.SURE),
        Goal("guessing", "right", "… right", "%"),
        Goal(
            "guessing",
            "advantage on a quiet site",
            "… also by whom they are paired with next on a quiet site",
            "standard deviations",
            guessing.SURE,
        ),
        Goal("guessing", "chance", "… right by chance", "%"),
        *(
            Goal(scene, f"{figure} by rules", f"… {words} by the rules alone{more}", unit, limit)
            for scene, more in (("guessing", ""), ("guessing, marks", ", of some who were treated otherwise"))
            for figure, words, unit, limit in (
                ("advantage", "better than chance", "standard deviations", guessing.SURE),
                ("right", "right", "%", None),
                ("chance", "right by chance", "%", None),
            )
        ),
    )


PLACES = (
    ("campus", "on a campus", campus.TROLLS),
    ("phones", "of a phone company", PHONE_TROLLS),
    ("alone", "where nobody else of their network is", campus.KEEPERS),
)
