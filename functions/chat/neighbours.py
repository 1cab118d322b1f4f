"""Who goes with whom in a crowd, so that no two people run for the same third one. Pure.

In a crowd everybody sees the same tickets in the same order, give or take the last few milliseconds. That is enough to
agree without a word. Each ticket has a mark, a hash of its id: as good as chance, but the same for all who look. The
order is cut behind every mark that is higher than the ones on its two sides, and within a piece the first ticket goes
with the second, the third with the fourth. The newer of the two claims the older. Whoever comes or goes changes the
piece that they stand in and no other, and the older tickets alone decide what a piece is: the newest arrivals, whom not
everybody sees yet, change nothing for those before them.

Measured (docs/pairing.md): 1,000 people who join within a millisecond need 1.1 transactions a pair; when each ran for
somebody at random among the oldest fifty it was 26.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence


def partner(own: str, others: Iterable[str]) -> str | None:
    """Return the ticket that goes with `own`; None for the last of a piece with an odd number."""
    order = sorted({own, *others})
    marks = [zlib.crc32(each.encode()) for each in order]
    place = order.index(own)
    first = next(at for at in range(place, -1, -1) if _begins_piece(marks, at))
    if (place - first) % 2:
        return order[place - 1]
    following = place + 1
    return order[following] if following < len(order) and not _begins_piece(marks, following) else None


def _begins_piece(marks: Sequence[int], at: int) -> bool:
    return at == 0 or (at > 1 and marks[at - 2] < marks[at - 1] > marks[at])
