"""The check before every frame: no connection sends more than a person's hands or our page could.

It costs a few additions in this process for each frame, and a write for a client that sends many (leaky_bucket.py).
"""

from __future__ import annotations

from enum import Enum

from functions.chat.backend import Backend
from functions.chat.model.rates import FLOOD, FRAMES_OF_REFUSED, FRAMES_PER_WRITE, Rate
from functions.chat.runtime.leaky_bucket import Meter, Pace


class Verdict(Enum):
    """The verdict on a frame."""

    PASSES = "handled"
    DROPPED = "not handled, and its sender knows"
    REFUSED = "not handled, and its sender is to be told"
    FLOODS = "not handled, and its connection is to be cut off"


def judge(backend: Backend, connection_id: str, route_key: str, rate: Rate) -> Verdict:
    """Return the verdict on a connection's frame; `rate` is that of its route."""
    meter = backend.meter
    if meter is None:
        return Verdict.PASSES
    now, all_frames = backend.clock.now(), f"flood {connection_id}"
    flood = meter.take(all_frames, FLOOD, now)
    if flood is Pace.FINE and _floods_elsewhere(backend, meter, connection_id, now):
        return Verdict.FLOODS
    pace = meter.take(f"{route_key} {connection_id}", rate, now) if flood is Pace.FINE else Pace.SILENT
    if pace is Pace.FINE:
        return Verdict.PASSES
    if flood is Pace.FINE:
        flood = meter.take(all_frames, FLOOD, now, FRAMES_OF_REFUSED - 1)
    if flood is not Pace.FINE:  # told once a second: each time costs a message to the delay queue
        return Verdict.FLOODS if flood is Pace.TELLING else Verdict.DROPPED
    return Verdict.REFUSED if pace is Pace.TELLING else Verdict.DROPPED


def _floods_elsewhere(backend: Backend, meter: Meter, connection_id: str, now: float) -> bool:
    """Add each whole batch to the count that all processes share; tell whether that count is a flood."""
    what = f"frames {connection_id}"
    return meter.batch(what, FRAMES_PER_WRITE, now) and backend.shared_pace.pour(what, FRAMES_PER_WRITE, FLOOD) > 0
