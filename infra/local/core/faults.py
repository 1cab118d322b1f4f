"""The faults of API Gateway now and then, on purpose, by dice that fall alike for one seed. Off by default."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from enum import Enum

from functions.platform import CONNECTION_SECONDS_MAX


@dataclass(frozen=True, slots=True)
class Faults:
    """Chances (0 to 1) and times of each fault."""

    seed: int = 0
    # `$disconnect` is best effort: it may never run, or long after the close.
    lose_disconnect: float = 0.0
    delay_disconnect: float = 0.0
    delay_disconnect_seconds_max: float = 2.0
    # Frames of one client are invocations of their own: a delayed one is overtaken by the next.
    delay_frame: float = 0.0
    delay_frame_seconds_max: float = 0.05
    # An invocation may be retried although the first attempt had its effect.
    duplicate_invocation: float = 0.0
    # The management API answers 429 above the account's rate.
    throttle_post: float = 0.0
    # It delivers a post, and its answer is lost: the handler's client posts again, and the event comes twice.
    lose_post_answer: float = 0.0
    # Every connection is ended after two hours; tests cannot wait for that.
    connection_seconds_max: float = CONNECTION_SECONDS_MAX
    # The execution environment dies: half of these before the handler began, half after it had its effect.
    handler_death: float = 0.0

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name.endswith("_max"):
                if value < 0:
                    raise ValueError(f"{item.name} is {value}, but a time cannot be negative")
            elif item.name != "seed" and not 0 <= value <= 1:
                raise ValueError(f"{item.name} is {value}, but a chance lies between 0 and 1")


class Death(Enum):
    """When an execution environment dies."""

    BEFORE = "before the handler began"
    AFTER = "after the handler ended"


class Dice:
    """Decides which fault happens now; asked on the event loop only, so one seed gives one sequence."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._random = random.Random(faults.seed)  # noqa: S311 - faults must repeat, not be secret

    def loses_disconnect(self) -> bool:
        return self._falls(self._faults.lose_disconnect)

    def disconnect_delay_seconds(self) -> float:
        faults = self._faults
        return self._seconds(faults.delay_disconnect, faults.delay_disconnect_seconds_max)

    def frame_delay_seconds(self) -> float:
        return self._seconds(self._faults.delay_frame, self._faults.delay_frame_seconds_max)

    def duplicates_invocation(self) -> bool:
        return self._falls(self._faults.duplicate_invocation)

    def throttles_post(self) -> bool:
        return self._falls(self._faults.throttle_post)

    def loses_post_answer(self) -> bool:
        return self._falls(self._faults.lose_post_answer)

    def death(self) -> Death | None:
        if not self._falls(self._faults.handler_death):
            return None
        return self._random.choice((Death.BEFORE, Death.AFTER))

    def _falls(self, chance: float) -> bool:
        # A fault that is off asks no number, so that switching one on does not move the others' sequence.
        return chance > 0 and self._random.random() < chance

    def _seconds(self, chance: float, seconds_max: float) -> float:
        return self._random.uniform(0, seconds_max) if self._falls(chance) else 0.0
