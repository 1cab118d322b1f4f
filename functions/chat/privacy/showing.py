"""The items that the table holds of the device behind a connection, as its rows of kinds.py let it be shown.

Nothing here tells whether anybody reported this device: not by the items, nor by their number, nor by the time of a
change. The outcomes of its own reports are told late, at full hours (moderation/outcomes.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from functions.chat.backend import Backend
from functions.chat.evidence.keeping import EvidenceItem, evidence_key
from functions.chat.model.networks import known_of
from functions.chat.model.people import Ban, Connection, GivenWarning
from functions.chat.model.record import Record
from functions.chat.moderation.outcomes import outcome_of
from functions.chat.privacy.kinds import StoredKind, kind_of
from functions.chat.protocol.events import Event
from functions.chat.storage import docket
from functions.chat.storage.cases import case_from
from functions.chat.storage.models import ConnectionItem, TicketItem, connection_key
from functions.chat.storage.presence import PresenceItem, presence_key
from functions.chat.storage.record_items import (
    CaseItem,
    PaceItem,
    RecentItem,
    RecordItem,
    case_key,
    recent_key,
    record_key,
)
from functions.chat.storage.rooms import MemberAttribute, RoomItem, room_key
from functions.chat.storage.shared_bucket import pace_key
from functions.chat.storage.table import Item, Key, RawItem, values_in

# In one event, each with words of 4 KB at most; beside them a connection with its copies in the queue has 25 KB. The
# gateway posts 128 KB.
CASES_AT_ONCE = 10
HISTORY_PAGE = 100  # entries of 150 bytes: four read units
REPORTS_LISTED_MAX = 300  # three a day for as long as they are kept
APPEALS_READ_MAX = 90  # BatchGetItem's own limit is 100

Named = dict[Key, tuple[str, type[Item]]]


class Held(NamedTuple):
    """One item, or a view of it: the name of its kind, its key, and the fields that may be shown."""

    kind: str
    key: Key
    fields: Mapping[str, Any]

    def as_event(self) -> Event:
        """Return the item as its owner is told it."""
        return {"kind": self.kind, "fields": dict(self.fields)}


class Own(NamedTuple):
    """Items that were found, a ban that holds now, and how many cases were shown where there are more."""

    held: tuple[Held, ...]
    ban: Ban | None
    more: int | None


def show(backend: Backend, connection: Connection, device: str, after: int = 0) -> Own:
    """Return the items of this connection and its device: cases ten a page, all others on the first page."""
    record = backend.records.get([device])[device]
    ban = ban_of(backend, connection, record)
    reports, others = reports_of(backend, device)
    bans = list(_bans(backend, ban, others))
    end = after + CASES_AT_ONCE
    shown_reports = reports[max(0, after - len(bans)) : max(0, end - len(bans))]
    held = [*bans[after:end], *_reports(backend, shown_reports)]
    if not after:
        warning = record.warning_at(backend.clock.now())
        held = [*_of_connection(backend, connection, device), _record(record, ban, warning), *held]
    return Own(tuple(held), ban, behind(end, len(bans) + len(reports)))


def ban_of(backend: Backend, connection: Connection, record: Record) -> Ban | None:
    """Return the ban that keeps a person out now, of their device or marked on the connection; not one to come."""
    now = backend.clock.now()
    bans = (*record.bans, *([connection.ban] if connection.ban is not None else []))
    return next((ban for ban in bans if ban.since <= now < ban.until), None)


def behind(end: int, count: int) -> int | None:
    """Return where the next page begins, if there is one."""
    return end if count > end else None


def reports_of(backend: Backend, device: str) -> tuple[list[str], list[str]]:
    """Return the numbers of a device's own reports, the newest first, and of the last ones that others made of it.

    Its own reports are found however many others made of it: a missing one would tell of those.
    """
    own: list[str] = []
    others: list[str] = []
    after: str | None = None
    while len(own) < REPORTS_LISTED_MAX:
        raws, after = backend.table.query(docket.history_partition(device), HISTORY_PAGE, after, forward=False)
        for raw in raws:
            (own if raw["role"]["S"] == docket.REPORTER else others).append(raw["case"]["S"])
        if after is None:
            break
    return own[:REPORTS_LISTED_MAX], others[:APPEALS_READ_MAX]


def _of_connection(backend: Backend, connection: Connection, device: str) -> Iterator[Held]:
    wanted: Named = {
        connection_key(connection.id): ("connection", ConnectionItem),
        presence_key(connection.id): ("connection", PresenceItem),
        pace_key(f"frames {connection.id}"): ("connection", PaceItem),
        recent_key(device): ("recent", RecentItem),
        pace_key(f"connects {device}"): ("count", PaceItem),
        record_key(known_of(device)): ("record", RecordItem),
    }
    if connection.ticket_id is not None:
        ticket = connection.as_ticket()
        wanted |= {(place, ticket.id): ("connection", TicketItem) for place in backend.queue.partitions_of(ticket)}
    if connection.room_id is not None:
        wanted[room_key(connection.room_id)] = ("conversation", RoomItem)
    for key, raw in _read(backend, wanted):
        name, model = wanted[key]
        kind = kind_of(name, model.__name__)
        own = _room(kind, raw, connection.person) if model is RoomItem else shown(kind, model, raw)
        yield Held(name, key, own)


def _record(record: Record, ban: Ban | None, warning: GivenWarning | None) -> Held:
    """Return the record, also where there is none: its mere existence may tell that somebody reported the device."""
    always = [name for name in kind_of("record", "RecordItem").shown if name not in ("ban", "warning")]
    fields = {name: plain(getattr(record, name)) for name in always}
    if warning is not None:
        fields["warning"] = warning._asdict()
    return Held(
        "record",
        record_key(record.key),
        fields | ({"ban": plain(ban)} if ban is not None and ban in record.bans else {}),
    )


def _bans(backend: Backend, ban: Ban | None, others: Iterable[str]) -> Iterator[Held]:
    """Give the ban that holds now, and what this person appealed against. Of any other case they know nothing."""
    told = {ban.case} if ban is not None else set()
    wanted: Named = {case_key(number): ("ban", CaseItem) for number in dict.fromkeys([*told, *others])}
    kind = kind_of("ban", "CaseItem")
    found = dict(_read(backend, wanted)) if wanted else {}
    for key, raw in found.items():
        fields = shown(kind, CaseItem, raw)
        is_told = ban is not None and fields["case"] == ban.case
        if is_told or "appeal" in fields:
            yield Held("ban", key, fields | (plain(ban) if is_told else {}))
    if ban is not None and case_key(ban.case) not in found:
        yield Held("ban", case_key(ban.case), plain(ban))


def _reports(backend: Backend, numbers: Iterable[str]) -> Iterator[Held]:
    wanted: Named = {}
    for number in numbers:
        wanted |= {case_key(number): ("report", CaseItem), evidence_key(number): ("evidence", EvidenceItem)}
    found = dict(_read(backend, wanted)) if wanted else {}
    for key, (name, model) in wanted.items():
        case = found.get(case_key(key[0].partition("#")[2]))
        if key not in found or case is None:
            continue
        is_taken_back = "taken_back" in case
        if name == "evidence" and is_taken_back:
            continue
        fields = shown(kind_of(name, model.__name__), model, found[key])
        if name == "report":
            fields["outcome"] = outcome_of(case_from(case), backend.clock.now())
        # Words that were taken back are not shown, deleted already or not: that would tell what was decided.
        yield Held(name, key, {each: value for each, value in fields.items() if each != "note" or not is_taken_back})


def shown(kind: StoredKind, model: type[Item], raw: RawItem) -> dict[str, Any]:
    """Return the attributes of an item that its kind shows."""
    values = values_in(model, raw) | {"expires_at": int(raw["expires_at"]["N"])}
    return {name: plain(values[name]) for name in kind.shown if values.get(name) is not None}


def _room(kind: StoredKind, raw: RawItem, person: str) -> dict[str, Any]:
    """Return what a conversation's item says, of its two members only the one who asks."""
    members = {name: raw[name]["M"] for name in ("first", "second")}
    plainly = {name: stored for name, stored in raw.items() if name not in members}
    own = {name: member for name, member in members.items() if member["person"]["S"] == person}
    hidden = kind_of("connection", "ConnectionItem").guarded
    return shown(kind, RoomItem, plainly) | {
        name: {each: plain(value) for each, value in values_in(MemberAttribute, member).items() if each not in hidden}
        for name, member in own.items()
    }


def plain(value: Any) -> Any:
    """Return a value as JSON has it; of sealed bytes only their number."""
    match value:
        case Ban():
            return value.as_fields() | {"since": int(value.since)}
        case bytes():
            return {"bytes": len(value)}
        case frozenset() | set():
            return sorted(value)
        case tuple() | list():
            return [plain(each) for each in value]
        case _:
            return value


def _read(backend: Backend, wanted: Named) -> Iterator[tuple[Key, RawItem]]:
    for raw in backend.table.get_many(list(wanted)):
        yield (raw["pk"]["S"], raw["sk"]["S"]), raw
