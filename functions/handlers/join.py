"""join: look for a stranger; sent again, it repairs events and hints that were lost on the way."""

from __future__ import annotations

from dataclasses import replace

from functions.chat.backend import Backend, waiting_since
from functions.chat.conversation import departure, meeting_pace, search
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.model.interests import normalise
from functions.chat.model.people import Connection, Wish
from functions.chat.moderation import admission
from functions.chat.protocol import frames


@on_frame(frames.Join)
def handler(caller: Caller, frame: frames.Join) -> None:
    """Search as the frame wishes, or tell the caller again where it is; then see to it that people are counted."""
    _join(caller, frame)
    if caller.backend.online is not None:
        caller.backend.online.wake()


def _join(caller: Caller, frame: frames.Join) -> None:
    backend = caller.backend
    connection = backend.store.get_seeker(caller.connection_id)
    if connection is None:
        return  # its socket closed while this frame was on the way
    if connection.lost_at is not None:
        # The socket was taken for dead and is not: its client opens another one and resumes.
        backend.connections.close(connection.id)
        return
    connection = admission.admit(backend, connection)
    admission.check_warned(backend, connection, frame.read)
    wish = Wish(frame.mode, normalise(frame.interests), frame.languages, frame.widen, frame.key)
    if connection.ticket_id is not None or connection.room_id is None:
        admission.check_open(backend, connection, wish.mode, wish.languages)
    has_worked = meeting_pace.has_worked(backend, connection, frame.solution)
    if connection.ticket_id is not None:
        _search_on(backend, connection, wish, has_worked=has_worked)
    elif connection.room_id is not None:
        _answer_from_room(backend, connection, wish, has_worked=has_worked)
    else:
        search.search(backend, replace(connection, wish=wish), has_worked=has_worked)


def _search_on(backend: Backend, waiter: Connection, wish: Wish, *, has_worked: bool) -> None:
    """Keep the place of a waiter. Another wish is another queue, and so a new place."""
    if waiter.waits_for_turn:
        waiter = meeting_pace.with_turn(backend, waiter, has_worked=has_worked)
        if waiter.has_turn:
            return _end_wait(backend, waiter, wish)
    assert waiter.wish is not None, "a connection that waits has a wish"
    if wish == replace(waiter.wish, widened=wish.widened):
        # A waiter's wish that was widened stays widened: a frame without `widen` may simply be the older one.
        wish = replace(wish, widened=wish.widened or waiter.wish.widened)
        return search.search(backend, replace(waiter, wish=wish))
    if backend.store.make_idle(waiter):
        backend.queue.remove([waiter.as_ticket()])
        search.search(backend, replace(waiter, ticket_id=None, room_id=None, wish=wish))
    return None


def _end_wait(backend: Backend, waiter: Connection, wish: Wish) -> None:
    """Give a waiter that just got a turn a new ticket of the same age, which others may claim at once."""
    assert waiter.ticket_id is not None, "a waiter has a ticket"
    if backend.store.make_idle(waiter):
        backend.queue.remove([waiter.as_ticket()])
        ready = replace(waiter, ticket_id=None, room_id=None, wish=wish)
        search.search(backend, ready, waiting_since(waiter.ticket_id))


def _answer_from_room(backend: Backend, connection: Connection, wish: Wish, *, has_worked: bool) -> None:
    room = departure.room_of(backend, connection)
    if room is None or not room.is_open:
        admission.check_open(backend, connection, wish.mode, wish.languages)
        met = connection if room is None else departure.after(connection, room)
        return search.search(backend, replace(met, wish=wish), has_worked=has_worked)
    return departure.invite_again(backend, room, connection)
