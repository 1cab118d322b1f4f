"""report: keep a report of this room's peer, end the room, and never pair the two again."""

from __future__ import annotations

from dataclasses import replace

from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.evidence import keeping
from functions.chat.model.people import Connection, Room
from functions.chat.model.reputation import Contact
from functions.chat.moderation import reports
from functions.chat.protocol import errors, events, frames
from functions.chat.protocol.fields import VIDEO

REPORT_SECONDS_MAX = 600  # after a room ended; people need a moment to find the button


@on_frame(frames.Report)
def handler(caller: Caller, frame: frames.Report) -> None:
    """Keep the two apart first: even if a later step fails, they do not meet again.

    The reported person learns nothing here, and stays in the queue or room: a ban that follows begins minutes later.
    """
    backend = caller.backend
    room, connection = backend.store.get_room_and_seeker(frame.room, caller.connection_id)
    if connection is None:
        return  # its socket closed while this frame was on the way
    seat = _seat_of(connection, room) if room is not None else None
    if room is None or seat is None or _is_too_late(caller, room):
        raise errors.stale_room()
    member = room.members[seat]
    if room.is_open and member.person != connection.person:
        raise errors.busy()  # the connection that was in it is not known to be gone yet
    if connection.person != member.person:  # whom this socket met is nothing of the visit that it reports for
        connection = replace(connection, person=member.person, met=0)
    case = reports.case_of(backend, room, seat, frame.reason, frame.note)
    handed = _handed(caller, room, seat, frame)
    filing = reports.Filing(case, _contact(caller, room, seat, handed), frame.ack)
    is_new = reports.report(backend, connection, room, filing)
    if is_new or ((frame.lines or frame.still) and not keeping.is_kept(backend, case.number)):
        keeping.keep(backend, case.number, seat, handed)
    # Posted when the reporter is idle: the `join` that follows it must not meet this handler at work.
    backend.connections.post(caller.connection_id, events.reported(room.id, case.number))


def _seat_of(connection: Connection, room: Room) -> int | None:
    """Return which member reports: this person, or an earlier visit of the same device that could not be resumed."""
    own = room.seat_of(connection.person)
    if own is not None or connection.device is None:
        return own
    seats = [at for at, member in enumerate(room.members) if member.device == connection.device]
    return seats[0] if len(seats) == 1 else None


def _handed(caller: Caller, room: Room, seat: int, frame: frames.Report) -> keeping.Handed:
    lines = tuple(keeping.verified(room, seat, frame.lines, caller.backend.clock.now()))
    still = frame.still if room.mode == VIDEO else None
    return keeping.Handed(lines, len(frame.lines) - len(lines), still)


def _contact(caller: Caller, room: Room, seat: int, handed: keeping.Handed) -> Contact:
    """Return for how long the two were in contact, whether a line of the peer is proved, and whether the peer left."""
    ended_at = caller.backend.clock.now() if room.closed_at is None else room.closed_at
    has_proof = any(line.seat != seat and at is not None for line, at in handed.lines)
    return Contact(ended_at - room.opened_at, has_proof, was_left=room.closed_by == room.peer(seat).person)


def _is_too_late(caller: Caller, room: Room) -> bool:
    return room.closed_at is not None and caller.backend.clock.now() - room.closed_at > REPORT_SECONDS_MAX
