"""join: look for a stranger; sent again, it repairs whatever was lost on the way."""

from __future__ import annotations

from dataclasses import replace

from functions.chat import departure, events, matching, protocol
from functions.chat.backend import Backend
from functions.chat.connections import Delivery
from functions.chat.edge import Caller, on_frame
from functions.chat.pairing import Connection, Wish


@on_frame(protocol.Join)
def handler(caller: Caller, frame: protocol.Join) -> None:
    """Search as the frame wishes, or repeat where the caller is."""
    backend = caller.backend
    connection = backend.store.get_connection(caller.connection_id)
    if connection is None:
        return  # its socket closed while this frame was on the way
    wish = Wish(frame.mode, frame.interests, frame.languages, frame.widen)
    if connection.ticket_id is not None:
        _search_on(backend, connection, wish)
    elif connection.room_id is not None:
        _answer_from_room(backend, connection, wish)
    else:
        matching.search(backend, replace(connection, wish=wish))


def _search_on(backend: Backend, waiter: Connection, wish: Wish) -> None:
    """Keep the place of somebody who waits. Another wish is another queue, and so a new place."""
    assert waiter.wish is not None, "a connection that waits has a wish"
    # What was widened stays so while waiting: a frame without `widen` may simply be the older one.
    wish = replace(wish, widened=wish.widened or waiter.wish.widened)
    if wish == waiter.wish:
        return matching.search(backend, waiter)
    if wish == replace(waiter.wish, widened=wish.widened):
        widened = replace(waiter, wish=wish)
        return matching.search(backend, widened) if backend.store.change_wish(widened) else None
    if backend.store.make_idle(waiter):
        backend.store.delete_hints([waiter.as_ticket()])
        matching.search(backend, replace(waiter, ticket_id=None, room_id=None, wish=wish))
    return None


def _answer_from_room(backend: Backend, connection: Connection, wish: Wish) -> None:
    assert connection.room_id is not None, "the caller has a room"
    room = departure.complete(backend, connection.id, connection.room_id)
    if room is not None and room.is_open:
        if backend.connections.post(connection.id, events.paired(room, connection.id)) is Delivery.GONE:
            departure.vanish(backend, connection.id, room)
        return
    met = departure.after(backend, connection, room) if room is not None else connection
    matching.search(backend, replace(met, wish=wish))
