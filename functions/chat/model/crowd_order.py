"""Which two tickets of a crowd belong together, so that no two seekers claim the same third ticket. Pure.

In a crowd all seekers read the same tickets in the same order, but for those of the last few milliseconds. So each
computes the same pairs without a message. A ticket's mark is a hash of its id: as good as random, and the same for
every reader. The order is cut behind each mark that is higher than the marks on its two sides. Within a piece the first
ticket belongs to the next one that suits it, then the next free one to its next, and so on; the newer of the two claims
the older. A ticket that comes or goes changes its own piece and no other. Older tickets alone decide where a piece
ends, so the newest tickets, which some seekers cannot read yet, change nothing for the tickets before them.

The oldest eight tickets are one piece: a cut between two peers who just parted and two newcomers would leave the first
two behind.

Measured (docs/pairing.md): 1,000 people who join within a millisecond need 1.1 transactions a pair; when each seeker
claimed one of the oldest fifty at random, it was 26.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence

FIRST_PIECE_MIN = 8  # tickets; every other piece has one to eight of them, mostly three

Suits = Callable[[str, str], bool]


def partner(own: str, others: Iterable[str], suits: Suits) -> str | None:
    """Return the ticket that goes with `own`; None where `own` is left over in its piece."""
    order = sorted({own, *others})
    free = list(_piece_of(order, order.index(own)))
    while free:
        first = free.pop(0)
        second = next((each for each in free if suits(first, each)), None)
        if second is not None:
            free.remove(second)
        if own in (first, second):
            return second if own == first else first
    raise AssertionError("a ticket stands in its own piece")


def _piece_of(order: Sequence[str], place: int) -> Sequence[str]:
    marks = [zlib.crc32(each.encode()) for each in order]
    first = next(at for at in range(place, -1, -1) if _begins_piece(marks, at))
    end = next((at for at in range(place + 1, len(order)) if _begins_piece(marks, at)), len(order))
    return order[first:end]


def _begins_piece(marks: Sequence[int], at: int) -> bool:
    return at == 0 or (at >= FIRST_PIECE_MIN and marks[at - 2] < marks[at - 1] > marks[at])
