"""One look into the queue: the tickets that a seeker may claim, and the partitions in which it saw its own hint."""

from __future__ import annotations

from collections.abc import Iterator

from functions.chat.backend import Backend
from functions.chat.conversation import kept_turns, meeting_pace
from functions.chat.model import pairing
from functions.chat.model.people import Connection, Ticket
from functions.chat.runtime import telemetry
from functions.chat.storage.table import Busy

PAGES_MAX = 50  # 1,000 tickets, none of which this seeker may claim


class Candidates:
    """The part of the queue that one search has read."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._left_out: set[str] = set()
        self._without_turn: set[str | None] = set()
        self._shown: set[str] = set()
        self._long = backend.crowd.long_queues(backend.clock.now())
        self._sees_itself = False

    def look(self, seeker: Connection, *, has_shown: bool) -> tuple[Ticket, ...]:
        """Return the tickets that the seeker may claim in the first partition that has any, the best first.

        Partitions are read one after another; people whom the seeker met within the last minute come when no partition
        has a stranger. A seeker that has just written a hint must see every older hint. Any other seeker may miss the
        newest hint, and its read costs half.

        A partition that refuses to be read is passed over, as if the handler had died before it: the waiters there find
        the seeker with their own next `join`.
        """
        ticket = seeker.as_ticket()
        met: list[Ticket] = []
        self._sees_itself = False
        partitions = self._backend.queue.partitions_for(seeker, ticket.wish)
        if len(partitions) == 1:
            return self._strangers_in(partitions[0], seeker, met, has_shown) or tuple(met)
        refusals = 0
        for partition in partitions:
            strangers = self._strangers_or_refusal(partition, seeker, met, has_shown)
            if strangers:
                return strangers
            if strangers is None:
                refusals += 1
                is_shown_there = partition in self._backend.queue.partitions_of(ticket)
                self._sees_itself |= seeker.ticket_id is not None and is_shown_there
        if refusals == len(partitions):
            raise Busy
        return tuple(met)

    @property
    def sees_itself(self) -> bool:
        """Whether the last look found a hint of the seeker's own, or could not read a partition that may have one."""
        return self._sees_itself

    def leave_out(self, candidate: Ticket) -> None:
        """Offer this candidate no more."""
        self._left_out.add(candidate.id)

    def leave_out_for_a_turn(self, refused: Ticket) -> None:
        """Offer no more candidates whose meeting needs a new turn of the account of `refused`, which has none now."""
        self._without_turn.add(meeting_pace.account_of(refused))

    def partitions_without(self, ticket: Ticket) -> list[str]:
        """Return the partitions in which the seeker's own hint should be and was not seen."""
        return [each for each in self._backend.queue.partitions_of(ticket) if each not in self._shown]

    def _strangers_or_refusal(
        self, partition: str, seeker: Connection, met: list[Ticket], has_shown: bool
    ) -> tuple[Ticket, ...] | None:
        if self._backend.crowd.is_refusing(partition, self._backend.clock.now()):
            return None
        try:
            return self._strangers_in(partition, seeker, met, has_shown)
        except Busy:
            telemetry.count("PartitionsPassedOver")
            self._backend.crowd.note_refusing(partition, self._backend.clock.now())
            return None

    def _strangers_in(
        self, partition: str, seeker: Connection, met: list[Ticket], has_shown: bool
    ) -> tuple[Ticket, ...]:
        """Return the strangers in a partition; people whom the seeker met within the last minute are added to `met`."""
        ticket = seeker.as_ticket()
        for hints in self._read(partition, seeker.ticket_id, has_shown):
            for own in (hint for hint in hints if hint.id == ticket.id):
                self._sees_itself = True
                if own.avoided == ticket.avoided:  # a hint that is older than a report counts as none
                    self._shown.add(partition)
            ranking = self._rank(ticket, hints)
            if ranking.strangers:
                return ranking.strangers
            met += (each for each in ranking.met if each not in met)
        return ()

    def _read(self, partition: str, own: str | None, consistent: bool) -> Iterator[list[Ticket]]:
        """Read a partition from its oldest ticket on; in a long queue, tickets just before the seeker's own come first.

        In a crowd each seeker has other tickets before its own, so they do not all claim the few oldest waiters.
        """
        after: str | None = None
        if own is not None and partition in self._long:
            yield self._backend.queue.read_back(partition, own)
        for _ in range(PAGES_MAX):
            hints, after = self._backend.queue.read(partition, after, consistent=consistent)
            if after is not None and partition not in self._long:
                self._long.add(partition)
                self._backend.crowd.note_long(partition, self._backend.clock.now())
                if own is not None and after < own:
                    yield self._backend.queue.read_back(partition, own)
            yield hints
            if after is None:
                return

    def _rank(self, ticket: Ticket, hints: list[Ticket]) -> pairing.Ranking:
        fresh = [hint for hint in hints if hint.id not in self._left_out and not self._lacks_turn(ticket, hint)]
        return pairing.rank(ticket, fresh, self._backend.clock.now(), self._backend.random)

    def _lacks_turn(self, ticket: Ticket, hint: Ticket) -> bool:
        if not self._without_turn:
            return False
        lapsed = kept_turns.lapsed(hint, ticket, self._backend.clock.now())
        return any(meeting_pace.account_of(each) in self._without_turn for each in lapsed)
