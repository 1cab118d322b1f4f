"""The benchmarks' own arithmetic: units as DynamoDB counts them and dollars as the price list says."""

from __future__ import annotations

import pytest

from infra import prices
from tests.bench import bill, units
from tests.bench.recorder import Call
from tests.bench.scale import CROWDS, SHARDS, use
from tests.bench.stage import Invocation


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"pk": {"S": "room"}}, 6),
        ({"né": {"S": "é"}}, 5),  # in UTF-8
        ({"n": {"N": "1800000000.25"}}, 8),
        ({"b": {"BOOL": True}}, 2),
        ({"l": {"L": [{"S": "ab"}]}}, 7),
        ({"m": {"M": {"a": {"S": "b"}}}}, 7),
        ({"s": {"SS": ["a", "bc"]}}, 4),
        (None, 1),
    ],
)
def test_an_item_has_the_size_that_is_billed(item, size):
    """Names count as well as values (Amazon DynamoDB, "Item sizes and formats")."""
    assert units.size(item) == size


def test_units_are_whole_and_a_transaction_counts_twice():
    """The larger of before and after is what a write costs; of a read only a consistent one is a whole unit."""
    assert units.write_units(10, 1025) == 2
    assert units.write_units(2000, 1, transaction=True) == 4
    assert units.read_units([1, 4097], consistent=True) == 3
    assert units.read_units([1], consistent=False) == 0.5


def test_a_line_is_billed_as_two_messages_a_run_and_a_read():
    """In and out; a message of more than 32 KB is two."""
    calls = [Call("dynamodb", "GetItem room", reads=1.0), Call("sockets", "post message", post_bytes=33_000)]
    tally = bill.tally_of([Invocation("message", 90, calls)])

    assert (tally.messages, tally.invocations, tally.reads, tally.writes) == (3, 1, 1.0, 0)
    assert tally.parts["messages"] == 3 * prices.MESSAGE
    assert tally.gigabyte_seconds == pytest.approx(bill.duration(calls) / 1000 * bill.MEMORY_GIGABYTES)


def test_work_beside_the_rest_takes_no_time_of_its_own():
    """Nobody waits for it, and Lambda bills the longer of both."""
    post = Call("sockets", "post peer_left", post_bytes=10, aside=True)

    assert bill.duration([post]) == 0


def test_more_people_need_more_of_everything():
    """And a world of them more shards than there are."""
    few, _, world = (use(people) for people in CROWDS)

    assert all(world[limit] > few[limit] for limit in few)
    assert world[SHARDS] > SHARDS.most


def test_a_lively_chat_sends_lines_and_one_sign():
    """A line is $2.46 a million, and $2.70 with typing and acknowledgements is one more frame in ten lines."""
    played = bill.Meter(NotImplemented)

    assert len(played.script["lively"]["frames"]) <= len(played.lines("lively")) * 2.7 / 2.46
