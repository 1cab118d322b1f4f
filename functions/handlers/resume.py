"""resume: continue the room or the queue place of a connection that was lost.

A wrong token costs one read and tells nothing, not even whether its connection ever existed.
"""

from __future__ import annotations

from dataclasses import replace
from hmac import compare_digest

from functions.chat.aws.sockets import Delivery
from functions.chat.backend import Backend, waiting_since
from functions.chat.conversation import departure, ending, queue_quota, search, standing
from functions.chat.conversation.announce import invite
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.model import resume_token
from functions.chat.model.people import Connection, Room
from functions.chat.model.resume_token import Token
from functions.chat.moderation import admission
from functions.chat.protocol import errors, events, frames
from functions.chat.protocol.errors import Refusal
from functions.chat.runtime import telemetry
from functions.chat.storage.table import Busy

RESUMES_MAX = 3  # each lost race means that the room ended or a handler moved the place on just now
ANSWERS_LOST_MAX = 8  # in a row, within one time of grace: a client that loses more has no network
FAILED_SENTENCE = "That conversation cannot be continued. Please start again."


@on_frame(frames.Resume)
def handler(caller: Caller, frame: frames.Resume) -> None:
    """Take the lost connection's place: its token is used up, and its socket, if there is one, is closed."""
    for _ in range(RESUMES_MAX):
        token, own, lost = _prove(caller, frame.token)
        if lost.id == caller.connection_id:
            return _answer_again(caller.backend, lost)  # this frame came twice
        if own is not None and own.has_place:
            raise _failed()  # it would leave its own room or place behind; no second try could change that
        if own is None or _take_over(caller, admission.admit(caller.backend, own), lost, token):
            return None  # without a connection of its own its socket closed while this frame was on the way
    raise Busy


def _take_over(caller: Caller, own: Connection, lost: Connection, used: Token) -> bool:
    """Continue what the lost connection had; False when that has changed since it was read."""
    backend = caller.backend
    room = backend.rooms.get(lost.room_id) if lost.room_id is not None and lost.ticket_id is None else None
    token = backend.new_token(caller.connection_id)
    new = replace(lost, id=own.id, token_hashes=(token.hash,), lost_at=None, ban=None)
    # The look at another device, or at none, was not one at the lost connection's.
    is_own = own.device is not None and lost.device is not None and own.device == lost.device
    checked_at = own.checked_at if is_own else lost.checked_at
    new = replace(new, address=own.address, checked_at=checked_at, avoided=lost.avoided | own.avoided)
    if lost.ticket_id is not None:
        new = replace(new, ticket_id=backend.new_ticket_id(waiting_since(lost.ticket_id)))
    if not backend.store.resume(lost, own, new, room if room is not None and room.is_open else None, used.hash):
        return False
    telemetry.count("Resumes")
    telemetry.tell("resumed", connection=own.id, before=lost.id, room=lost.room_id)
    backend.connections.close(lost.id)
    if lost.ticket_id is not None:
        backend.queue.remove([lost.as_ticket()])
        new = admission.admit(backend, new)  # as the lost one's device, which this socket need not have shown
        if not queue_quota.keeps_waiting(backend, new, lost):
            raise _failed()  # a newer waiter of its network has its place; it is idle, and may ask with `join`
        search.search(backend, new)
    elif room is not None and room.is_open:
        _continue_room(backend, room, new, token)
    elif room is not None:
        _leave_ended_room(backend, room, new)
    return True


def _prove(caller: Caller, text: str) -> tuple[Token, Connection | None, Connection]:
    """Return the token, the caller's own connection, and the one whose place the client may take, or has taken."""
    token = resume_token.read(text)
    if token is None or token.connection_id == caller.connection_id:
        raise _failed()
    found = caller.backend.store.get_connections(caller.connection_id, token.connection_id)
    used = found.get(token.connection_id)
    if used is None or not any(compare_digest(each, token.hash) for each in used.token_hashes):
        raise _failed()
    lost = _follow(caller, used)
    if not lost.has_place:
        raise _failed()  # it was idle: there is nothing to continue
    if (ban := standing.active_ban(lost, caller.backend.clock.now())) is not None:
        raise admission.banned(ban)
    return token, found.get(caller.connection_id), lost


def _follow(caller: Caller, used: Connection) -> Connection:
    """Return the last connection that continued this one by the same token; the token counts again if all are lost.

    The answer to `resume` carries the next token: a client whose socket died before it came has only the old one.
    """
    for _ in range(ANSWERS_LOST_MAX):
        if used.continued_by is None:
            return used
        successor = caller.backend.store.get_connections(used.continued_by).get(used.continued_by)
        if successor is None:
            raise _failed()
        if successor.id != caller.connection_id and not _may_be_unheard(caller.backend, used, successor):
            raise _failed()
        used = successor
    raise _failed()


def _may_be_unheard(backend: Backend, used: Connection, successor: Connection) -> bool:
    """Tell whether the answer to the `resume` that made this successor may never have reached the client.

    It did if a token was used that only the answer carried. Otherwise its socket must have died within the grace, as
    the table or the platform knows, and the grace of that loss must last.
    """
    assert used.lost_at is not None, "a connection gave way at some time"
    if successor.continued_by is not None:
        return successor.continued_with not in successor.token_hashes
    now, grace_seconds = backend.clock.now(), backend.settings.grace_seconds
    if successor.lost_at is None:
        return now - used.lost_at <= grace_seconds and backend.connections.last_used(successor.id) is None
    return successor.lost_at - used.lost_at <= grace_seconds and now - successor.lost_at <= grace_seconds


def _answer_again(backend: Backend, own: Connection) -> None:
    """Tell a connection that continues a place again where it is: the handler that was to answer may have died."""
    room = backend.rooms.get(own.room_id) if own.room_id is not None and own.ticket_id is None else None
    if own.ticket_id is not None:
        search.search(backend, admission.admit(backend, own))
    elif room is not None and room.is_open:
        departure.invite_again(backend, room, own)


def _continue_room(backend: Backend, room: Room, new: Connection, token: Token) -> None:
    seat = room.seat_of_member(new.person)
    if backend.connections.post(new.id, invite(backend, room, seat, token)) is Delivery.GONE:
        departure.lose(backend, new.id)
        return
    room = room.continued(seat, new.id)
    if not ending.tell_presence(backend, room, seat, is_away=False):
        departure.tell_if_changed(backend, room, 1 - seat)


def _leave_ended_room(backend: Backend, room: Room, new: Connection) -> None:
    """Tell a person who comes back too late how the room ended, and search on."""
    if room.closed_by == new.person:
        # Its own handler ended it: a skip whose answer was lost, or a pairing that its dead socket never heard of.
        departure.room_of(backend, new)
    else:
        ending.tell(backend, new.id, events.peer_left(room.id, ending.reason_told(room)))
    departure.search_on(backend, admission.admit(backend, new), room)


def _failed() -> Refusal:
    return Refusal(errors.RESUME_FAILED, FAILED_SENTENCE)
