"""The items of the count of people who are here, as pynamodb models.

| item     | pk                 | sk                    | holds                                             |
|----------|--------------------|-----------------------|---------------------------------------------------|
| Presence | online#<partition> | <hash>#<connection>   | that a socket is open                             |
| Census   | census             | census                | when people are counted next, what visitors know  |
"""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute

from functions.chat.storage.models import Item

CENSUS_KEY = ("census", "census")


class PresenceItem(Item):
    """A socket that is open, as far as `$connect` and `$disconnect` say."""


class CensusItem(Item):
    """The measurement of this minute; `shown` is what visitors were told last, and `shown_at` when."""

    due_at = NumberAttribute()
    shown = NumberAttribute(null=True)
    shown_at = NumberAttribute(null=True)
