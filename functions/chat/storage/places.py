"""The places that newcomers of one busy address hold in the queue: one item of an address says who.

Places       pk places#<address>                       sk places
"""

from __future__ import annotations

from pynamodb.expressions.condition import size

from functions.chat.model.people import Connection
from functions.chat.storage.record_items import PlacesItem
from functions.chat.storage.table import Table

PLACES_KEPT_SECONDS = 3 * 3600  # a socket lives 2 h at most
SECONDS_WIDTH = 8  # hexadecimal digits of epoch seconds: they sort as the times do until the year 2106


class Places:
    """The places of one address. A holder is a text that sorts by since when its connection has been alone."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def take(self, address: str, holder: str, places_max: int) -> bool:
        """Take a place. Condition: this holder has one already, or there are fewer than an address may have."""
        holders = PlacesItem.holders
        has_room = size(holders) < places_max  # type: ignore[no-untyped-call]  # pynamodb leaves it untyped
        condition = holders.does_not_exist() | has_room | holders.contains(holder)
        actions = [holders.add({holder}), PlacesItem.expires_at.set(self._table.expiry(PLACES_KEPT_SECONDS))]
        return self._table.update(_places_key(address), actions, condition) is not None

    def take_over(self, address: str, holder: str, former: set[str], places_max: int) -> bool:
        """Take a place of `former` holders and let all of theirs go; False when others were quicker to take them.

        Taken first: between the two writes nobody finds a place that is free.
        """
        is_taken = self.take(address, holder, places_max + len(former))
        self._table.update(_places_key(address), [PlacesItem.holders.delete(former)], PlacesItem.pk.exists())
        return is_taken

    def holders(self, address: str) -> list[str]:
        """Return who holds a place, or did when they entered the queue: who has been alone for the longest first."""
        raw = self._table.get(_places_key(address))
        return sorted(raw["holders"]["SS"]) if raw and "holders" in raw else []


def holder_of(connection: Connection) -> str:
    """Return how a connection holds a place; after another conversation it is another holder."""
    return f"{int(connection.alone_since):0{SECONDS_WIDTH}x}{connection.id}"


def since_of(holder: str) -> str:
    """Return since when a holder has been alone, as a text that sorts by it."""
    return holder[:SECONDS_WIDTH]


def connection_id_of(holder: str) -> str:
    """Return whose place it is."""
    return holder[SECONDS_WIDTH:]


def _places_key(address: str) -> tuple[str, str]:
    return f"places#{address}", "places"
