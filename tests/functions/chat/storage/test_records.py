"""Records are read together, changed one at a time, and never lose what another wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model.people import Ban, GivenWarning
from functions.chat.model.record import Charge, Record
from functions.chat.storage.records import Records
from functions.chat.storage.table import Busy, Table
from tests.functions.tables import MotoTable
from tests.functions.world import START, StillClock

CHANGES_MAX = 6
RECORD_KEPT_SECONDS = 90 * 86_400

KEY = ("record#d.eve", "record")
FULL = Record(
    "d.eve",
    charges=(Charge("d.ada", "a.k.1", 1.5, START, "hate"), Charge("d.bo", "", 0.0, START, "spam", stands_alone=True)),
    rung=2,
    free_since=START + 0.25,
    floods=3,
    flooded_at=START + 0.5,
    ban=Ban("CASE", "spam", START - 0.125, START + 900.125),
    flood_ban=Ban("FLOOD", "flood", START - 0.5, START + 60.5),
    avoided=("d.2", "d.1"),
    reporters=("d.3",),
    reports_since=START,
    reports=4.0,
    doubted_until=START + 7,
    shunned=(("a.k.1", START + 0.5), ("a.k.2", START)),
    reported=2,
    met=9,
    counted_since=START - 0.25,
    days=3,
    last_day=20_000,
    talked_since=START - 0.5,
    trouble=1.5,
    troubled_at=START + 8,
    warning=GivenWarning("CASE", "hate", START + 0.5, START + 900.25),
)


@pytest.fixture
def records(table: MotoTable, clock: StillClock) -> Records:
    return Records(Table(table.client, table.name, clock))


def test_a_record_comes_back_as_it_was_written(records):
    """One version on."""
    _, written = records.change("d.eve", lambda _: FULL)

    assert records.get(["d.eve"])["d.eve"] == replace(written, version=1)


def test_a_ban_says_afterwards_who_decided_it(records):
    """One of an older version was the rules'."""
    by_hand = Ban("CASE", "spam", START, START + 60, by_person=True)
    records.change("d.eve", lambda record: replace(record, ban=by_hand))

    assert records.get(["d.eve"])["d.eve"].ban == by_hand


def test_a_charge_of_an_older_version_is_read(records, table):
    """It has no reason, and an address where its network stands now."""
    records.change("d.eve", lambda _: FULL)
    table.change(KEY, charges={"L": [{"S": "d.ada|a.k.1|1.0|1800000000"}]})

    (charge,) = records.get(["d.eve"])["d.eve"].charges
    assert charge == Charge("d.ada", "a.k.1", 1.0, 1_800_000_000.0)


def test_a_device_without_a_record_gets_an_empty_one(records, table):
    """Reading writes nothing, and no keys read nothing."""
    assert records.get(["d.eve", None, "d.eve", "a.k.1"]) == {"d.eve": Record("d.eve"), "a.k.1": Record("a.k.1")}
    assert records.get([None, ""]) == {}
    assert table.items() == {}


def test_a_change_that_changes_nothing_writes_nothing(records, table):
    """A report that is repeated costs a read."""
    records.change("d.eve", lambda record: record)

    assert table.items() == {}


def test_a_change_returns_what_was_and_what_is(records):
    """The caller can tell whether a ban is new."""
    before, after = records.change("d.eve", lambda record: replace(record, rung=1))

    assert (before.rung, after.rung) == (0, 1)


def test_a_change_is_made_on_what_another_wrote_meanwhile(records):
    """Two people report the same one in the same moment: both count."""
    seen: list[Record] = []

    def alter(record: Record) -> Record:
        if not seen:
            records.change("d.eve", lambda other: replace(other, rung=other.rung + 1))
        seen.append(record)
        return replace(record, rung=record.rung + 1)

    records.change("d.eve", alter)

    assert [record.rung for record in seen] == [0, 1]
    assert records.get(["d.eve"])["d.eve"].rung == 2


def test_a_change_that_always_loses_gives_up(records):
    """Its sender is asked to try again."""
    calls = []

    def alter(record: Record) -> Record:
        calls.append(record)
        if len(calls) <= CHANGES_MAX:
            records._put(replace(records.get(["d.eve"])["d.eve"], rung=len(calls)))
        return replace(record, rung=99)

    with pytest.raises(Busy):
        records.change("d.eve", alter)
    assert len(calls) == CHANGES_MAX
    assert records.get(["d.eve"])["d.eve"].rung != 99


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_record_that_is_not_as_it_was_read_is_not_written(records, table, version):
    """Neither over another's version nor in the place of one that is there."""
    for rung in (1, 2):
        records.change("d.eve", lambda record, rung=rung: replace(record, rung=rung))
    before = table.items()

    assert records._put(Record("d.eve", rung=9, version=version)) is False
    assert table.items() == before


def test_a_record_that_was_deleted_is_not_brought_back(records, table):
    """It expired while somebody held it in their hands."""
    records.change("d.eve", lambda record: replace(record, rung=1))
    held = records.get(["d.eve"])["d.eve"]
    table.drop(KEY)

    assert records._put(replace(held, rung=2)) is False
    assert table.items() == {}


def test_an_expired_record_that_was_not_deleted_is_written_over(records, clock):
    """However late the table is with that."""
    records.change("d.eve", lambda record: replace(record, rung=3))
    clock.seconds += RECORD_KEPT_SECONDS + 2

    before, _ = records.change("d.eve", lambda record: replace(record, avoided=("d.ada",)))

    assert before == Record("d.eve")
    assert records.get(["d.eve"])["d.eve"].rung == 0


@pytest.mark.parametrize(("ban", "seconds"), [(None, 0), (Ban("C", "spam", START, START + 1000), 1000)])
def test_a_record_outlives_its_ban_by_ninety_days(records, table, ban, seconds):
    """So that the next rung is known."""
    records.change("d.eve", lambda record: replace(record, rung=1, ban=ban))

    assert table.items()[KEY]["expires_at"] == {"N": f"{START + seconds + RECORD_KEPT_SECONDS:.0f}"}
