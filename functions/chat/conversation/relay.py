"""Passing a frame to the peer: one consistent read of the room that it names, and one post."""

from __future__ import annotations

from functions.chat.aws.sockets import Delivery
from functions.chat.conversation import departure
from functions.chat.entry.entrypoint import BUSY_SENTENCE, Caller
from functions.chat.model.people import Room
from functions.chat.protocol import errors
from functions.chat.protocol.errors import Refusal
from functions.chat.protocol.events import Event

STALE_SENTENCE = "That conversation is over."


def relay(caller: Caller, room_id: str, event: Event) -> None:
    """Post `event` to the caller's peer in an open room; a peer whose socket is dead is lost."""
    room = open_room(caller.backend.store.get_room(room_id), caller.connection_id)
    position = room.position(caller.connection_id)
    assert position is not None, "who may relay is a member"
    peer = room.peer(position)
    match caller.backend.connections.post(peer.connection_id, event):
        case Delivery.GONE:
            departure.lose(caller.backend, peer.connection_id, room)
        case Delivery.BUSY:
            raise Refusal(errors.BUSY, BUSY_SENTENCE)
        case Delivery.ACCEPTED:
            pass


def open_room(room: Room | None, connection_id: str) -> Room:
    """Return the room if it is open and the connection is in it; everything else is stale, and tells nothing more."""
    if room is None or not room.is_open or room.position(connection_id) is None:
        raise stale_room()
    return room


def stale_room() -> Refusal:
    """Return the refusal of a frame whose room is not the sender's open room."""
    return Refusal(errors.STALE_ROOM, STALE_SENTENCE)
