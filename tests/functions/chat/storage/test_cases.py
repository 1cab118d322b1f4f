"""Cases are opened once, appealed once and decided once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model.pseudonyms import Keyring, SecretKey
from functions.chat.storage import cases
from functions.chat.storage.cases import CASE_KEPT_SECONDS, Case, Cases, report_number
from functions.chat.storage.table import Table
from tests.functions.tables import MotoTable
from tests.functions.world import START, StillClock

CASE = Case("ABCDEFGHIJ", "spam", START, ("d.eve", "a.k.1"), "room", "ada", "d.ada", "eve", "sells things")
KEY, LISTING = ("case#ABCDEFGHIJ", "case"), ("cases#2027-01-15", "ABCDEFGHIJ")


@pytest.fixture
def book(table: MotoTable) -> Cases:
    return Cases(Table(table.client, table.name, StillClock()))


def test_a_case_is_kept_as_it_was_opened_and_listed_for_its_day(book, table):
    """Both expire."""
    assert book.open(CASE) is True

    assert book.get("ABCDEFGHIJ") == CASE
    assert set(table.items()) == {KEY, LISTING}
    assert {item["expires_at"]["N"] for item in table.items().values()} == {f"{START + CASE_KEPT_SECONDS:.0f}"}


def test_a_case_without_words_keeps_none(book):
    """A ban for a flood has neither room nor reporter."""
    case = Case("ABCDEFGHIJ", "flood", START, ("d.eve",))
    book.open(case)

    assert book.get("ABCDEFGHIJ") == case
    assert book.get("OTHER") is None


def test_a_case_is_opened_once(book, table):
    """A repeated report changes nothing."""
    book.open(CASE)
    before = table.items()

    assert book.open(replace(CASE, reason="hate", note="other")) is False
    assert table.items() == before


def test_an_appeal_is_kept_once(book):
    """With its time; the second one changes nothing."""
    book.open(CASE)

    assert book.appeal("ABCDEFGHIJ", "It was not me.") is True
    assert book.appeal("ABCDEFGHIJ", "Really.") is False
    assert book.get("ABCDEFGHIJ") == replace(CASE, appeal="It was not me.", appealed_at=START)


def test_a_decision_is_kept_once(book):
    """With its time; the second one changes nothing."""
    book.open(CASE)

    assert book.decide("ABCDEFGHIJ", "upheld") is True
    assert book.decide("ABCDEFGHIJ", "granted") is False
    assert book.get("ABCDEFGHIJ") == replace(CASE, decision="upheld", decided_at=START)


def test_the_ban_that_a_case_led_to_is_noted(book):
    """For the operator's list."""
    book.open(CASE)

    assert book.note_ban("ABCDEFGHIJ", START + 900) is True
    assert book.get("ABCDEFGHIJ") == replace(CASE, banned_until=START + 900)


@pytest.mark.parametrize(
    "write",
    [
        lambda book: book.appeal("ABCDEFGHIJ", "text"),
        lambda book: book.decide("ABCDEFGHIJ", "upheld"),
        lambda book: book.note_ban("ABCDEFGHIJ", START),
    ],
    ids=["appeal", "decide", "note_ban"],
)
def test_a_case_that_is_not_there_is_never_made_by_what_follows(book, table, write):
    """UpdateItem would create it."""
    assert write(book) is False
    assert table.items() == {}


def test_the_number_of_a_report_is_the_same_when_it_is_sent_again_and_needs_the_key():
    """Who knows the room and the seat, as the reported does, computes nothing; it is short enough to read out."""
    ring, other = (Keyring((SecretKey("k", bytes([byte]) * 32),)) for byte in (1, 2))

    assert report_number(ring, "room", 0) == report_number(ring, "room", 0)
    assert report_number(ring, "room", 0) != report_number(other, "room", 0)
    assert len({report_number(ring, "room", at) for at in (0, 1)}) == 2
    assert report_number(ring, "room", 0).isalnum()
    assert len(report_number(ring, "room", 0)) == cases.CASE_LENGTH
