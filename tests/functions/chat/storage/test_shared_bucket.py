"""The counts that processes share, with every condition of their writes."""

from __future__ import annotations

import pytest

from functions.chat.model.rates import Rate
from functions.chat.storage.shared_bucket import SharedPace
from functions.chat.storage.table import Table
from tests.functions.tables import MotoTable
from tests.functions.world import START, StillClock

PACE_KEPT_SECONDS = 3 * 3600

RATE = Rate(burst=100, per_second=10)
HOUR = 3600
KEY = ("pace#x", "pace")


class Shared:
    """A shared pace, and its clock."""

    def __init__(self, table: MotoTable) -> None:
        self.table, self.clock = table, StillClock()
        self.pace = SharedPace(Table(table.client, table.name, self.clock))

    def bucket(self) -> tuple[float, float]:
        item = self.table.items()[KEY]
        return float(item["began"]["N"]) - START, float(item["amount"]["N"])


@pytest.fixture
def shared(table: MotoTable) -> Shared:
    return Shared(table)


def test_a_bucket_overflows_when_it_holds_more_than_its_burst(shared):
    """For any process that pours, and until it has leaked down to its burst."""
    assert [shared.pace.pour("x", 50, RATE) for _ in range(3)] == [0, 0, 5]
    assert shared.bucket() == (0.0, 150.0)


def test_a_bucket_leaks(shared):
    """Ten a second here."""
    for _ in range(2):
        shared.pace.pour("x", 50, RATE)
    shared.clock.seconds += 6

    assert shared.pace.pour("x", 50, RATE) == 0
    assert shared.pace.pour("x", 50, RATE) == pytest.approx(4)


def test_a_look_tells_how_full_a_bucket_is_and_pours_nothing(shared):
    """Of one that there is not, or that has expired, that it is empty."""
    assert shared.pace.level("x", RATE) == 0
    shared.pace.pour("x", 50, RATE)
    shared.clock.seconds += 2
    assert [shared.pace.level("x", RATE) for _ in range(2)] == [30, 30]
    shared.clock.seconds += PACE_KEPT_SECONDS
    assert shared.pace.level("x", RATE) <= 0


def test_a_drained_bucket_begins_anew(shared):
    """An amount that was poured long ago does not count as a credit."""
    shared.pace.pour("x", 50, RATE)
    shared.clock.seconds += 1000

    assert [shared.pace.pour("x", 50, RATE) for _ in range(3)] == [0, 0, 5]
    assert shared.bucket() == (1000.0, 150.0)


def test_a_bucket_that_is_poured_into_is_not_forgotten_until_it_is_drained(shared):
    """Else an abuser who keeps it from running dry has two bursts around the hour in which it began."""
    slow = Rate(burst=66, per_second=48 / HOUR)
    shared.pace.pour("x", 10, slow)
    for _ in range(120):
        shared.clock.seconds += 72
        assert shared.pace.pour("x", 1, slow) == 0
    assert shared.pace.pour_to("x", 50, slow) > 60

    shared.clock.seconds += HOUR
    assert shared.pace.pour_to("x", 10, slow) > 20


def test_one_batch_may_be_more_than_a_burst(shared):
    """Then it overflows at once."""
    assert shared.pace.pour("x", 120, RATE) == 2


def test_a_bucket_that_expired_and_was_not_deleted_is_none(shared):
    """However late the table is with that."""
    for _ in range(3):
        shared.pace.pour("x", 50, RATE)
    shared.clock.seconds += PACE_KEPT_SECONDS + 2

    assert shared.pace.pour("x", 50, RATE) == 0
    assert shared.bucket() == (PACE_KEPT_SECONDS + 2, 50.0)


# Conditions.


def test_adding_loses_when_there_is_no_bucket_and_creates_none(shared):
    """UpdateItem would."""
    assert shared.pace._add("x", 50) is None
    assert shared.table.items() == {}


def test_adding_loses_when_the_bucket_has_expired(shared):
    """It would live on for ever without a beginning that is true."""
    shared.pace.pour("x", 50, RATE)
    shared.clock.seconds += PACE_KEPT_SECONDS + 2
    before = shared.table.items()

    assert shared.pace._add("x", 50) is None
    assert shared.table.items() == before


@pytest.mark.parametrize(("seen", "wins"), [(None, False), (49.0, False), (50.0, True)])
def test_beginning_anew_loses_when_somebody_poured_meanwhile(shared, seen, wins):
    """The count of another process is not thrown away."""
    shared.pace.pour("x", 50, RATE)
    before = shared.table.items()

    assert shared.pace._begin("x", 25, seen) is wins
    assert (shared.table.items() == before) is not wins


class Meanwhile(SharedPace):
    """Another process is quicker, each time."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.other = SharedPace(table)

    def _begin(self, what: str, amount: float, seen: float | None) -> bool:
        self.other._begin(what, amount, None) or self.other._add(what, amount)
        return super()._begin(what, amount, seen)


def test_two_processes_that_begin_at_once_lose_nothing(shared):
    """The slower process adds to the bucket that the other began."""
    other = Meanwhile(Table(shared.table.client, shared.table.name, shared.clock))

    assert other.pour("x", 60, RATE) == pytest.approx(2)
    assert shared.bucket() == (0.0, 120.0)


def test_every_item_of_these_expires(shared):
    """Nothing that counts stays for ever."""
    shared.pace.pour("x", 1, RATE)

    assert all(float(item["expires_at"]["N"]) > START for item in shared.table.items().values())
