"""The people here are measured: the next measurement corrects events that were lost on the way."""

from __future__ import annotations

import random
from typing import Any

import pytest

from functions.chat.model.busy_hours import Hours
from functions.chat.presence import census
from functions.chat.storage.presence import Census, Online, presence_key
from tests.functions.tables import MotoTable
from tests.functions.world import DEAD, Person, World, with_parts

CONNECTION_SECONDS_MAX = 7200
COUNT_SECONDS = 60
LOOK_SECONDS = 20.0
OVERDUE_SECONDS = 30
PARTITIONS = 8
SAMPLE_MAX = 104
SILENT_SECONDS = 150.0
TOLD_SECONDS = 240


class Street:
    """A world that counts its people, and what visitors were told."""

    def __init__(self, table: MotoTable, threshold: int = 1) -> None:
        self.world = World(table, online_threshold=threshold)
        self.asked_to_count: list[int] = []
        self.told: list[dict[str, Any]] = []
        self.used_at: dict[str, float] = {}
        self.world.sockets.last_used = self.last_used  # type: ignore[method-assign]  # a street says itself who did what when
        self.online = self.another_process()
        self.world.backend = with_parts(self.world.backend, online=self.online, tell_visitors=self.told.append)

    def another_process(self) -> Online:
        return Online(self.world.backend.table, self.asked_to_count.append, random.Random(2))

    def last_used(self, connection_id: str) -> float | None:
        is_open = connection_id in self.world.sockets.open
        return self.used_at.get(connection_id, self.world.clock.now()) if is_open else None

    def people(self, count: int) -> list[Person]:
        return [self.world.person(f"P{number}") for number in range(count)]

    def minute(self) -> None:
        """Let a minute pass, and have the delay queue deliver what it was asked for."""
        self.world.pass_time(COUNT_SECONDS)
        self.asked_to_count.clear()
        self.world.deliver({"count": "online"})

    @property
    def shown(self) -> int:
        return self.told[-1].get("online", 0) if self.told else 0


@pytest.fixture
def street(table: MotoTable) -> Street:
    return Street(table)


def test_a_visit_costs_two_small_writes(street):
    """One when the socket opens, one when it closes, each below a write unit's kilobyte; a line costs none."""
    before = set(street.world.items())
    ada, bo = street.world.person("Ada"), street.world.person("Bo")
    noted = [key for key in set(street.world.items()) - before if key[0].startswith("online#")]
    assert sorted(noted) == sorted(presence_key(person.id) for person in (ada, bo))

    ada.join()
    bo.join()
    requests = len(street.world.client.requests)
    ada.send("message", room=ada.room, seq=1, text="Hello")
    assert [name for name, _ in street.world.client.requests[requests:]] == ["GetItem"]

    ada.disconnect()
    assert street.world.table.under("online#") == [presence_key(bo.id)]


def test_a_socket_noted_twice_is_one(street):
    """A repeated `$connect` changes nothing, and neither does a second `$disconnect`."""
    (ada,) = street.people(1)
    street.online.arrive(ada.id)
    assert street.online.noted() == 1

    ada.disconnect()
    street.online.leave(ada.id)
    assert street.online.noted() == 0


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_lost_disconnects_are_corrected_by_the_next_measurement(street, kept):
    """Within a minute, for few people exactly; items that they left behind are removed."""
    people = street.people(7)
    street.minute()
    assert street.shown == 7

    for person in people[kept:]:
        person.die()
    street.minute()

    assert street.shown == kept
    assert street.online.noted() == kept
    assert all(street.world.items()[person.key].get("lost_at") for person in people[kept:])


def test_of_many_people_a_sample_corrects_the_number_at_once(street):
    """Half of a crowd vanishes without a word: the next number is right within what chance allows."""
    for number in range(600):
        street.online.arrive(f"c{number}=")
        if number % 2:
            street.world.sockets.open[f"c{number}="] = []
    street.minute()

    assert street.online.noted() < 600, "what was asked about and is dead is removed"
    assert 200 < street.shown < 400


def test_a_phone_in_a_tunnel_is_not_here(street):
    """Its socket is open for the platform, but nothing has passed for minutes."""
    ada, _ = street.people(2)
    street.used_at[ada.id] = street.world.clock.now() + COUNT_SECONDS - SILENT_SECONDS - 1
    street.minute()

    assert street.shown == 1
    assert street.online.noted() == 2


def test_a_socket_that_nobody_asked_about_expires_with_the_longest_one(street):
    """DynamoDB deletes late, so what has expired is not counted either."""
    street.people(2)
    street.world.pass_time(CONNECTION_SECONDS_MAX + 61)

    assert street.online.noted() == 0
    assert street.online.sample() == []


def test_the_sample_is_everybody_where_there_are_few_and_never_more_than_its_size(street):
    """Drawn from all partitions, nobody twice."""
    for number in range(12):
        street.online.arrive(f"c{number}=")
    assert sorted(street.online.sample()) == sorted(f"c{number}=" for number in range(12))

    for number in range(12, 400):
        street.online.arrive(f"c{number}=")
    found = street.online.sample()
    assert len(found) == len(set(found)) == SAMPLE_MAX


def test_sockets_are_spread_over_the_partitions():
    """No partition takes all writes, with connection ids of any form."""
    places = [presence_key(f"L{number:08d}=")[0] for number in range(800)]

    assert len(set(places)) == PARTITIONS
    assert all(60 < places.count(place) < 140 for place in set(places))


def test_below_the_threshold_nobody_is_told(table):
    """Neither the number, nor how far it is from being told."""
    street = Street(table, threshold=3)
    people = street.people(2)
    street.minute()
    assert street.told == []

    people += [street.world.person("One more")]
    street.minute()
    people[0].disconnect()
    street.minute()
    assert [told.get("online") for told in street.told] == [3, None]


def test_visitors_are_told_again_before_what_they_know_ends(street):
    """An unchanged number costs a write every two minutes, not every one."""
    street.people(2)
    for _ in range(6):
        street.minute()
    now = street.world.clock.now()

    assert len(street.told) == 3
    assert street.told[-1]["until"] - TOLD_SECONDS >= now - 2 * COUNT_SECONDS


def test_when_it_is_usually_busy_is_told_even_to_an_empty_site(table):
    """Below the threshold, and after the last one has gone: with an end of its own, some days away."""
    street = Street(table, threshold=50)
    street.online.begin()
    now = street.world.clock.now()
    hour = int(now) // 3600
    usual = tuple(300.0 if at in (18, 19, 20) else 0.0 for at in range(24))
    street.online.remember(Census(0, (), 0.0, Hours(usual, hour, 0, hour - 24 * 9)))
    (ada,) = street.people(1)
    street.minute()
    assert [told["busy"] for told in street.told] == [[18, 19, 20]]
    assert street.told[0]["busyUntil"] - street.world.clock.now() > 6 * 24 * 3600
    assert "online" not in street.told[0]

    for _ in range(20):
        street.minute()
    ada.disconnect()
    street.minute()
    assert len(street.told) == 1, "nothing new, so nothing is written"


def test_measuring_goes_on_as_long_as_anybody_is_here(street):
    """An empty site costs nothing."""
    (ada,) = street.people(1)
    street.minute()
    assert street.asked_to_count == [COUNT_SECONDS]

    ada.disconnect()
    street.minute()
    assert street.asked_to_count == []
    assert street.told[-1] == {}


def test_of_several_who_were_called_one_measures(street):
    """The delay queue delivers at least once, and several processes may have asked."""
    street.people(1)
    street.minute()
    street.world.deliver({"count": "online"}, {"count": "online"})

    assert street.asked_to_count == [COUNT_SECONDS]
    assert len(street.told) == 1


def test_a_join_wakes_the_measurement_and_a_process_asks_once(street):
    """It begins with the first people, and again when the handler that should go on died."""
    (ada,) = street.people(1)
    for _ in range(3):
        ada.join()
    assert street.asked_to_count == [0]

    street.minute()
    street.world.pass_time(LOOK_SECONDS)
    street.asked_to_count.clear()
    ada.join()
    assert street.asked_to_count == [], "it is on its way"

    street.world.pass_time(COUNT_SECONDS + OVERDUE_SECONDS)
    ada.join()
    assert street.asked_to_count == [0]


def test_a_measurement_that_is_some_seconds_late_is_not_asked_for_once_more(street):
    """The delay queue takes its time; after half a minute the handler that was to go on is dead."""
    street.people(1)
    street.minute()
    for seconds, asked in ((COUNT_SECONDS + 10, []), (OVERDUE_SECONDS, [0])):
        street.world.pass_time(seconds)
        street.asked_to_count.clear()
        street.another_process().wake()
        assert street.asked_to_count == asked


def test_whose_disconnect_was_lost_is_lost_to_the_peer_too(street):
    """The peer is told that they are away, and left when the grace is over."""
    ada, bo = street.world.pair()
    ada.die()
    street.minute()
    assert street.world.news() == {"Bo": ["peer_away"]}

    street.world.ring()
    assert "peer_left" in street.world.news()["Bo"]
    bo.disconnect(DEAD)


def test_a_site_that_counts_nobody_writes_nothing_of_it(table):
    """Threshold 0 is what the settings say when they say nothing."""
    world = World(table)
    world.pair()
    census.measure(world.backend)

    assert world.table.under("online#") == world.table.under("census") == []


def test_a_number_that_cannot_be_told_is_measured_again(street):
    """The delay queue delivers what failed once more, a minute later."""

    def fail(told: Any) -> None:
        raise ConnectionError

    street.people(1)
    told = street.world.backend
    street.world.backend = with_parts(told, tell_visitors=fail)
    with pytest.raises(ConnectionError):
        street.minute()

    street.world.backend = told
    street.minute()
    assert street.shown == 1


def test_a_crowd_is_counted_over_all_pages(street):
    """DynamoDB counts a megabyte at a time."""
    end = {"pk": {"S": "online#0"}, "sk": {"S": "f"}}
    street.world.client.fail("Query", {"Count": 9000, "LastEvaluatedKey": end}, {"Count": 3})

    assert street.world.backend.table.count("online#0") == 9003
    second = street.world.client.requests[-1][1]
    assert second["ExclusiveStartKey"] == end
    assert second["Select"] == "COUNT"
