"""How people leave: skip, leave, report, `$disconnect` and Gone all come here.

A room is closed first, by one conditional write that exactly one handler wins. Then the member that stays is told, and
only then are both moved on. If the handler dies in between, the peer still points to a closed room. The leaver's next
handler sees that, but cannot tell whether the first handler died or is only slow, and the peer must be told once. So
the next handler has the delay queue look again when the first one cannot be at work any more (`complete`).

A socket that closes cleanly ends its room at once (`vanish`), whether or not a post met the closed socket before. A
socket that dies is only lost at first (`lose`): its client may resume until the grace is over (`expire`). A handler
that learns more of how the socket ended may only shorten the grace: each handler sets a timer, and the first timer
counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from functions.chat.aws.sockets import Delivery
from functions.chat.backend import Backend, waiting_since
from functions.chat.conversation import ending, history, search, standing
from functions.chat.conversation.announce import invite
from functions.chat.conversation.candidates import Candidates
from functions.chat.model.networks import network_of
from functions.chat.model.people import Connection, Room, Ticket
from functions.chat.model.reputation import UNSEEN_SECONDS
from functions.chat.protocol import events
from functions.chat.protocol.frames import Ack
from functions.chat.runtime import telemetry
from functions.chat.storage.table import Busy
from functions.platform import HANDLER_SECONDS_MAX

T = TypeVar("T")

UNMET_SECONDS = 2.0  # a room that a closed socket ended so soon was a failed pairing, not a conversation
MARGIN_SECONDS = 2  # between the clocks of two machines
LEAVES_MAX = 5  # each lost race means that the connection moved on meanwhile: a person cannot do so much at once


def skip(backend: Backend, room: Room, connection: Connection, ack: int | None = None) -> bool:
    """End the room for its skipper; both search again. False when the room had ended before."""
    seat = room.seat_of_member(connection.person)
    ended = ending.close(backend, room, seat, ending.SKIPPED)
    if ended is None:
        return False
    # The post and the search run at once: a peer whose network hangs holds up nobody.
    with backend.meanwhile(partial(ending.tell_ended, backend, ended, seat, ending.SKIPPED, ack)):
        search.search(backend, after(connection, ended))
    move_on(backend, ended, 1 - seat)
    history.note(backend, connection, ended)
    return True


def leave(backend: Backend, room: Room, connection: Connection, reason: str, ack: int | None = None) -> bool:
    """End the room for a member that stays connected and idle; the peer searches again.

    A peer that is told `skipped` is not paired at once with the ticket that a skipper would have claimed. Else that
    meeting would tell the peer that nobody skipped.
    """
    seat = room.seat_of_member(connection.person)
    ended = ending.end(backend, room, seat, reason, ack)
    if ended is None:
        return False
    idle = after(connection, ended)
    backend.store.make_idle(idle)
    found = Candidates(backend).look(idle, has_shown=False) if reason == ending.SKIPPED else ()
    move_on(backend, ended, 1 - seat, as_if_met=found[:1])
    history.note(backend, connection, ended)
    return True


def part(
    backend: Backend, room: Room, connection: Connection, work: Callable[[], T], ack: int | None = None
) -> tuple[T, Room | None]:
    """End the room for a reporter so that its peer sees a skip; the reporter is idle then.

    Return what `work` returned, and the room as it ended by this call; None when it had ended before.

    A skipper's handler looks, writes and looks again between the peer's two events; `work` runs in that time. The peer
    is not paired at once with the ticket that a skipper would have claimed. The talk is noted for the reporter alone:
    whether it is one for the peer depends on the weight of the report.
    """
    seat = room.seat_of_member(connection.person)
    ended = ending.close(backend, room, seat, ending.SKIPPED)
    if ended is None:
        return work(), None
    idle = after(connection, ended)
    found: tuple[Ticket, ...] = ()
    try:
        with backend.meanwhile(partial(ending.tell_ended, backend, ended, seat, ending.SKIPPED, ack)):
            found = Candidates(backend).look(idle, has_shown=False)
            backend.store.make_idle(idle)
            done = work()
            found = found or Candidates(backend).look(idle, has_shown=True)
    finally:
        _search_again(backend, ended, 1 - seat, as_if_met=found[:1])
    history.note(backend, connection, ended)
    return done, ended


def stop(backend: Backend, connection_id: str, room_id: str | None, ack: int | None = None) -> bool:
    """Take a connection out of its room or the queue; False when `room_id` is given and is not its open room."""
    for _ in range(LEAVES_MAX):
        connection = backend.store.get_connection(connection_id)
        if connection is None or connection.lost_at is not None:
            return True
        if room_id is not None and (connection.room_id != room_id or connection.ticket_id is not None):
            return False
        room = room_of(backend, connection) if connection.room_id and connection.ticket_id is None else None
        if room_id is not None and (room is None or not room.is_open):
            return False
        if _step_out(backend, connection, room, ack):
            telemetry.tell("stopped", connection=connection_id, room=connection.room_id)
            return True
    raise Busy


def vanish(backend: Backend, connection_id: str, last: Ack | None = None) -> Connection | None:
    """Close a cleanly closed connection for good, unless another one continues it; end its room or its wait.

    `last` is the `ack` of the peer's lines that its client sent in closing. Of several calls at once exactly one gets
    the connection.
    """
    closed = backend.store.close_connection(connection_id)
    _end_for(backend, closed, last)
    return closed


def expire(backend: Backend, connection_id: str) -> None:
    """Close for good a connection that stayed lost; end its room or its wait."""
    _end_for(backend, backend.store.close_connection(connection_id, lost=True))


def lose(backend: Backend, connection_id: str, room: Room | None = None, *, grace_seconds: int | None = None) -> None:
    """Let the peer of a dead socket wait for it; `room` is the open room in which it was found dead, if any."""
    if ending.lose(backend, connection_id, grace_seconds):
        return
    _end_sooner(backend, connection_id, room, grace_seconds)


def lose_briefly(backend: Backend, connection_id: str, room: Room) -> None:
    """Let the peer of a dead socket wait for it; the delay queue does everything else (routes.py, RELAYING)."""
    if ending.lose(backend, connection_id):
        return
    connection = backend.store.get_connection(connection_id)
    lost_at = connection.lost_at if connection is not None else float("-inf")
    if lost_at is not None and backend.clock.now() - lost_at > backend.settings.grace_seconds:
        backend.timers.lose_later(connection_id, room.id)


def tell_if_changed(backend: Backend, room: Room, seat: int) -> None:
    """Correct a `paired` that the peer of this member was just told again: the member may be away, or the room undone.

    Another handler of the same frame may have undone the room meanwhile and told nobody; only this one posted `paired`.
    """
    now, member = backend.store.get_room_and_connection(room.id, room.members[seat].connection_id)
    if now is not None and now.reason == ending.UNDONE:
        ending.tell(backend, room.peer(seat).connection_id, events.peer_left(now.id, ending.reason_told(now)))
    if now is None or not now.is_open:
        return
    if now.members[seat].connection_id != room.members[seat].connection_id:
        member = backend.store.get_connection(now.members[seat].connection_id)
    if member is not None and member.lost_at is not None:
        ending.tell_presence(backend, now, seat, is_away=True)


def invite_again(backend: Backend, room: Room, connection: Connection) -> None:
    """Repeat `paired` to a member of an open room."""
    seat = room.seat_of_member(connection.person)
    token = backend.new_token(connection.id)
    if not backend.store.add_token(connection, token.hash):
        return
    paired = events.told_device(connection.device_token, invite(backend, room, seat, token))
    if backend.connections.post(connection.id, paired) is Delivery.GONE:
        lose(backend, connection.id)
    else:
        tell_if_changed(backend, room, 1 - seat)


def room_of(backend: Backend, connection: Connection) -> Room | None:
    """Return the room that a connection points to, and see to it that the peer is told if this person ended it."""
    assert connection.room_id is not None, "the connection points to a room"
    room = backend.rooms.get(connection.room_id)
    if room is not None and not room.is_open and room.closed_by == connection.person:
        _look_again_later(backend, room)
    return room


def complete(backend: Backend, room_id: str) -> None:
    """Tell and move on the member that stayed in an ended room, if the handler that ended the room died first."""
    ended = backend.rooms.get(room_id)
    left_behind = _left_behind(backend, ended) if ended is not None and not ended.is_open else None
    if ended is None or left_behind is None:
        return
    ending.tell(backend, left_behind.id, events.peer_left(ended.id, ending.reason_told(ended)))
    move_on(backend, ended, ended.seat_of_member(left_behind.person))


def search_on(backend: Backend, connection: Connection, ended: Room) -> None:
    """Search for a member whose room ended.

    A pairing that a lost socket ended within 2 s, before the two had met, costs the member no place and no turn. One
    that the peer left within 1 s costs no turn. The two do not meet again at once all the same: else a person who opens
    and closes sockets would find the same stranger each time.
    """
    assert ended.closed_at is not None, "an ended room has an end"
    seconds, is_lost = ended.closed_at - ended.opened_at, ending.reason_told(ended) == ending.DISCONNECTED
    if ended.closed_by != connection.person and seconds < (UNMET_SECONDS if is_lost else UNSEEN_SECONDS):
        connection = connection.with_turn_back()
    if is_lost and seconds < UNMET_SECONDS:
        seat = ended.seat_of_member(connection.person)
        ticket_id = ended.members[seat].ticket_id
        if ended.reason != ending.UNDONE:  # nobody was told of an undone room or its members
            connection = connection.after_meeting(ended.peer(seat), ended.closed_at)
        search.search(backend, connection, waiting_since(ticket_id) if ticket_id else ended.opened_at)
    else:
        search.search(backend, after(connection, ended))


def move_on(backend: Backend, ended: Room, seat: int, as_if_met: Sequence[Ticket] = ()) -> None:
    """Let a member of an ended room search again, unless it was moved already; `as_if_met` count as people just met."""
    moved = _search_again(backend, ended, seat, as_if_met)
    if moved is not None:
        history.note(backend, moved, ended)


def after(connection: Connection, ended: Room) -> Connection:
    """Return a connection that remembers the peer of a room that ended; its next search begins narrow again."""
    assert ended.closed_at is not None, "an ended room has an end"
    narrow = replace(connection.wish, widened=False) if connection.wish is not None else None
    peer = ended.peer(ended.seat_of_member(connection.person))
    if network_of(peer.address) == network_of(connection.address):
        connection = connection.with_turn_back()  # a turn is for a stranger of another network
    return history.marked(replace(connection, wish=narrow).after_meeting(peer, ended.closed_at), ended)


def _search_again(backend: Backend, ended: Room, seat: int, as_if_met: Sequence[Ticket]) -> Connection | None:
    """Move a member of an ended room on; return its connection as it was, or None where nobody was moved."""
    connection = backend.store.get_connection(ended.members[seat].connection_id)
    if connection is None or not _still_points_to(ended, connection):
        return None
    try:
        searching, ban = standing.look_up(backend, connection)
        if ban is not None:
            backend.store.make_idle(after(connection, ended))
            if ban != connection.ban:  # of one that is marked they were told (bans.py)
                backend.timers.enforce_later(connection.id)
            return None
        for each in as_if_met:
            searching = searching.after_meeting(each.as_member(), backend.clock.now())
        search_on(backend, searching, ended)
    except Busy:
        # The leaver's own wish is done, so it gets no error for this; the peer's next `join` searches again.
        telemetry.count("PeersLeftToTheirJoin")
    return connection


def _step_out(backend: Backend, connection: Connection, room: Room | None, ack: int | None) -> bool:
    if connection.ticket_id is not None:
        if not backend.store.make_idle(connection):
            return False
        backend.queue.remove([connection.as_ticket()])
        return True
    if connection.room_id is None:
        return True
    if room is not None and room.is_open:
        return leave(backend, room, connection, ending.LEFT, ack)
    return backend.store.make_idle(connection if room is None else after(connection, room))


def _end_for(backend: Backend, closed: Connection | None, last: Ack | None = None) -> None:
    if closed is None:
        return
    telemetry.tell("closed", connection=closed.id, room=closed.room_id, lost=closed.lost_at is not None)
    if closed.ticket_id is not None:
        backend.queue.remove([closed.as_ticket()])
        history.remember(backend, closed, None)
    elif closed.room_id is not None:
        ack = last.ack if last is not None and last.room == closed.room_id else None
        room = backend.rooms.get(closed.room_id)
        ended = _abandon(backend, room, closed.person, ack)
        if ended is not None:
            history.note(backend, closed, ended)
        history.remember(backend, closed, ended or room)
    else:
        history.remember(backend, closed, None)


def _abandon(backend: Backend, room: Room | None, person: str, ack: int | None = None) -> Room | None:
    """End a room for a member whose connection is closed; if that member had ended it, see to it that the peer is told.

    Return the room as it ended by this call; None when it had ended before.
    """
    if room is None:
        return None
    seat = room.seat_of_member(person)
    ended = ending.end(backend, room, seat, ending.DISCONNECTED, ack)
    if ended is not None:
        move_on(backend, ended, 1 - seat)
    elif (closed := backend.rooms.get(room.id)) is not None and closed.closed_by == person:
        _look_again_later(backend, closed)
    return ended


def _look_again_later(backend: Backend, ended: Room) -> None:
    if _left_behind(backend, ended) is not None:
        telemetry.count("EndsInDoubt")
        backend.timers.complete_later(ended.id, HANDLER_SECONDS_MAX + MARGIN_SECONDS)


def _left_behind(backend: Backend, ended: Room) -> Connection | None:
    """Return the member that stayed in an ended room, as long as it still points there and may not know."""
    assert ended.closed_by is not None, "a closed room says which member closed it"
    peer = backend.store.get_connection(ended.peer(ended.seat_of_member(ended.closed_by)).connection_id)
    return peer if peer is not None and _still_points_to(ended, peer) else None


def _end_sooner(backend: Backend, connection_id: str, room: Room | None, grace_seconds: int | None) -> None:
    """End the room or wait of a connection that is known to be lost: now if no timer came, or after a shorter grace.

    The handler that was to set the timer, or to end the room of the connection that it closed, may have died.
    """
    connection = backend.store.get_connection(connection_id)
    if connection is not None and connection.lost_at is not None:
        if backend.clock.now() - connection.lost_at > backend.settings.grace_seconds:
            expire(backend, connection_id)
        elif grace_seconds is not None and grace_seconds < backend.settings.grace_seconds:
            backend.timers.expire_later(connection_id, grace_seconds)
    elif connection is None and room is not None and (seat := room.seat(connection_id)) is not None:
        _abandon(backend, room, room.members[seat].person)


def _still_points_to(room: Room, connection: Connection) -> bool:
    return connection.room_id == room.id and connection.ticket_id is None and connection.lost_at is None
