"""The most that a ban says of each conversation before it, to an offender who knows the rules and their own deeds.

Which strangers report is chance, and half of them are known here. Of all ways in which they may have reported, those
are left that the rules answer with this ban: at its moment, with its words. The share of these in which a stranger
reported is how likely it is that they did (forward and backward over the conversations, as in a hidden Markov model).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from functions.chat.model import reputation
from functions.chat.model.record import Charge, Record

FULL, NEWCOMERS = 1.0, 0.7
DRAWS = (0.0, 0.4, 0.8)  # one for each moment that a ban may begin at
Voices = tuple[tuple[str, float], ...]  # what was said so far, and how much it weighs, in order


class Conversation(NamedTuple):
    """When it ended, and what its other one would have reported."""

    ended_at: float
    act: str


class Suspicion:
    """How likely it is of each conversation that it was reported, where `share` of all are."""

    def __init__(self, met: Sequence[Conversation], begins: float, reason: str, share: float) -> None:
        self._met, self._begins, self._reason, self._share = met, begins, reason, share
        self._reason_of = cache(reason_of)
        self._reached = self._forward()

    def of_each(self) -> list[float]:
        """Return it in the order of the conversations; the share of all where the rules cannot have come to this."""
        decided = [0.0]  # so likely is it that the ban was decided before each of them
        for at, reached in enumerate(self._reached[:-1]):
            decided.append(decided[-1] + sum(chance * self._ends(voices, at) for voices, chance in reached.items()))
        if not decided[-1]:
            return [self._share] * len(self._met)
        joint, later = [0.0] * len(self._met), dict[Voices, float]()
        for at in reversed(range(len(self._met))):
            joint[at] = self._share * decided[at]
            earlier = {}
            for voices, chance in self._reached[at].items():
                reports = self._ends(voices, at) + sum(
                    self._share / 2 * later.get(after, 0.0) for after in self._undecided(voices, at)
                )
                joint[at] += chance * reports
                earlier[voices] = reports + (1 - self._share) * later.get(voices, 0.0)
            later = earlier
        return [each / decided[-1] for each in joint]

    def _forward(self) -> list[dict[Voices, float]]:
        """Return how likely it is before each conversation that so much was said, and nothing decided."""
        reached: list[dict[Voices, float]] = [{(): 1.0}]
        for at in range(len(self._met)):
            after: dict[Voices, float] = {}
            for voices, chance in reached[-1].items():
                after[voices] = after.get(voices, 0.0) + chance * (1 - self._share)
                for each in self._undecided(voices, at):
                    after[each] = after.get(each, 0.0) + chance * self._share / 2
            reached.append(after)
        return reached

    def _undecided(self, voices: Voices, at: int) -> list[Voices]:
        said = [heard(voices, self._met[at].act, weight) for weight in (FULL, NEWCOMERS)]
        return [each for each in said if self._reason_of(each) is None]

    def _ends(self, voices: Voices, at: int) -> float:
        """Return how likely it is that this conversation's report decides this very ban."""
        moments = [reputation.ban_begins(self._met[at].ended_at, drawn) for drawn in DRAWS]
        if self._begins not in moments:
            return 0.0
        said = [heard(voices, self._met[at].act, weight) for weight in (FULL, NEWCOMERS)]
        return sum(self._share / 2 / len(DRAWS) for each in said if self._reason_of(each) == self._reason)


def heard(voices: Voices, act: str, weight: float) -> Voices:
    return tuple(sorted((*voices, (act, weight))))


def reason_of(voices: Voices) -> str | None:
    """Return for what the rules ban somebody of whom this was said at once; None where they do not."""
    charges = [Charge(f"{at}", f"{at}", weight, 0.0, act) for at, (act, weight) in enumerate(voices)]
    ban = reputation.judge(Record("d", tuple(charges)), "case", 0.0, 0.0).ban
    return None if ban is None else ban.reason
