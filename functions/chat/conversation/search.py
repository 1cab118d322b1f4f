"""Searching: look, claim, wait. The order of the steps is the theory at the top of pairing.py.

A handler can die after each step. The client's next `join`, or the next person's search, completes the work then. A
lost race ends a search quietly: the handler that won it speaks to the client.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto

from functions.chat.backend import Backend, waiting_since
from functions.chat.conversation import elsewhere, ending, kept_turns, meeting_pace, queue_quota, standing
from functions.chat.conversation.announce import Told, announce
from functions.chat.conversation.candidates import Candidates
from functions.chat.conversation.kept_turns import Renewed
from functions.chat.model import interests, pairing
from functions.chat.model.people import Connection, Room, Ticket
from functions.chat.model.resume_token import Token
from functions.chat.protocol import events
from functions.chat.runtime import telemetry
from functions.chat.storage.store import Claim
from functions.chat.storage.table import Busy

LOOKS_MAX = 24  # half are lost where a partition is overloaded; then others find the waiter, or its next `join` does
ARRIVING_SECONDS = 0.1  # about as long as a search takes that meets others
PAUSES_MAX = 4  # in which newer seekers may claim this one; then it claims the first that it finds
PAUSE_SECONDS = 0.03  # a look and a transaction
CONTENTION_SECONDS = 0.02  # a transaction in flight takes 10 to 20 ms
ENTRIES_MAX = 3  # into parts of the queue that refuse to show the ticket; of 64 shards two at once are gone hardly ever
IDS_DRAWN_MAX = 4  # where half of the shards refuse, one of 16 entries goes into one of those
HINT_SETTLED_SECONDS = 5.0  # a younger hint of a paired waiter is about to be removed by the handler that paired it


class Step(Enum):
    """The outcome of one look."""

    DONE = auto()  # paired, or another handler moved the seeker on
    AGAIN = auto()  # look again: the tickets that were read have changed
    NOBODY = auto()


def search(backend: Backend, seeker: Connection, since: float | None = None, *, has_worked: bool = False) -> None:
    """Pair the seeker or leave it waiting; `since` keeps an old place in the queue (epoch seconds).

    The seeker is given as it was read: idle, or waiting with its ticket. With `has_worked` it is asked for no puzzle.
    """
    Search(backend, seeker, since).run(has_worked=has_worked)


def show_again(backend: Backend, connection_id: str) -> None:
    """Write the hint of a waiter anew: a seeker reads in it whom the waiter avoids."""
    waiter = backend.store.get_connection(connection_id)
    if waiter is not None and waiter.ticket_id is not None and waiter.lost_at is None:
        Search(backend, waiter, None).show_again()


class Search:
    """One seeker's search."""

    def __init__(self, backend: Backend, seeker: Connection, since: float | None) -> None:
        self._backend = backend
        self._seeker = seeker
        self._since = since
        self._candidates = Candidates(backend)
        self._unsaid: Token | None = None
        self._has_shown = False  # a hint of its own, in this search
        self._has_taken = False  # a turn, of which nothing is written down yet
        self._pauses = 0

    def run(self, *, has_worked: bool = False) -> None:
        """Look, wait, look again; see search()."""
        came_waiting = self._seeker.ticket_id is not None
        if not came_waiting:
            turns = self._seeker.turns
            self._seeker = meeting_pace.with_turn(self._backend, self._seeker, has_worked=has_worked)
            self._has_taken = self._seeker.turns > turns
        in_crowd = self._backend.crowd.is_near(self._backend.clock.now())
        entered = self._stay() if came_waiting else not in_crowd or self._wait()
        if not entered or not self._leaves_waiting(came_waiting):
            return
        # The seeker is told only now: in a crowd most are paired within the same moment, and need no `waiting`.
        if self._unsaid is not None and not self._say_waiting(self._unsaid):
            self._backend.queue.remove(self._own_tickets())  # the handler that closed it meanwhile found no hint

    def show_again(self) -> None:
        """Show the ticket in place of an older copy; take it away if the seeker was moved meanwhile."""
        ticket = self._seeker.as_ticket()
        self._backend.queue.put(ticket, self._backend.queue.partitions_of(ticket))
        self._waits_still()

    def _leaves_waiting(self, came_waiting: bool) -> bool:
        """Look until the seeker is paired or there is nobody for it; tell whether it is in the queue then."""
        for _ in range(LOOKS_MAX):
            step = self._look()
            if step is Step.DONE:
                return False
            if step is Step.NOBODY and self._seeker.ticket_id is not None:
                if came_waiting and self._repair_hints():
                    came_waiting = False
                    continue
                return True
            if self._seeker.ticket_id is None and not self._wait():
                return False
        telemetry.count("SearchesGivenUp")
        return True

    def _look(self) -> Step:
        found = self._candidates.look(self._seeker, has_shown=self._has_shown)
        if not found:
            return Step.NOBODY
        if self._unsaid is not None and not self._candidates.sees_itself:
            return Step.DONE  # only the handler that paired the seeker removes its hint
        now = self._backend.clock.now()
        arrived = [each for each in found if now - waiting_since(each.id) < ARRIVING_SECONDS]
        if len(arrived) >= pairing.CROWD_MIN:
            self._backend.crowd.note(now)
        patient = self._pauses < PAUSES_MAX
        candidate = pairing.choose(self._seeker.as_ticket(), found, arrived, now, patient=patient)
        if candidate is not None:
            return self._claim(candidate)
        if self._seeker.ticket_id is not None:
            self._pauses += 1
            self._backend.clock.sleep(PAUSE_SECONDS)
        return Step.AGAIN

    def _claim(self, candidate: Ticket) -> Step:
        waiter = standing.looked_up(self._backend, candidate)
        if waiter is None or not pairing.may_meet(self._seeker.as_ticket(), waiter):
            self._candidates.leave_out(candidate)
            if waiter is None:
                self._backend.queue.remove([candidate])  # of one that is gone nobody else would
            return Step.AGAIN
        both = kept_turns.renew(self._backend, self._seeker, candidate)
        if both.refused is not None:
            self._candidates.leave_out_for_a_turn(both.refused)
            return Step.AGAIN
        room = self._room_with(candidate)
        tokens = self._backend.new_token(candidate.connection_id), self._backend.new_token(self._seeker.id)
        claim = self._backend.store.pair(room, both.seeker, both.candidate, (tokens[0].hash, tokens[1].hash))
        if claim is not Claim.WON:
            both.give_back(self._backend)
        telemetry.count(f"Claims_{claim.name}")
        telemetry.logger.debug("claimed", seeker=self._seeker.id, candidate=candidate.connection_id, reason=claim.name)
        match claim:
            case Claim.WON:
                return self._announce(room, both, tokens)
            case Claim.SEEKER_CHANGED:
                if self._unsaid is not None:
                    self._waits_still()  # the handler that moved it between its two writes found no hint to remove
                return Step.DONE
            case Claim.CANDIDATE_CHANGED:
                self._candidates.leave_out(candidate)
                self._forget_stale(candidate)
            case Claim.CONTENDED:
                self._backend.clock.sleep(CONTENTION_SECONDS * self._backend.random.uniform(0.5, 1.5))
        return Step.AGAIN

    def _announce(self, room: Room, both: Renewed, tokens: tuple[Token, Token]) -> Step:
        candidate = both.candidate
        told = announce(self._backend, room, tokens, (candidate.device_token, self._seeker.device_token))
        if told is Told.NEITHER:
            return self._undo(room, both)
        self._backend.queue.remove([candidate, *self._own_tickets()])
        if told is not Told.BOTH:
            self._let_go_on(room, 0 if told is Told.WAITER else 1)
        return Step.DONE

    def _undo(self, room: Room, both: Renewed) -> Step:
        """End a room that nobody saw, since the waiter is gone; the seeker goes on at its old place."""
        is_undone = self._backend.rooms.close(room, 0, ending.UNDONE) is not None
        if is_undone:
            ending.lose(self._backend, both.candidate.connection_id)
            both.give_back(self._backend, seeker_too=False)
        self._backend.queue.remove([both.candidate, *self._own_tickets()])
        if not is_undone:
            return Step.DONE
        if self._seeker.ticket_id is not None:
            self._since = waiting_since(self._seeker.ticket_id)
        self._seeker = replace(both.seeker, ticket_id=None, room_id=room.id)
        return Step.AGAIN

    def _let_go_on(self, room: Room, seat: int) -> None:
        """End a room of which only this member was told, as the other is gone; the member waits on at its old place."""
        if ending.end(self._backend, room, 1 - seat, ending.DISCONNECTED) is None:
            return
        ending.lose(self._backend, room.peer(seat).connection_id)
        told = room.members[seat]
        connection = self._backend.store.get_connection(told.connection_id)
        if connection is None or connection.ban is not None:
            return  # the handler that banned it takes it out and tells it (reports.py)
        if connection.room_id == room.id and connection.ticket_id is None and connection.lost_at is None:
            since = waiting_since(told.ticket_id) if told.ticket_id else room.opened_at
            search(self._backend, connection.with_turn_back(), since)

    def _stay(self) -> bool:
        """Stay in the queue at the same place, with a new token. False when another handler moved the seeker."""
        token = self._backend.new_token(self._seeker.id)
        if not self._backend.store.stay_in_queue(self._seeker, token.hash):
            return False
        others = elsewhere.other_mode_with_people(self._backend, self._seeker)
        return self._say_waiting(token, {"others": others} if others else {})

    def _wait(self) -> bool:
        """Enter the queue: connection first, hint second. False when it may not wait, or another handler moved it."""
        if not queue_quota.may_wait(self._backend, self._seeker):
            puzzle = meeting_pace.work_for(self._backend, self._seeker)
            if self._has_taken:
                meeting_pace.give_back(self._backend, meeting_pace.account_of(self._seeker.as_ticket()))
            ending.tell(self._backend, self._seeker.id, {**queue_quota.CROWDED, **puzzle})
            return False
        for entries_left in reversed(range(ENTRIES_MAX)):
            ticket = self._enter()
            if ticket is None:
                return False
            partitions = self._backend.queue.partitions_of(ticket)
            try:
                self._backend.queue.put(ticket, partitions)
            except Busy:
                if not entries_left or not self._backend.queue.may_stand_elsewhere(ticket):
                    raise  # the seeker's next `join` shows the ticket, or gives it up
                if not self._give_up(ticket, partitions):
                    return False
            else:
                break
        self._has_shown = True
        return True

    def _enter(self) -> Ticket | None:
        """Write a ticket on the connection; None when another handler moved the seeker."""
        since = self._since if self._since is not None else self._backend.clock.now()
        ticket_id, token = self._new_ticket_id(since), self._backend.new_token(self._seeker.id)
        if not self._backend.store.enter_queue(self._seeker, ticket_id, token.hash):
            return None
        self._seeker = replace(self._seeker, ticket_id=ticket_id)
        self._unsaid = token
        # Logged before others can find the ticket, so that no log line of its pairing comes first.
        telemetry.tell("waiting", connection=self._seeker.id, mode=self._seeker.as_ticket().wish.mode)
        return self._seeker.as_ticket()

    def _new_ticket_id(self, since: float) -> str:
        """Return a ticket's id whose shard does not refuse, as far as this process knows; chance decides the shard."""
        for _ in range(IDS_DRAWN_MAX):
            ticket_id = self._backend.new_ticket_id(since)
            partitions = self._backend.queue.partitions_of(replace(self._seeker, ticket_id=ticket_id).as_ticket())
            if not any(self._backend.crowd.is_refusing(each, self._backend.clock.now()) for each in partitions):
                break
        return ticket_id

    def _say_waiting(self, token: Token, more: events.Event | None = None) -> bool:
        ticket = self._seeker.as_ticket()
        notice = self._backend.switches().words_for(ticket.wish.languages)
        said = {**(more or {}), **({"notice": notice} if notice else {})}
        said |= meeting_pace.work_for(self._backend, self._seeker)
        waiting = events.waiting(ticket.wish, interests.keys(ticket.wish.interests), ticket.id, token, said)
        return ending.tell(self._backend, self._seeker.id, events.told_device(ticket.device_token, waiting))

    def _repair_hints(self) -> bool:
        """Put back the hints that a look did not find; take them away again if the seeker was moved meanwhile."""
        ticket = self._seeker.as_ticket()
        missing = self._candidates.partitions_without(ticket)
        if not missing:
            return False
        try:
            self._backend.queue.put(ticket, missing)
        except Busy:
            return self._give_up(ticket, missing)
        self._has_shown = True
        return self._waits_still()

    def _give_up(self, ticket: Ticket, refusing: list[str]) -> bool:
        """Give up a ticket that cannot be shown; the seeker enters again elsewhere, with a ticket of the same age."""
        for partition in refusing:
            self._backend.crowd.note_refusing(partition, self._backend.clock.now())
        if not self._backend.store.make_idle(self._seeker):
            return False
        self._since = waiting_since(ticket.id)
        self._seeker = replace(self._seeker, ticket_id=None, room_id=None)
        return True

    def _waits_still(self) -> bool:
        """Tell whether the seeker waits with its ticket; take its hints back if it does not."""
        ticket = self._seeker.as_ticket()
        now = self._backend.store.get_connection(self._seeker.id)
        if now is not None and now.ticket_id == ticket.id and now.lost_at is None:
            return True
        self._backend.queue.remove([ticket])
        return False

    def _forget_stale(self, candidate: Ticket) -> None:
        if self._backend.clock.now() - waiting_since(candidate.id) > HINT_SETTLED_SECONDS:
            self._backend.queue.remove([candidate])

    def _own_tickets(self) -> list[Ticket]:
        return [self._seeker.as_ticket()] if self._seeker.ticket_id is not None else []

    def _room_with(self, candidate: Ticket) -> Room:
        seeker = self._seeker.as_ticket()
        members = candidate.as_member(), seeker.as_member()
        return Room(
            id=self._backend.new_room_id(),
            mode=seeker.wish.mode,
            members=members,
            opened_at=self._backend.clock.now(),
            stamp_key=self._backend.new_stamp_key(),
        )
