"""Point 2: can somebody who is banned find out who of the last strangers reported them?

In each run somebody offends everybody they meet until they are told of a ban. A classifier then sees all that they saw
of the last conversations, and names the one that it takes for a reporter's. It learns from half of the runs (naive
Bayes over bins of whatever could tell) and guesses in the others; chance is the share of reporters among the last.
Another one learns nothing and knows the rules: it names the likeliest of more conversations by what the ban says.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from tests.town.inference import Conversation, Suspicion
from tests.town.kinds import HONEST, OFFENDER
from tests.town.ledger import Encounter
from tests.town.people import OFFENCE, Person, crowd, with_history
from tests.town.site import EPOCH
from tests.town.town import DAY, HOUR, MINUTE, Town

LAST = 6
LAST_BY_RULES = 20  # as many as are met in ten minutes: the one that decided is among them
STRANGERS, PRESENT = 60, 10
REPORTERS_SHARE = 0.4
USUAL, APART = "spam", "hate"
LONG_SECONDS, OFFENDED_SECONDS = 60.0, 25.0
PAUSE_SECONDS = HOUR  # between two runs, or the same people would report too many in a day
RUN_SECONDS_MAX = 40 * MINUTE
# A skipper takes the next waiter, and a reporter does not. That shows only where few wait.
NEXT = "next"
SURE = 3.0  # standard deviations above chance that chance alone reaches once in a thousand times
Features = tuple[tuple[str, object], ...]


class Seen(NamedTuple):
    """The view that a banned person has of one conversation, and whether the peer in it reported them."""

    features: Features
    reported: bool


class Suspected(NamedTuple):
    """How likely the rules make it of a conversation that it was reported, and whether it was."""

    suspicion: float
    reported: bool


class Run(NamedTuple):
    """The things that one offender saw, and may conclude from the ban by the rules alone."""

    seen: list[Seen]
    suspected: list[Suspected]


class Offender(Person):
    """Offends everybody, remembers all that the browser heard, and stops at the ban.

    `apart` is the share of people to whom something else is done than to all others; None for anything to anybody.
    """

    def __init__(self, town: Town, apart: float | None = None) -> None:
        super().__init__(town, OFFENDER._replace(talk_seconds_min=LONG_SECONDS), town.networks.home())
        self.apart = apart
        self.client.events = []
        self.acts: dict[str, str] = {}

    def _offence(self, room: str) -> str | None:
        line = super()._offence(room)
        if self.apart is not None:
            line = OFFENCE + (APART if self.chance.random() < self.apart else USUAL)
        self.acts[room] = str(line).removeprefix(OFFENCE)
        return line


def runs(count: int, seed: str = "1", apart: float | None = None) -> list[Run]:
    """Return what so many offenders saw, one after another in one town, so that only the first pays for its history."""
    town = Town(f"guess {seed}")
    # A reporter and a person who only goes on take the same time: any remaining difference is the site's doing.
    kind = HONEST._replace(
        quick=0.0, talk_seconds=LONG_SECONDS, talk_seconds_min=LONG_SECONDS, reports_offence=REPORTERS_SHARE
    )
    kind = kind._replace(reports_after=OFFENDED_SECONDS)
    strangers = crowd(town, kind, STRANGERS, town.networks.home)
    with_history(town, strangers[::2])
    found = []
    for _ in range(count):
        present = town.chance.sample(strangers, PRESENT)
        for person in present:
            town.later(town.chance.random() * 20, person.come)
        offender = Offender(town, apart)
        town.later(20.0, offender.come)
        town.run(RUN_SECONDS_MAX, until=partial(is_locked_out, town, offender))
        town.run(10.0)
        run = run_of(town, offender)
        if run is not None:
            found.append(run)
        for person in [*present, offender]:
            person.go()
        forget(town)
        town.run(PAUSE_SECONDS)
    return found


def forget(town: Town) -> None:
    """Start each run with a clean ledger: a long one is slow to search."""
    town.ledger.encounters.clear()
    town.ledger.reports.clear()
    town.ledger.bans.clear()
    town.ledger.refusals.clear()
    town.ledger.waits.clear()


def run_of(town: Town, offender: Offender) -> Run | None:
    """Return what the banned one knows of the last conversations before the ban; None where there were too few."""
    bans = town.ledger.banned([offender])
    if not bans:
        return None
    at, error = bans[0].at, bans[0].error
    # The peer at the time when the ban was told had reported nothing yet.
    met = [each for each in town.ledger.of(offender) if (each.ended_at or at) < at]
    if len(met) < LAST:
        return None
    reported = {each.encounter.room for each in town.ledger.reports if each.reporter is not offender}
    seen = [
        Seen(features_of(offender, each, rank, at, error), each.room in reported)
        for rank, each in enumerate(reversed(met[-LAST:]))
    ]
    acts = [Conversation(EPOCH + (each.ended_at or at), offender.acts.get(each.room, "")) for each in met]
    # It is the first ban, which lasts for a day: so its end tells when it began.
    suspicion = Suspicion(acts, error["until"] - DAY, error["reason"], REPORTERS_SHARE).of_each()
    suspected = [Suspected(each, one.room in reported) for each, one in zip(suspicion, met, strict=True)]
    return Run(seen, suspected[-LAST_BY_RULES:])


def features_of(
    offender: Offender, encounter: Encounter, rank: int, told_at: float, ban: dict[str, object]
) -> Features:
    """Return all possible signs: the time, the end of the conversation, the next events, and the words of the ban.

    Not that somebody who did not report may be met again: that is so without any ban.
    """
    events = [each for each in offender.client.events or () if each.get("room") == encounter.room]
    ends = [each for each in events if each["type"] == "peer_left"]
    ended_at = ends[-1]["at"] if ends else encounter.ended_at or told_at
    since = told_at - ended_at
    after = [each for each in offender.client.events or () if ended_at <= each["at"] and each not in events]
    return (
        (NEXT, (after[0]["type"], round(after[0]["at"] - ended_at, 1)) if after else None),
        ("rank", rank),
        ("minutes", math.floor(since / 30)),
        ("at once", since < 2),
        ("moment", math.floor(math.log2(since + 0.1))),
        ("end", tuple(sorted(ends[-1].keys())) if ends else "by oneself"),
        ("why", ends[-1]["reason"] if ends else "by oneself"),
        ("lines", sum(each["type"] == "message" for each in events)),
        ("lasted", math.floor(math.log2(max(0.5, ended_at - encounter.at)))),
        ("same reason", ban.get("reason") == offender.acts.get(encounter.room)),
        ("named in the case", str(ban.get("case")) in encounter.room or encounter.room in str(ban.get("case"))),
    )


class Outcome(NamedTuple):
    """How often guesses hit in so many runs, and how often chance does."""

    runs: int
    hits: float
    chance: float

    @property
    def share(self) -> float:
        return self.hits / self.runs

    @property
    def advantage(self) -> float:
        """Return by how many standard deviations the guesses are better than chance."""
        return (self.share - self.chance) / math.sqrt(max(1e-9, self.chance * (1 - self.chance) / self.runs))


def guess_by_rules(found: Sequence[Run]) -> Outcome:
    """Name in each run the likeliest by the rules; of several that are as likely, any."""
    hits = chance = 0.0
    for run in found:
        highest = max(each.suspicion for each in run.suspected)
        hits += share_reported([each for each in run.suspected if math.isclose(each.suspicion, highest)])
        chance += share_reported(run.suspected)
    return Outcome(len(found), hits, chance / len(found))


def share_reported(some: Sequence[Seen | Suspected]) -> float:
    return sum(each.reported for each in some) / len(some)


def guess(found: Sequence[list[Seen]], without: str = "", seed: str = "1") -> Outcome:
    """Learn from half of the runs, guess in the other half, and the other way round; `without` one feature."""
    shuffled = list(found)
    random.Random(seed).shuffle(shuffled)
    half = len(shuffled) // 2
    hits = 0
    for taught, tested in ((shuffled[:half], shuffled[half:]), (shuffled[half:], shuffled[:half])):
        score = learn([each for run in taught for each in run], without)
        hits += sum(max(run, key=lambda each: score(each.features)).reported for run in tested)
    return Outcome(len(found), hits, sum(each.reported for run in found for each in run) / (LAST * len(found)))


def is_locked_out(town: Town, person: Person) -> bool:
    return bool(town.ledger.banned([person]))


def learn(examples: Sequence[Seen], without: str) -> Callable[[Features], float]:
    """Return the score of naive Bayes: the sum of what each feature says, counted in the examples."""
    counts: dict[bool, dict[tuple[str, object], int]] = {True: Counter(), False: Counter()}
    totals = Counter(each.reported for each in examples)
    for each in examples:
        for feature in each.features:
            counts[each.reported][feature] += 1
    weights: defaultdict[tuple[str, object], float] = defaultdict(float)
    for feature in counts[True] | counts[False]:
        shares = [(counts[is_so][feature] + 1) / (totals[is_so] + 2) for is_so in (True, False)]
        weights[feature] = math.log(shares[0] / shares[1])

    def score(features: Features) -> float:
        return sum(weights[feature] for feature in features if feature[0] != without)

    return score


def play(count: int, apart: float | None = None) -> dict[str, float]:
    """Return how much better than chance the guesses of so many runs are."""
    found = runs(count, apart=apart)
    seen = [run.seen for run in found]
    outcome, on_a_quiet_site, by_rules = guess(seen, without=NEXT), guess(seen), guess_by_rules(found)
    return {
        "advantage": outcome.advantage,
        "advantage on a quiet site": on_a_quiet_site.advantage,
        "right": 100 * outcome.share,
        "chance": 100 * outcome.chance,
        "advantage by rules": by_rules.advantage,
        "right by rules": 100 * by_rules.share,
        "chance by rules": 100 * by_rules.chance,
        "runs": outcome.runs,
    }
