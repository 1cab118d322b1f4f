"""Where tickets stand, and where somebody looks for them."""

from __future__ import annotations

from itertools import product

import pytest

from functions.chat.model.pairing import may_meet
from functions.chat.model.people import Connection, Ticket, Wish
from functions.chat.storage.queue import Queue
from functions.chat.storage.table import Busy, Table
from tests.functions.tables import FaultyClient, refusal
from tests.functions.world import START, StillClock

HINT_KEPT_SECONDS = 3 * 3600
NEIGHBOURS_MAX = 16
SNAPSHOT_MAX = 20

PARTITION_BYTES_MAX = 2048  # Amazon DynamoDB, "Quotas": the length of a partition key


def queue_on(table, shards: int = 1, client=None) -> Queue:
    return Queue(Table(client or table.client, table.name, StillClock()), shards)


def ticket(name: str, *interests: str, mode: str = "text", widened: bool = False) -> Ticket:
    return Ticket(name, f"{name}=", name, Wish(mode, interests, widened=widened))


def test_a_ticket_is_found_in_each_of_its_lobbies_and_nowhere_else(table):
    """One hint for each interest, and with `widened` one for anyone; modes never mix."""
    queue = queue_on(table)
    ada = ticket("1", "Café", "Go", widened=True)

    queue.put(ada, queue.partitions_of(ada))

    assert sorted(pk for pk, _ in table.items()) == ["queue#text#*#0", "queue#text#=cafe", "queue#text#=go"]
    assert queue.read("queue#text#=cafe") == ([ada], None)
    assert queue.read("queue#video#*#0") == ([], None)


def test_a_ticket_is_removed_from_everywhere_at_once(table):
    """In one call, with those of others; and removing what is not there is nothing."""
    client = FaultyClient(table.client)
    queue = queue_on(table, client=client)
    ada, bo, cy = ticket("1", "Go", "Chess", widened=True), ticket("2", "Go"), ticket("3", "Go")
    for each in (ada, bo, cy):
        queue.put(each, queue.partitions_of(each))
    client.requests.clear()

    queue.remove([ada, bo])
    queue.remove([ada])

    assert list(table.items()) == [("queue#text#=go", "3")]
    assert len(client.requests) == 2


def test_a_hint_expires_by_itself(table):
    """A hint that a dead handler left behind goes when nobody can be waiting any more."""
    queue = queue_on(table)
    queue.put(ticket("1"), ["queue#text#*#0"])

    assert table.items()["queue#text#*#0", "1"]["expires_at"] == {"N": str(int(START) + HINT_KEPT_SECONDS)}


def test_the_oldest_tickets_are_read_first_a_page_at_a_time(table):
    """In any order in which they were put."""
    queue = queue_on(table)
    names = [f"{number:03}" for number in range(SNAPSHOT_MAX + 3)]
    for name in reversed(names):
        queue.put(ticket(name), ["queue#text#*#0"])

    first, last = queue.read("queue#text#*#0")
    rest, nothing = queue.read("queue#text#*#0", last)

    assert ([each.id for each in first], last) == (names[:SNAPSHOT_MAX], names[SNAPSHOT_MAX - 1])
    assert ([each.id for each in rest], nothing) == (names[SNAPSHOT_MAX:], None)


def test_reading_back_gives_a_ticket_and_those_just_before_it(table):
    """The newest first; one's own is among them as long as it stands there."""
    queue = queue_on(table)
    names = [f"{number:03}" for number in range(NEIGHBOURS_MAX + 3)]
    for name in names:
        queue.put(ticket(name), ["queue#text#*#0"])

    found = [each.id for each in queue.read_back("queue#text#*#0", names[-2])]

    assert found == names[-1 - NEIGHBOURS_MAX : -1][::-1]
    assert queue.read_back("queue#text#*#0", "001")[0].id == "001"


def test_interests_are_looked_at_first_and_anyone_last(table):
    """Somebody with a common interest is what was asked for."""
    queue = queue_on(table)
    seeker = Connection("Ada=", "ada")

    assert queue.partitions_for(seeker, Wish("text", ("Go", "Chess"), widened=True)) == [
        "queue#text#=go",
        "queue#text#=chess",
        "queue#text#*#0",
    ]


def test_somebody_who_waits_looks_first_where_they_stand_themselves(table):
    """Their own hint is what they look for when they repair it."""
    queue = queue_on(table, shards=8)
    for number in range(20):
        seeker = Connection("Ada=", "ada", Wish("text"), ticket_id=f"{number}")
        assert seeker.wish is not None
        assert queue.partitions_for(seeker, seeker.wish)[:1] == queue.partitions_of(seeker.as_ticket())


@pytest.mark.parametrize("shards", [1, 2, 7, 64])
def test_a_sharded_queue_strands_nobody(table, shards):
    """Of two people who may meet each looks in every place where the other's hint may stand alone."""
    queue = queue_on(table, shards)
    wishes = [Wish("text", *each) for each in product([(), ("Go",), ("Go", "Chess")], [()], (False, True))]

    for number, (one, other) in enumerate(product(wishes, wishes)):
        seeker = Connection(f"seeker {number}", "ada", one)
        waiting = Ticket(f"{number}", "Bo=", "bo", other)
        if may_meet(seeker.as_ticket(), waiting):
            assert set(queue.partitions_for(seeker, one)) & set(queue.partitions_of(waiting))


def test_shards_share_the_load_of_the_lobby_for_anyone(table):
    """Tickets spread over all of them."""
    queue = queue_on(table, shards=4)
    places = [queue.partitions_of(ticket(f"ticket {number}"))[0] for number in range(400)]

    assert {places.count(f"queue#text#*#{shard}") > 50 for shard in range(4)} == {True}


@pytest.mark.parametrize("longest", ["😀" * 32, "\ufdfa" * 32, "ﬃ" * 32], ids=ascii)
def test_the_longest_interest_fits_a_key(table, longest):
    """Folding makes some characters longer: one of them becomes eighteen."""
    (partition,) = queue_on(table).partitions_of(ticket("1", longest))

    assert len(partition.encode()) < PARTITION_BYTES_MAX


@pytest.mark.parametrize(("shards", "attempts"), [(1, 5), (3, 2)])
def test_a_part_of_a_queue_that_refuses_is_asked_less_often_than_a_whole_one(table, shards, attempts):
    """A search goes on in the other parts meanwhile."""
    client = FaultyClient(table.client)
    client.fail("Query", *[refusal("ThrottlingException")] * 9)
    with pytest.raises(Busy):
        queue_on(table, shards, client).read("queue#text#*#0")

    assert len(client.requests) == attempts


def test_a_glance_at_the_other_mode_is_content_with_a_moment_ago(table):
    """At half the price: it is an offer and no promise."""
    client = FaultyClient(table.client)
    queue_on(table, client=client).glance(Connection("Ada=", "ada", Wish("text"), "1"), "video")

    ((_, request),) = client.requests
    assert not request.get("ConsistentRead")
