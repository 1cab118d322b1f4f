"""Who goes with whom in a crowd, so that no two people run for the same third one. Pure.

In a crowd everybody sees the same tickets in the same order, give or take the last few milliseconds. That is enough to
agree without a word. Each ticket has a mark, a hash of its id: as good as chance, but the same for all who look. The
order is cut behind every mark that is higher than the ones on its two sides, and within a piece the first ticket goes
with the next one that suits it, and so on. The newer of the two claims the older. Whoever comes or goes changes the
piece that they stand in and no other, and the older tickets alone decide what a piece is: the newest arrivals, whom not
everybody sees yet, change nothing for those before them.

The oldest few are one piece: a cut between two who just parted and two newcomers would leave the first two behind.

Measured (docs/pairing.md): 1,000 people who join within a millisecond need 1.1 transactions a pair; when each ran for
somebody at random among the oldest fifty it was 26.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence

FIRST_PIECE_MIN = 8  # tickets; every other piece has one to eight of them, mostly three

Suits = Callable[[str, str], bool]


def anybody(_one: str, _other: str) -> bool:
    """Let everybody suit everybody."""
    return True


def partner(own: str, others: Iterable[str], suits: Suits = anybody) -> str | None:
    """Return the ticket that goes with `own`; None for who is left over in a piece."""
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
