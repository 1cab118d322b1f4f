"""The items of moderation in the one table, as pynamodb models, and the way to plain values and back.

| item     | pk                         | sk       | holds                                                  |
|----------|----------------------------|----------|--------------------------------------------------------|
| Record   | record#<pseudonym>         | record   | what is held against it, ban, warning, whom it avoids  |
| Recent   | recent#<pseudonym>         | recent   | whom a socket that closed had met within a minute      |
| Case     | case#<number>              | case     | a report, ban or complaint, its appeal, its decision    |
| Listing  | cases#<day>                | <number> | that a case was opened on that day, for the operator   |
| Entry    | docket, history#<device>   | by clock | that a case waits, or has to do with a device          |
| Listing  | held                       | <number> | that a case is on hold, and so is not deleted          |
| Pace     | pace#<what>                | pace     | a leaky bucket that processes share                    |
| Places   | places#<address>           | places   | who of a busy address holds a place in the queue       |
| Figures  | figures                    | <month>  | what was published of a month                          |
| Switches | switches                   | switches | what the operator has closed, and their notice         |
"""

from __future__ import annotations

from dataclasses import fields

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from functions.chat import storage as schema
from functions.chat.model.record import Charge, Record
from functions.chat.storage.attributes import (
    BanAttribute,
    MeetingsAttribute,
    NamesAttribute,
    TextsAttribute,
    WarningAttribute,
)
from functions.chat.storage.table import Item, RawItem, values_in

SWITCHES_KEY = ("switches", "switches")
RECENT = "recent"
FIGURES = "figures"
SEPARATOR = "|"  # in no pseudonym and no number


class RecordItem(Item):
    """The record of a device or an address; `version` changes with every write."""

    version = NumberAttribute()
    charges = TextsAttribute(null=True)
    rung = NumberAttribute(null=True)
    free_since = NumberAttribute(null=True)
    floods = NumberAttribute(null=True)
    flooded_at = NumberAttribute(null=True)
    ban = BanAttribute(null=True)
    flood_ban = BanAttribute(null=True)
    avoided = TextsAttribute(null=True)
    reporters = TextsAttribute(null=True)
    shunned = TextsAttribute(null=True)
    reports = NumberAttribute(null=True)
    reports_since = NumberAttribute(null=True)
    reported = NumberAttribute(null=True)
    met = NumberAttribute(null=True)
    counted_since = NumberAttribute(null=True)
    doubted_until = NumberAttribute(null=True)
    days = NumberAttribute(null=True)
    last_day = NumberAttribute(null=True)
    talked_since = NumberAttribute(null=True)
    trouble = NumberAttribute(null=True)
    troubled_at = NumberAttribute(null=True)
    warning = WarningAttribute(null=True)


class RecentItem(Item):
    """The last meetings of a closed socket: for the next one of its device, or of a newcomer's address."""

    meetings = MeetingsAttribute()


class CaseItem(Item):
    """A report, or a ban that no report led to. The note and the appeal are all that is kept of anybody's words.

    A complaint also has the place that it is about, and its sender's name and address for an answer.
    """

    case = UnicodeAttribute()
    reason = UnicodeAttribute()
    opened_at = NumberAttribute()
    room = UnicodeAttribute(null=True)
    reporter = UnicodeAttribute(null=True)
    reporter_device = UnicodeAttribute(null=True)
    reporter_network = UnicodeAttribute(null=True)
    reported = UnicodeAttribute(null=True)
    subjects = TextsAttribute(null=True)
    note = UnicodeAttribute(null=True)
    place = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    contact = UnicodeAttribute(null=True)
    kept_for = UnicodeAttribute(null=True)
    kept_by = UnicodeAttribute(null=True)
    kept_at = NumberAttribute(null=True)
    banned_until = NumberAttribute(null=True)
    appeal = UnicodeAttribute(null=True)
    appealed_at = NumberAttribute(null=True)
    decision = UnicodeAttribute(null=True)
    decided_at = NumberAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    verdict = UnicodeAttribute(null=True)
    holder = UnicodeAttribute(null=True)
    held_until = NumberAttribute(null=True)
    proposed = UnicodeAttribute(null=True)
    proposed_by = UnicodeAttribute(null=True)
    proposed_at = NumberAttribute(null=True)
    taken_back = NumberAttribute(null=True)
    banned_at = NumberAttribute(null=True)
    is_warned = BooleanAttribute(null=True)
    weighs_nothing = BooleanAttribute(null=True)


class ListingItem(Item):
    """Where the operator finds the cases of a day."""

    case = UnicodeAttribute()


class PaceItem(Item):
    """So many of something since it began."""

    began = NumberAttribute()
    amount = NumberAttribute()


class PlacesItem(Item):
    """The connections of one address that entered the queue and may still wait, each behind its time of being alone."""

    holders: UnicodeSetAttribute = UnicodeSetAttribute(null=True)


class FiguresItem(Item):
    """The published figures of a month, as JSON: counts that lead to nobody."""

    told = UnicodeAttribute()


class SwitchesItem(Item):
    """The modes that the operator has closed; absent means open."""

    version = NumberAttribute()
    closed = NamesAttribute(null=True)
    notice = UnicodeAttribute(null=True)
    plans = TextsAttribute(null=True)


def record_key(key: str) -> tuple[str, str]:
    return f"record#{key}", "record"


def recent_key(key: str) -> tuple[str, str]:
    """Return the key of the last meetings of a device, or of an address."""
    return f"recent#{key}", RECENT


def case_key(case: str) -> tuple[str, str]:
    return f"case#{case}", "case"


def record_from(raw: RawItem) -> Record:
    found = values_in(RecordItem, raw)
    found["charges"] = tuple(map(_charge_from, found.get("charges", ())))
    found["shunned"] = tuple(map(_shunned_from, found.get("shunned", ())))
    return Record(key=raw[schema.PARTITION_KEY]["S"].partition("#")[2], **found)


def record_item(record: Record, expires_at: int) -> RecordItem:
    """Return the item of a record, one version on; an empty value or 0 is not stored."""
    values = {each.name: getattr(record, each.name) for each in fields(Record) if each.name != "key"}
    values |= {
        "version": record.version + 1,
        "charges": [_charge_to(each) for each in record.charges],
        "shunned": [f"{network}{SEPARATOR}{since!r}" for network, since in record.shunned],
    }
    stored = {name: value for name, value in values.items() if value}
    return RecordItem(*record_key(record.key), expires_at=expires_at, **stored)


def _charge_from(text: str) -> Charge:
    reporter, network, weight, at, *more = text.split(SEPARATOR)
    # Until November 2026 a charge was kept without its reason, and with an address in place of the network.
    reason, stands_alone = more or ("other", "")
    return Charge(reporter, network, float(weight), float(at), reason, bool(stands_alone))


def _charge_to(charge: Charge) -> str:
    fields = charge.reporter, charge.network, repr(charge.weight), f"{charge.at:.0f}", charge.reason
    return SEPARATOR.join((*fields, "alone" if charge.stands_alone else ""))


def _shunned_from(text: str) -> tuple[str, float]:
    network, since = text.split(SEPARATOR)
    return network, float(since)
