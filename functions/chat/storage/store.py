"""Connections, and the writes that change a connection and a room at once: one function per read and per write.

DynamoDB is the one arbiter. Every write names its condition in a sentence and returns False or None when it lost the
race; nothing is written then. UpdateItem creates what is missing, so every update also requires that its item exists:
a slow handler cannot bring a closed connection back.
"""

from __future__ import annotations

from enum import Enum

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.update import Action

from functions.chat import storage as schema
from functions.chat.model.people import AVOIDED_MAX, Ban, Connection, Room, Ticket
from functions.chat.storage import models
from functions.chat.storage.conditions import (
    does_not_avoid,
    entering,
    giving_way,
    is_as_seen,
    may_give_way,
    one_more_token,
    same_avoided,
    same_tokens,
    set_or_remove,
    still_waits,
    taking_over,
    wish_actions,
)
from functions.chat.storage.models import ConnectionItem, connection_key
from functions.chat.storage.record_items import SWITCHES_KEY
from functions.chat.storage.rooms import ROOM_KEPT_SECONDS, RoomItem, member_at, room_from, room_item, room_key
from functions.chat.storage.switches import SwitchBoard
from functions.chat.storage.table import LOST_REASON, Key, Table, is_held, is_lost, reasons_of

CONNECTION_KEPT_SECONDS = 3 * 3600  # a socket lives 2 h at most; after a lost `$disconnect` a connection goes then
TOKENS_KEPT_MAX = 8  # more events than can be on their way to one client at once


class Claim(Enum):
    """How a transaction for a pairing ended."""

    WON = "won"
    SEEKER_CHANGED = "the seeker was paired, left or closed meanwhile"
    CANDIDATE_CHANGED = "the hint was stale"
    CONTENDED = "another transaction held one of the two, or the table throttled"


class Store:
    """The connections in the table, and their rooms."""

    def __init__(self, table: Table, board: SwitchBoard | None = None) -> None:
        self._table = table
        self._board = board

    def open_connection(self, connection: Connection) -> bool:
        """Keep a new connection. Condition: there is none of this id (a repeated `$connect` changes nothing)."""
        is_new = ConnectionItem.pk.does_not_exist()
        item = models.connection_item(connection, self._table.expiry(CONNECTION_KEPT_SECONDS))
        return self._table.put(item, is_new)

    def get_connection(self, connection_id: str) -> Connection | None:
        """Return the connection as it is now, or None once it is closed or another one has taken its place."""
        return models.standing_connection_from(self._table.get(connection_key(connection_id)))

    def get_seeker(self, connection_id: str) -> Connection | None:
        """Return a connection that is about to search; switches that are due are read along."""
        return self._read(connection_key(connection_id), with_switches=True)[1]

    def get_connections(self, *connection_ids: str, consistent: bool = True) -> dict[str, Connection]:
        """Return connections as they are now, also those that gave way, in one round trip; closed ones are missing."""
        found = self._table.get_many([connection_key(each) for each in connection_ids], consistent=consistent)
        return {connection.id: connection for connection in map(models.connection_from, found)}

    def close_connection(self, connection_id: str, *, lost: bool = False) -> Connection | None:
        """Delete a connection and return what it was.

        Condition: it exists, no other one took its place, and it is marked lost where `lost` says so.
        """
        stands = ConnectionItem.pk.exists() & ConnectionItem.continued_by.does_not_exist()
        is_due = stands & ConnectionItem.lost_at.exists() if lost else stands
        raw = self._table.delete(connection_key(connection_id), is_due)
        return models.connection_from(raw) if raw else None

    def enter_queue(self, seeker: Connection, ticket_id: str, token_hash: str) -> bool:
        """Make an idle connection wait with `ticket_id`. Condition: it is as it was read, idle and not closed."""
        assert seeker.ticket_id is None, "a connection with a ticket waits already"
        return self._tell_token(seeker, token_hash, [ConnectionItem.ticket_id.set(ticket_id), *wish_actions(seeker)])

    def stay_in_queue(self, waiter: Connection, token_hash: str) -> bool:
        """Renew what a waiting connection wishes, with one more token. Condition: it waits as it was read."""
        return self._tell_token(waiter, token_hash, wish_actions(waiter))

    def add_token(self, seen: Connection, token_hash: str) -> bool:
        """Give a talking connection one more token. Condition: it is as it was read."""
        return self._tell_token(seen, token_hash, [])

    def make_idle(self, seen: Connection) -> bool:
        """Take a connection out of the queue, or away from its closed room. Condition: it is as it was read."""
        actions: list[Action] = [ConnectionItem.ticket_id.remove(), ConnectionItem.room_id.remove()]
        actions.append(set_or_remove(ConnectionItem.meetings, seen.meetings))
        actions.append(ConnectionItem.talked_on.set(seen.talked_on))
        return self._update(seen, actions)

    def mark_lost(self, connection_id: str) -> Connection | None:
        """Mark that a connection's socket died, and return it. Condition: it exists and was not marked before."""
        is_there = ConnectionItem.pk.exists() & ConnectionItem.lost_at.does_not_exist()
        lost = [ConnectionItem.lost_at.set(self._table.now())]
        raw = self._table.update(connection_key(connection_id), lost, is_there)
        return models.connection_from(raw) if raw else None

    def avoid(self, connection: Connection, names: frozenset[str], met_counted: int | None = None) -> bool:
        """Never pair this connection again with a person of these names; note how many of its rooms are counted.

        Condition: it exists, and avoids the same names as when it was read, so that no other report is undone. An older
        hint in the queue does not have the names; the conditions of `pair` check them.
        """
        kept = sorted(connection.avoided - names)[: max(0, AVOIDED_MAX - len(names))]
        actions: list[Action] = [ConnectionItem.avoided.set(frozenset(kept) | names)]
        if met_counted is not None:
            actions.append(ConnectionItem.met_counted.set(met_counted))
        key = connection_key(connection.id)
        return self._table.update(key, actions, ConnectionItem.pk.exists() & same_avoided(connection)) is not None

    def mark_banned(self, connection_id: str, ban: Ban) -> bool:
        """Mark a connection whose person was banned while they are here. Condition: the connection exists."""
        actions = [ConnectionItem.ban.set(ban), ConnectionItem.checked_at.set(self._table.now())]
        return self._table.update(connection_key(connection_id), actions, ConnectionItem.pk.exists()) is not None

    def mark_warned(self, connection_id: str, case: str) -> bool:
        """Note that a connection was told of a warning. Condition: the connection exists."""
        actions = [ConnectionItem.warned_of.set(case)]
        return self._table.update(connection_key(connection_id), actions, ConnectionItem.pk.exists()) is not None

    def get_room_and_connection(self, room_id: str, connection_id: str) -> tuple[Room | None, Connection | None]:
        """Return a room and a connection as they are now, in one round trip."""
        return self._read(room_key(room_id), connection_key(connection_id))

    def get_room_and_seeker(self, room_id: str, connection_id: str) -> tuple[Room | None, Connection | None]:
        """Return a room and a connection whose skip or report lets people search; due switches are read along."""
        return self._read(room_key(room_id), connection_key(connection_id), with_switches=True)

    def pair(self, room: Room, seeker: Connection, candidate: Ticket, token_hashes: tuple[str, str]) -> Claim:
        """Open `room` for the candidate and the seeker, all or nothing; `token_hashes` in the order of its members.

        Conditions: the room is new; the seeker is as it was read; the candidate still waits with the ticket seen and is
        neither lost nor banned; and neither avoids the other, also where the hint is older than a report.
        """
        is_new = RoomItem.pk.does_not_exist()
        seeker_is_free = is_as_seen(seeker) & does_not_avoid(candidate)
        candidate_is_free = still_waits(candidate) & does_not_avoid(seeker.as_ticket())
        of_candidate, of_seeker = (entering(room.id, each) for each in token_hashes)
        # The turn with which the candidate waited, or one counted anew (conversation/kept_turns.py); `wish_actions`
        # writes the seeker's.
        of_candidate.append(set_or_remove(ConnectionItem.turn_at, candidate.turn_at))
        seeker_key, candidate_key = connection_key(seeker.id), connection_key(candidate.connection_id)
        try:
            self._table.transact(
                put=[self._table.put_leg(room_item(room, self._table.expiry(ROOM_KEPT_SECONDS)), is_new)],
                update=[
                    self._table.update_leg(seeker_key, [*of_seeker, *wish_actions(seeker)], seeker_is_free),
                    self._table.update_leg(candidate_key, of_candidate, candidate_is_free),
                ],
            )
        except TransactWriteError as error:
            return _claim_lost(error)
        return Claim.WON

    def resume(self, lost: Connection, own: Connection, new: Connection, room: Room | None, used_hash: str) -> bool:
        """Put `new` in the place of `lost`: in its open room where one is given, in the queue, or with its closed room.

        Conditions: the lost connection still has the tokens that it had, waits or talks as it was read, and was neither
        banned nor made to avoid anybody meanwhile; the new one, which was `own`, has done nothing yet and avoids nobody
        more than then; the room is open and the lost connection speaks for its member.
        """
        assert lost.token_hashes, "only a connection with a token can be continued"
        is_fresh = is_as_seen(Connection(own.id, own.person)) & same_avoided(own)
        giving = giving_way(new, used_hash, self._table.now())
        update = [self._table.update_leg(connection_key(lost.id), giving, may_give_way(lost))]
        update.append(self._table.update_leg(connection_key(new.id), taking_over(new), is_fresh))
        if room is not None:
            member = member_at(room.seat_of_member(lost.person))
            is_open = RoomItem.pk.exists() & RoomItem.closed_at.does_not_exist()
            still_speaks = member.connection_id == lost.id
            key = room_key(room.id)
            update.append(self._table.update_leg(key, [member.connection_id.set(new.id)], is_open & still_speaks))
        return self._table.transact_or_lose(update)

    def _read(self, *keys: Key, with_switches: bool = False) -> tuple[Room | None, Connection | None]:
        """Read a room, a connection or both; and the switches, when it is time for those.

        Only for a handler that searches: a relay's Lambda may not read the switches.
        """
        board = self._board if with_switches and self._board is not None and self._board.is_due else None
        wanted = [*keys, SWITCHES_KEY] if board is not None else [*keys]
        found = self._table.get_many(wanted) if len(wanted) > 1 else [self._table.get(wanted[0])]
        by_kind = {raw[schema.SORT_KEY]["S"]: raw for raw in found if raw is not None}
        if board is not None:
            board.note(by_kind.get("switches"))
        room = room_from(by_kind["room"]) if "room" in by_kind else None
        return room, models.standing_connection_from(by_kind.get("connection"))

    def _update(self, seen: Connection, actions: list[Action]) -> bool:
        return self._table.update(connection_key(seen.id), actions, is_as_seen(seen)) is not None

    def _tell_token(self, seen: Connection, token_hash: str, actions: list[Action]) -> bool:
        """Update with one more token. Condition: as it was read; its tokens too, where the oldest are forgotten."""
        if len(seen.token_hashes) < TOKENS_KEPT_MAX:
            return self._update(seen, [*actions, one_more_token(token_hash)])
        newest = (*seen.token_hashes[1 - TOKENS_KEPT_MAX :], token_hash)
        condition = is_as_seen(seen) & same_tokens(seen)
        actions = [*actions, ConnectionItem.token_hashes.set(newest)]
        return self._table.update(connection_key(seen.id), actions, condition) is not None


def _claim_lost(error: TransactWriteError) -> Claim:
    """Return why a claim was lost; the legs of its transaction are the room, the seeker, the candidate."""
    if is_held(error):
        return Claim.CONTENDED
    if not is_lost(error):
        raise error
    room, seeker, _candidate = reasons_of(error)
    assert room != LOST_REASON, "a room id is random and was never used"
    return Claim.SEEKER_CHANGED if seeker == LOST_REASON else Claim.CANDIDATE_CHANGED
