"""The table's side of moderation: records of devices and addresses, read together and changed one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from functions.chat.model.people import REMATCH_SECONDS, Meeting
from functions.chat.model.record import Record
from functions.chat.model.reputation import RECORD_KEPT_SECONDS
from functions.chat.storage.record_items import (
    RECENT,
    RecentItem,
    RecordItem,
    recent_key,
    record_from,
    record_item,
    record_key,
)
from functions.chat.storage.table import Busy, Table

CHANGES_MAX = 6  # each lost race means that another report of the same person came in the same moment


class Records:
    """The records of devices, addresses and networks."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, keys: Iterable[str | None]) -> dict[str, Record]:
        """Return records as they are now, in one round trip; a key without a record gets an empty one."""
        wanted = list(dict.fromkeys(key for key in keys if key))
        found = map(record_from, self._table.get_many([record_key(key) for key in wanted])) if wanted else ()
        return {key: Record(key) for key in wanted} | {record.key: record for record in found}

    def get_with_meetings(
        self, keys: Sequence[str], met_by: Sequence[str], *, consistent: bool
    ) -> tuple[dict[str, Record], dict[str, tuple[Meeting, ...]]]:
        """Return the records of `keys`, and the last meetings of sockets noted under `met_by`, in one round trip."""
        wanted = [*map(record_key, keys), *map(recent_key, met_by)]
        raws = (
            self._table.get_many(wanted, consistent=consistent) if wanted else []
        )  # a newcomer whose address nobody can prove has neither
        recent = [RecentItem.from_raw_data(raw) for raw in raws if raw["sk"]["S"] == RECENT]
        found = [record_from(raw) for raw in raws if raw["sk"]["S"] != RECENT]
        meetings = {item.pk.partition("#")[2]: item.meetings for item in recent}
        return {key: Record(key) for key in keys} | {record.key: record for record in found}, meetings

    def remember(self, keys: Sequence[str], meetings: tuple[Meeting, ...]) -> None:
        """Keep a closed socket's meetings for a minute, without a condition: the socket that closed last is right."""
        expires_at = self._table.expiry(int(REMATCH_SECONDS))
        items = [RecentItem(*recent_key(key), meetings=meetings, expires_at=expires_at) for key in keys]
        self._table.batch_write(put=items)

    def change(self, key: str, alter: Callable[[Record], Record]) -> tuple[Record, Record]:
        """Write what `alter` makes of a record, and return it as it was and as it is; `alter` may run several times."""
        for _ in range(CHANGES_MAX):
            before = self.get([key])[key]
            after = alter(before)
            if after == before or self._put(after):
                return before, after
        raise Busy

    def _put(self, record: Record) -> bool:
        """Write a record. Condition: it is as it was read; an expired item that is not deleted yet is no record."""
        now = self._table.now()
        if record.version:
            condition = RecordItem.version == record.version
        else:
            condition = RecordItem.pk.does_not_exist() | (RecordItem.expires_at < now)
        until = record.ban.until if record.ban is not None else now
        kept_seconds = max(until - now, 0.0) + RECORD_KEPT_SECONDS
        return self._table.put(record_item(record, self._table.expiry(int(kept_seconds))), condition)
