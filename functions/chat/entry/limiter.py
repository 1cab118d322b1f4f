"""What stands before every frame: nobody sends more than their hands or their page could.

Costs a few additions in this process for each frame, and a write for a client that sends many (leaky_bucket.py).
"""

from __future__ import annotations

from functions.chat.backend import Backend
from functions.chat.entry.visitors import Visitor
from functions.chat.model.pseudonyms import OWN_MACHINE
from functions.chat.model.rates import (
    CONNECTS_OF_ADDRESS,
    CONNECTS_OF_DEVICE,
    CONNECTS_PER_WRITE,
    FLOOD,
    FRAMES,
    FRAMES_PER_WRITE,
)
from functions.chat.moderation import reports
from functions.chat.protocol import errors
from functions.chat.protocol.errors import Refusal
from functions.chat.runtime.leaky_bucket import Meter, Pace

SENTENCE = "That is too much at once. Please wait a moment."


def lets_pass(backend: Backend, connection_id: str, route_key: str) -> bool:
    """Tell whether a frame is to be handled. Raises when its sender is to be told that it is not."""
    meter = backend.meter
    if meter is None:
        return True
    now = backend.clock.now()
    flood = meter.take(f"flood {connection_id}", FLOOD, now)
    if flood is not Pace.FINE or _floods_elsewhere(backend, meter, connection_id, now):
        if flood is not Pace.SILENT:
            reports.cut_off(backend, connection_id)
        return False
    pace = meter.take(f"{route_key} {connection_id}", FRAMES[route_key], now)
    if pace is Pace.TELLING:
        raise Refusal(errors.RATE_LIMITED, SENTENCE)
    return pace is Pace.FINE


def lets_in(backend: Backend, visitor: Visitor) -> bool:
    """Tell whether a visitor may open one more socket; a device that is known answers for itself, not its address."""
    meter = backend.meter
    is_local = any(address.startswith(OWN_MACHINE) for address in visitor.addresses)
    if meter is None or (visitor.is_new and (is_local or not visitor.addresses)):
        return True
    key, rate = (
        (visitor.addresses[0], CONNECTS_OF_ADDRESS) if visitor.is_new else (visitor.device.key, CONNECTS_OF_DEVICE)
    )
    what, now = f"connects {key}", backend.clock.now()
    if meter.take(what, rate, now) is not Pace.FINE:
        return False
    if not meter.batch(what, CONNECTS_PER_WRITE, now):
        return True
    seconds_over = backend.shared_pace.pour(what, CONNECTS_PER_WRITE, rate)
    meter.hold(what, now + seconds_over)
    return seconds_over == 0


def _floods_elsewhere(backend: Backend, meter: Meter, connection_id: str, now: float) -> bool:
    """Tell the other processes of every batch, and whether all batches together are a flood."""
    what = f"frames {connection_id}"
    return meter.batch(what, FRAMES_PER_WRITE, now) and backend.shared_pace.pour(what, FRAMES_PER_WRITE, FLOOD) > 0
