"""The places that newcomers of one busy address hold in the queue: one item for each address names the holders.

Places       pk places#<address>                       sk places
"""

from __future__ import annotations

from functools import reduce
from operator import and_

from pynamodb.expressions.condition import Condition, size

from functions.chat.model.people import Connection
from functions.chat.storage.record_items import PlacesItem
from functions.chat.storage.table import RawItem, Table

PLACES_KEPT_SECONDS = 3 * 3600  # a socket lives 2 h at most
SECONDS_WIDTH = 8  # hexadecimal digits of epoch seconds: they sort as the times do until the year 2106


class Places:
    """The places of one address. A holder is a text that sorts by since when its connection has been alone."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def take(self, address: str, holder: str, places_max: int) -> bool:
        """Take a place. Condition: this holder has one already, or there are fewer than an address may have."""
        return self._take(address, holder, places_max, set()) is not None

    def take_over(self, address: str, holder: str, former: set[str], places_max: int) -> bool:
        """Take a place of the `former` holders and free all of theirs; False when other seekers were quicker.

        The place is taken first: between the two writes nobody finds a free one. Condition: as for any place, or all
        former holders have theirs still; each place is given once.
        """
        is_taken = self._take(address, holder, places_max, former) is not None
        self._let_go(address, former)
        return is_taken

    def hand_on(self, address: str, former: str, holder: str, places_max: int) -> bool:
        """Take the place of the one that `holder` continues, or any other. Condition: as for `take_over`."""
        raw = self._take(address, holder, places_max, {former})
        if raw is not None and former in raw["holders"]["SS"]:
            self._let_go(address, {former})
        return raw is not None

    def holders(self, address: str) -> list[str]:
        """Return the holders, also those that wait no more: the one that has been alone for the longest comes first."""
        raw = self._table.get(_places_key(address))
        return sorted(raw["holders"]["SS"]) if raw and "holders" in raw else []

    def _take(self, address: str, holder: str, places_max: int, former: set[str]) -> RawItem | None:
        holders = PlacesItem.holders
        has_room = size(holders) < places_max  # type: ignore[no-untyped-call]  # pynamodb leaves it untyped
        condition: Condition = holders.does_not_exist() | has_room | holders.contains(holder)
        if former:
            # While another handler takes their places, there are more holders than may be, until it frees them.
            is_untaken = size(holders) < places_max + len(former)  # type: ignore[no-untyped-call]  # as above
            condition |= reduce(and_, map(holders.contains, sorted(former))) & is_untaken
        actions = [holders.add({holder}), PlacesItem.expires_at.set(self._table.expiry(PLACES_KEPT_SECONDS))]
        return self._table.update(_places_key(address), actions, condition)

    def _let_go(self, address: str, former: set[str]) -> None:
        self._table.update(_places_key(address), [PlacesItem.holders.delete(former)], PlacesItem.pk.exists())


def holder_of(connection: Connection) -> str:
    """Return the text by which a connection holds a place; after another conversation it is another holder."""
    return f"{int(connection.alone_since):0{SECONDS_WIDTH}x}{connection.id}"


def since_of(holder: str) -> str:
    """Return since when a holder has been alone, as a text that sorts by it."""
    return holder[:SECONDS_WIDTH]


def connection_id_of(holder: str) -> str:
    """Return the id of the connection that holds the place."""
    return holder[SECONDS_WIDTH:]


def _places_key(address: str) -> tuple[str, str]:
    return f"places#{address}", "places"
