"""message, ack, typing, signal: pass a frame on to the peer. It is kept nowhere; a sealed line cannot even be read.

One consistent read of the room that the frame names, and one post: no module is loaded for anything else, as these are
the most frequent calls by far. The modules that end a conversation are loaded when a peer turns out to be gone.
"""

from __future__ import annotations

from typing import Any

from functions.chat.aws.sockets import Delivery
from functions.chat.entry.entrypoint import DONE, Caller, on_event, text_of
from functions.chat.model.people import Room
from functions.chat.model.stamps import PUBLIC_OPENING, Stamper, bytes_of, commitment
from functions.chat.protocol import errors, events, frames
from functions.routes import BY_KEY


@on_event
def handler(caller: Caller) -> dict[str, Any]:
    """Post the frame to the caller's peer in an open room; a peer whose socket is closed is lost."""
    frame_type = BY_KEY[caller.route_key].frame
    assert frame_type is not None, "the row of a relayed route names its frame"
    frame = frames.parse(frame_type, text_of(caller.event))
    room = caller.backend.rooms.get(frame.room)
    seat = None if room is None else room.open_seat(caller.connection_id)
    if room is None or seat is None:
        raise errors.stale_room()
    peer = room.peer(seat)
    event = events.relayed(caller.route_key, frame)
    if isinstance(frame, frames.Message):
        _finish(caller, event, room, seat)
    match caller.backend.connections.post(peer.connection_id, event):
        case Delivery.GONE:
            from functions.chat.conversation import departure  # noqa: PLC0415 - see above

            departure.lose_briefly(caller.backend, peer.connection_id, room)
        case Delivery.BUSY:
            raise errors.busy()
        case Delivery.ACCEPTED:
            pass
    return DONE


def _finish(caller: Caller, event: events.Event, room: Room, seat: int) -> None:
    """Leave the line either sealed or clear, and add the stamp by which its receiver can prove it in a report."""
    is_sealed = {"sealed", "commitment"} <= event.keys()
    for name in ("text",) if is_sealed else ("sealed", "commitment"):
        event.pop(name, None)
    if room.stamp_key is None:
        return  # it was opened by a version that stamped nothing
    committed = bytes_of(event["commitment"]) if is_sealed else commitment(PUBLIC_OPENING, event["text"])
    stamper = Stamper(room.stamp_key, room.id)
    event["stamp"] = stamper.stamp(seat, event["seq"], committed, caller.backend.clock.now())
