"""The owner of each item of the table, for how long it is kept and why: one row for each kind. Pure.

`/mine` shows these rows, and documents list them; a test fails for an item or an attribute without its place. A kind
may be listed to the device that asks, told of without being listed, or be of no person at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
FOREVER = None


class Whose(Enum):
    """The key by which an item is found, and so the person to whom it may be shown."""

    CONNECTION = "the connection that asks"
    DEVICE = "the device that asks"
    OTHERS = "others as well"
    SITE = "nobody"


class Withheld(Enum):
    """Why an attribute is not shown even to the device that it is about (docs/mine.md)."""

    OTHERS = "it is about somebody else, or would tell who reported"
    KEY = "a person who knows it could act for this device, or pass a limit"
    OFFICE = "it is the operator's own work on a case"


class StoredKind(NamedTuple):
    """One kind of item, or one view of it; several rows of one `name` are told of together.

    `keys` are the beginnings of its keys. `kept_seconds` count from when it is written last, None is for ever.
    `erasing` says what erasing does to it, and why no more. All attributes of `model` are `shown` or withheld:
    `others`, `guarded` and `office`, in the order of `Withheld`.
    """

    name: str
    model: str
    keys: tuple[str, ...]
    whose: Whose
    kept_seconds: int | None
    why: str
    erasing: str
    shown: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    office: tuple[str, ...] = ()

    @property
    def withheld(self) -> Mapping[Withheld, tuple[str, ...]]:
        """The attributes that are not shown, by the reason."""
        return {Withheld.OTHERS: self.others, Withheld.KEY: self.guarded, Withheld.OFFICE: self.office}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_CLOSING = "goes with its socket"
_BOUNDS = "stays: erased, it would let an abuser begin anew at once"
_DEFENCE = "stays: somebody is accused in it, and has to be able to answer (GDPR, article 17(3)(e))"
_CASE = _names(
    "case reason opened_at room reporter reporter_device reporter_network reported subjects note banned_until appeal "
    "appealed_at decision decided_at decided_by verdict holder held_until proposed proposed_by proposed_at taken_back "
    "banned_at is_warned weighs_nothing place name contact kept_for kept_by kept_at expires_at"
)
_OFFICE = _names("decided_by verdict holder held_until proposed proposed_by proposed_at kept_for kept_by kept_at")


def _case(name: str, why: str, erasing: str, *, shown: str = "", guarded: str = "") -> StoredKind:
    """Return a view of a case: an attribute that is neither shown nor a secret is about others, or the operator's."""
    told, kept = _names(shown), _names(guarded)
    others = tuple(each for each in _CASE if each not in (*told, *kept, *_OFFICE))
    return StoredKind(name, "CaseItem", ("case#",), Whose.DEVICE, 90 * DAY, why, erasing, told, others, kept, _OFFICE)


KINDS: tuple[StoredKind, ...] = (
    StoredKind(
        *("connection", "ConnectionItem", ("connection#",), Whose.CONNECTION, 3 * HOUR),
        why="to find a stranger, and not the same one again",
        erasing=_CLOSING,
        shown=_names(
            "mode interests languages widened public_key person ticket_id room_id lost_at device "
            "ban lacks_age_proof continued_by met met_counted turn_of turn_at turns warned_of expires_at"
        ),
        # Reports of others decide when a device is a newcomer again, or a day of talking does not count. A person that
        # was reported keeps one meeting more than one that was skipped (departure.py).
        others=_names("avoided checked_at meetings newcomer_since ready_at talked_on"),
        # A puzzle is signed with the pseudonym of an address.
        guarded=_names("token_hashes continued_with device_token address"),
    ),
    StoredKind(
        *("connection", "TicketItem", ("queue#",), Whose.CONNECTION, 3 * HOUR),
        why="a place in the queue",
        erasing=_CLOSING,
        shown=_names("mode interests languages widened public_key connection_id person device turn_at expires_at"),
        others=_names("avoided meetings newcomer_since ready_at"),
        guarded=_names("address device_token"),
    ),
    StoredKind(
        *("connection", "PresenceItem", ("online#",), Whose.CONNECTION, 2 * HOUR + MINUTE),
        why="to count how many people are here",
        erasing=_CLOSING,
        shown=_names("expires_at"),
    ),
    StoredKind(
        *("connection", "PaceItem", ("pace#frames ",), Whose.CONNECTION, 3 * HOUR),
        why="to notice a flood of frames",
        erasing=_BOUNDS,
        shown=_names("began amount expires_at"),
    ),
    StoredKind(
        *("conversation", "RoomItem", ("room#",), Whose.CONNECTION, DAY),
        why="to pass lines on, and so that a report reaches the right person",
        erasing="stays: it is the other person's as well, who may report",
        # Of the two members only the one who asks.
        shown=_names("mode first second opened_at closed_at expires_at"),
        others=_names("closed_by reason"),
        guarded=_names("stamp_key"),
    ),
    StoredKind(
        *("recent", "RecentItem", ("recent#d.",), Whose.DEVICE, MINUTE),
        why="so that two do not meet again within the minute",
        erasing="stays: it is gone in a minute, and that minute is what it is for",
        # A device's pseudonym would tell when the same person comes again, and how many people reported.
        shown=_names("expires_at"),
        others=_names("meetings"),
    ),
    StoredKind(
        *("record", "RecordItem", ("record#d.",), Whose.DEVICE, 90 * DAY),
        why="to know who has talked here before, what their reports weigh, and who is locked out",
        erasing="the days on which this device talked, and the networks that it avoids; the rest " + _BOUNDS,
        shown=_names("reports reports_since reported met counted_since floods flooded_at ban warning"),
        # Each of them changes when somebody else reports this device, minutes before anything may tell of it; the ban
        # for a flood is told as any other.
        others=_names(
            "version charges rung free_since avoided reporters shunned days last_day talked_since trouble "
            "troubled_at flood_ban expires_at"
        ),
        office=_names("doubted_until"),
    ),
    StoredKind(
        *("count", "PaceItem", ("pace#connects d.",), Whose.DEVICE, 3 * HOUR),
        why="to slow down a device that opens more sockets than a person does",
        erasing=_BOUNDS,
        shown=_names("began amount expires_at"),
    ),
    _case(
        "report",
        why="so that the operator can decide, and undo a decision that a lie led to",
        erasing="its note goes as soon as it is decided and nobody is locked out by it any more; the rest " + _DEFENCE,
        shown="case reason opened_at room reporter reporter_device note taken_back",
        guarded="reporter_network",
    ),
    StoredKind(
        *("report", "ListingItem", ("cases#",), Whose.DEVICE, 90 * DAY),
        why="where the operator finds the reports of a day",
        erasing=_DEFENCE,
        others=_names("case expires_at"),
    ),
    StoredKind(
        *("report", "EntryItem", ("docket", "history#d."), Whose.DEVICE, 90 * DAY),
        why="where the operator finds the cases that wait, and those of one device",
        erasing=_DEFENCE,
        others=_names("case role expires_at"),
    ),
    StoredKind(
        *("evidence", "EvidenceItem", ("case#",), Whose.DEVICE, 90 * DAY),
        why="the evidence of a report, so that the operator can see what happened",
        erasing="goes with the note of its report",
        # Sealed to the operator: how much it is can be told, and nothing else. Nor for how long a case is kept: an
        # authority may have asked for it, and nobody is to learn that here.
        shown=_names("sealed"),
        office=_names("expires_at"),
    ),
    _case(
        "ban",
        why="to keep somebody out for a time, and to hear why that is wrong",
        erasing="stays while it lasts, and 90 days with its appeal: others are protected by it",
        shown="case appeal appealed_at decision decided_at",
    ),
    _case(
        "accusation",
        why="reports by others; the records of their devices also name the devices that they never meet",
        erasing=_DEFENCE,
    ),
    StoredKind(
        *("accusation", "PaceItem", ("pace#meetings d.",), Whose.DEVICE, 3 * HOUR),
        why="to slow down a person who meets everybody; a count tells that no report weighs",
        erasing=_BOUNDS,
        others=_names("began amount expires_at"),
    ),
    StoredKind(
        *("network", "RecordItem", ("record#a.", "record#l."), Whose.OTHERS, 90 * DAY),
        why="floods and bans from an address, and how many reports a network has made",
        erasing="stays: everybody behind that address shares it",
        others=_names(
            "version charges rung free_since floods flooded_at ban flood_ban avoided reporters shunned reports "
            "reports_since reported met counted_since doubted_until days last_day talked_since trouble troubled_at "
            "warning expires_at"
        ),
    ),
    StoredKind(
        *("network", "RecentItem", ("recent#a.", "recent#l."), Whose.OTHERS, MINUTE),
        why="so that a newcomer does not meet the same person within the minute",
        erasing="stays: everybody behind that address shares it",
        others=_names("meetings expires_at"),
    ),
    StoredKind(
        *("network", "PaceItem", ("pace#",), Whose.OTHERS, 3 * HOUR),
        why="how many newcomers of an address come, and meet, and how many people complain from it",
        erasing="stays: everybody behind that address shares it",
        others=_names("began amount expires_at"),
    ),
    StoredKind(
        *("network", "PlacesItem", ("places#",), Whose.OTHERS, 3 * HOUR),
        why="how many newcomers of an address wait at once",
        erasing="stays: everybody behind that address shares it",
        others=_names("holders expires_at"),
    ),
    StoredKind(
        *("site", "CensusItem", ("census",), Whose.SITE, 14 * DAY),
        why="how many people are here, and when usually most are",
        erasing="is about nobody",
        others=_names("due_at shown busy shown_at hours expires_at"),
    ),
    StoredKind(
        *("site", "ListingItem", ("held",), Whose.SITE, FOREVER),
        why="which cases are on hold for a court or an authority; it names cases, and no visitor",
        erasing="is about nobody",
        office=_names("case expires_at"),
    ),
    StoredKind(
        *("site", "FiguresItem", ("figures",), Whose.SITE, FOREVER),
        why="the published figures of a month: counts that lead to nobody",
        erasing="is about nobody",
        others=_names("told expires_at"),
    ),
    StoredKind(
        *("site", "SwitchesItem", ("switches",), Whose.SITE, FOREVER),
        why="the queues that the operator has closed, and the notice to everybody",
        erasing="is about nobody",
        others=_names("version closed notice plans expires_at"),
    ),
    StoredKind(
        *("site", "AuditItem", ("audit",), Whose.SITE, FOREVER),
        why="the decisions of operators; they name cases, and no visitor",
        erasing="is about nobody",
        office=_names("at who what case before digest expires_at"),
    ),
)

TOLD: tuple[str, ...] = tuple(dict.fromkeys(kind.name for kind in KINDS if kind.whose is not Whose.SITE))


def kind_of(name: str, model: str) -> StoredKind:
    return next(kind for kind in KINDS if (kind.name, kind.model) == (name, model))
