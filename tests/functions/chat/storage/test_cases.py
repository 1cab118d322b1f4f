"""Cases are opened once, appealed once and decided once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pynamodb.exceptions import PynamoDBException

from functions.chat.model.case import Case, Ruling
from functions.chat.storage.cases import Cases
from functions.chat.storage.table import Table
from tests.functions.tables import FaultyClient, refusal
from tests.functions.world import START

CASE_KEPT_SECONDS = 90 * 24 * 3600

CASE = Case("ABCDEFGHIJ", "spam", START, ("d.eve", "a.k.1"), "room", "ada", "d.ada", "eve", "sells things")
KEY, LISTING = ("case#ABCDEFGHIJ", "case"), ("cases#2027-01-15", "ABCDEFGHIJ")


def decided(book: Cases, decision: str, holder: str) -> bool:
    leg = book.ruling_leg("ABCDEFGHIJ", Ruling(decision, "uphold", "olga"), holder)
    return book._table.transact_or_lose([leg])


def test_a_case_is_kept_as_it_was_opened_and_listed_for_its_day(book, table):
    """Both expire."""
    assert book.open(CASE) is True

    assert book.get("ABCDEFGHIJ") == CASE
    assert set(table.items()) >= {KEY, LISTING}
    assert {item["expires_at"]["N"] for item in table.items().values()} == {f"{START + CASE_KEPT_SECONDS:.0f}"}


def test_a_case_without_words_keeps_none(book):
    """A ban for a flood has neither room nor reporter."""
    case = Case("ABCDEFGHIJ", "flood", START, ("d.eve",))
    book.open(case)

    assert book.get("ABCDEFGHIJ") == case
    assert book.get("OTHER") is None


def test_a_handler_that_dies_while_it_opens_a_case_leaves_none_that_nobody_finds(table, clock):
    """A listing of nothing is harmless; a case without one would wait for good."""
    client = FaultyClient(table.client)
    client.fail("BatchWriteItem", refusal("InternalServerError"))
    with pytest.raises(PynamoDBException):
        Cases(Table(client, table.name, clock)).open(CASE)

    assert KEY not in table.items()


def test_a_report_is_taken_back_once(book):
    """By its own device; the time of the first wish stays."""
    book.open(CASE)

    assert [book.take_back("ABCDEFGHIJ", device) for device in ("d.eve", "d.ada", "d.ada")] == [False, True, False]


def test_a_case_is_opened_once(book, table):
    """A repeated report changes nothing."""
    book.open(CASE)
    before = table.items()

    later = replace(CASE, reason="hate", note="other", opened_at=START + 60)
    assert book.open(later) is False
    assert table.items().keys() == before.keys()
    assert [table.items()[key] for key in before if key != LISTING] == [before[key] for key in before if key != LISTING]


def test_an_appeal_is_kept_once(book):
    """With its time; the second one changes nothing."""
    book.open(CASE)

    assert book.appeal("ABCDEFGHIJ", "It was not me.") is True
    assert book.appeal("ABCDEFGHIJ", "Really.") is False
    assert book.get("ABCDEFGHIJ") == replace(CASE, appeal="It was not me.", appealed_at=START)


def test_a_case_is_held_by_one_at_a_time_until_it_breaks_off(book, clock):
    """A second window of the same person is another holder; after a minute anybody may go on."""
    book.open(CASE)

    assert book.hold("ABCDEFGHIJ", "olga 1") is True
    assert book.hold("ABCDEFGHIJ", "olga 2") is False
    assert book.hold("ABCDEFGHIJ", "olga 1") is True
    clock.seconds += 61
    assert book.hold("ABCDEFGHIJ", "paul 1") is True


def test_a_case_that_was_let_go_can_be_held_by_another_and_only_its_holder_lets_go(book):
    book.open(CASE)
    book.hold("ABCDEFGHIJ", "olga 1")

    book.release("ABCDEFGHIJ", "paul 1")
    assert book.hold("ABCDEFGHIJ", "paul 1") is False
    book.release("ABCDEFGHIJ", "olga 1")
    assert book.hold("ABCDEFGHIJ", "paul 1") is True


def test_a_decision_is_kept_once_and_by_its_holder(book):
    """With its time, who and how; it can be made again after an appeal."""
    book.open(CASE)
    book.hold("ABCDEFGHIJ", "olga 1")

    assert decided(book, "upheld", "paul 1") is False
    assert decided(book, "upheld", "olga 1") is True
    assert book.hold("ABCDEFGHIJ", "paul 1") is False
    assert decided(book, "granted", "olga 1") is False
    assert book.get("ABCDEFGHIJ") == replace(
        CASE, decision="upheld", decided_at=START, verdict="uphold", decided_by="olga"
    )


def test_an_appeal_after_a_decision_opens_a_case_again(book, clock):
    """Once: it is decided as any other."""
    book.open(CASE)
    book.hold("ABCDEFGHIJ", "olga 1")
    decided(book, "upheld", "olga 1")
    clock.seconds += 10
    book.appeal("ABCDEFGHIJ", "It was not me.")

    assert book.hold("ABCDEFGHIJ", "paul 1") is True
    clock.seconds += 10
    assert decided(book, "granted", "paul 1") is True
    assert book.hold("ABCDEFGHIJ", "olga 1") is False


def test_the_ban_that_a_case_led_to_is_noted(book):
    """For the operator's list."""
    book.open(CASE)

    assert book.note_ban("ABCDEFGHIJ", START + 900) is True
    assert book.get("ABCDEFGHIJ") == replace(CASE, banned_until=START + 900, banned_at=START)


@pytest.mark.parametrize(
    "write",
    [
        lambda book: book.appeal("ABCDEFGHIJ", "text"),
        lambda book: book.hold("ABCDEFGHIJ", "olga 1"),
        lambda book: decided(book, "upheld", "olga 1"),
        lambda book: book.propose("ABCDEFGHIJ", "ban 9", "olga"),
        lambda book: book.note_ban("ABCDEFGHIJ", START),
    ],
    ids=["appeal", "hold", "decide", "propose", "note_ban"],
)
def test_a_case_that_is_not_there_is_never_made_by_what_follows(book, table, write):
    """UpdateItem would create it."""
    assert write(book) is False
    assert table.items() == {}
