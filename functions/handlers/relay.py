"""message, ack, typing, signal: pass a frame on to the peer. It is read here and kept nowhere.

One consistent read of the room that the frame names, and one post: no module is loaded for anything else, as these are
the most frequent calls by far. What ends a conversation is loaded when a peer turns out to be gone.
"""

from __future__ import annotations

from typing import Any

from functions.chat.aws.sockets import Delivery
from functions.chat.entry.entrypoint import DONE, Caller, on_event, text_of
from functions.chat.protocol import errors, events, frames
from functions.routes import BY_KEY


@on_event
def handler(caller: Caller) -> dict[str, Any]:
    """Post the frame to the caller's peer in an open room; a peer whose socket is closed is lost."""
    frame_type = BY_KEY[caller.route_key].frame
    assert frame_type is not None, "the row of a relayed route names its frame"
    frame = frames.parse(frame_type, text_of(caller.event))
    room = caller.backend.rooms.get(frame.room)
    position = None if room is None else room.open_position(caller.connection_id)
    if room is None or position is None:
        raise errors.stale_room()
    peer = room.peer(position)
    match caller.backend.connections.post(peer.connection_id, events.relayed(caller.route_key, frame)):
        case Delivery.GONE:
            from functions.chat.conversation import departure  # noqa: PLC0415 - see above

            departure.lose(caller.backend, peer.connection_id, room)
        case Delivery.BUSY:
            raise errors.busy()
        case Delivery.ACCEPTED:
            pass
    return DONE
