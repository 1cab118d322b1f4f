"""Looking: whom a seeker finds in the queue, each once, and where it saw its own hints."""

from __future__ import annotations

from collections.abc import Iterator

from functions.chat import pairing
from functions.chat.backend import Backend
from functions.chat.people import Connection, Ticket

PAGES_MAX = 20  # 1,000 tickets, none of whom this seeker may meet


class Candidates:
    """What one search has read of the queue."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._left_out: set[str] = set()
        self._shown: set[str] = set()

    def of(self, seeker: Connection) -> Iterator[Ticket]:
        """Read one partition after another, and offer whom the seeker may meet: strangers first, wherever they are."""
        ticket = seeker.as_ticket()
        met: list[Ticket] = []
        for partition in self._backend.queue.partitions_for(seeker, ticket.wish):
            after: str | None = None
            for _ in range(PAGES_MAX):
                hints, after = self._backend.queue.read(partition, after)
                if any(hint.id == ticket.id for hint in hints):
                    self._shown.add(partition)
                ranking = self._rank(ticket, hints)
                met += ranking.met
                yield from ranking.strangers
                if ranking.strangers or after is None:
                    break
        # Somebody met before may stand in several lobbies, and was perhaps tried a moment ago.
        yield from (each for each in met if each.id not in self._left_out)

    def leave_out(self, candidate: Ticket) -> None:
        """Offer this candidate no more."""
        self._left_out.add(candidate.id)

    def offer_again(self, candidate: Ticket) -> None:
        """Offer a candidate once more that another held in this moment."""
        self._left_out.discard(candidate.id)

    def partitions_without(self, ticket: Ticket) -> list[str]:
        """Return where the seeker's own hint ought to stand and was not seen."""
        return [each for each in self._backend.queue.partitions_of(ticket) if each not in self._shown]

    def _rank(self, ticket: Ticket, hints: list[Ticket]) -> pairing.Ranking:
        fresh = [hint for hint in hints if hint.id not in self._left_out]
        return pairing.rank(ticket, fresh, self._backend.clock.now(), self._backend.random)
