"""The docket lists the cases that wait, in their order, and the cases of a device."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model.case import Case, Ruling
from functions.chat.storage.docket import Docket
from functions.chat.storage.table import Table
from tests.functions.world import START


@pytest.fixture
def docket(store: Table) -> Docket:
    return Docket(store)


def case(number: str, reason: str = "spam", seconds: float = 0, reporter: str = "d.ada") -> Case:
    return Case(number, reason, START + seconds, ("d.eve", "a.k.1.2"), reporter_device=reporter)


def numbers(entries) -> list[str]:
    return [entry.case for entry in entries]


def test_the_gravest_waits_first_and_of_these_the_oldest(book, docket):
    """A child in danger is not to wait behind a nuisance."""
    for each in (case("A", "spam"), case("B", "hate", 9), case("C", "underage", 20), case("D", "underage", 10)):
        book.open(each)

    assert numbers(docket.waiting(10)) == ["D", "C", "B", "A"]
    assert docket.count() == 4


def test_the_docket_is_read_page_by_page(book, docket):
    """Each page goes on behind the last one."""
    for at in range(5):
        book.open(case(f"C{at}", seconds=at))

    first = docket.waiting(2)
    second = docket.waiting(2, first[-1].place)
    last = docket.waiting(2, second[-1].place)
    assert [numbers(page) for page in (first, second, last)] == [["C0", "C1"], ["C2", "C3"], ["C4"]]


def test_one_reason_can_be_read_alone(book, docket):
    for each in (case("A", "spam"), case("B", "hate"), case("C", "underage"), case("D", "hate", 1)):
        book.open(each)

    assert numbers(docket.waiting(10, reason="hate")) == ["B", "D"]
    assert numbers(docket.waiting(10, reason="appealed")) == []


def test_a_report_that_weighs_nothing_waits_behind_all_others(book, docket):
    """Once, and among those of its reason as well; an appeal because of it waits before all cases."""
    for each in (case("A", "underage"), case("B", "spam", 1), case("C", "underage", 2), case("D", "hate", 3)):
        book.open(each)
    assert book.put_last("A")
    assert book.put_last("D")

    assert numbers(docket.waiting(10)) == ["C", "B", "A", "D"]
    assert numbers(docket.waiting(10, reason="underage")) == ["C", "A"]
    assert numbers(docket.waiting(1, docket.waiting(1, reason="underage")[0].place, "underage")) == ["A"]
    assert docket.count() == 4
    book.appeal("D", "No.")
    assert numbers(docket.waiting(10)) == ["D", "C", "B", "A"]
    book.strike(book.get("A"))
    assert numbers(docket.waiting(10)) == ["D", "C", "B"]


def test_an_appeal_waits_before_everybody_and_once(book, docket, clock):
    for each in (case("A", "underage"), case("B", "spam", 1)):
        book.open(each)
    clock.seconds += 60
    book.appeal("B", "No.")

    assert numbers(docket.waiting(10)) == ["B", "A"]
    assert numbers(docket.waiting(10, reason="appealed")) == ["B"]


@pytest.mark.parametrize("reason", ["flood", "operator"])
def test_a_ban_that_nobody_reported_waits_once_it_is_appealed(book, docket, reason):
    book.open(case("A", reason))
    assert docket.waiting(10) == []

    book.appeal("A", "No.")
    assert numbers(docket.waiting(10)) == ["A"]


def test_an_appeal_against_a_ban_for_a_flood_waits_behind_all_others(book, docket, clock):
    """Else a person who floods once in three seconds, each time with another browser, buries the list."""
    for each in (case("A", "flood"), case("B", "spam"), case("C", "operator"), case("D", "hate")):
        book.open(each)
    book.put_last("D")
    for number in ("A", "C"):
        book.appeal(number, "No.")

    assert numbers(docket.waiting(10)) == ["C", "B", "A", "D"]
    assert numbers(docket.waiting(10, reason="appealed")) == ["C", "A"]
    book.strike(book.get("A"))
    assert numbers(docket.waiting(10, reason="appealed")) == ["C"]


def test_a_decided_case_waits_no_more_and_again_after_an_appeal(book, docket, store, clock):
    book.open(case("A"))
    book.hold("A", "olga 1")
    store.transact_or_lose([book.ruling_leg("A", Ruling("upheld", "uphold", "olga"), "olga 1")])
    book.strike(book.get("A"))
    assert docket.waiting(10) == []

    clock.seconds += 5
    book.appeal("A", "No.")
    assert numbers(docket.waiting(10)) == ["A"]


def test_a_report_that_is_sent_again_after_its_decision_does_not_wait_again(book, docket, store):
    book.open(case("A"))
    book.hold("A", "olga 1")
    store.transact_or_lose([book.ruling_leg("A", Ruling("upheld", "uphold", "olga"), "olga 1")])
    book.strike(book.get("A"))

    book.open(replace(case("A"), opened_at=START + 30))
    assert docket.waiting(10) == []
    assert not book.put_last("A"), "it was decided while its report was weighed"
    assert docket.waiting(10) == []


def test_an_entry_can_be_dropped(book, docket):
    """By who finds that its case waits no more."""
    book.open(case("A"))
    docket.drop(docket.waiting(1)[0].place)

    assert docket.waiting(10) == []


def test_a_devices_history_has_what_it_reported_and_was_reported_for_newest_first(book, docket):
    """An address has none: it is shared."""
    for at, (number, reporter) in enumerate([("A", "d.ada"), ("B", "d.bo"), ("C", "d.ada")]):
        book.open(case(number, seconds=at, reporter=reporter))

    assert [(entry.case, entry.role) for entry in docket.history("d.ada", 10)] == [("C", "reporter"), ("A", "reporter")]
    assert [(entry.case, entry.role) for entry in docket.history("d.eve", 2)] == [("C", "reported"), ("B", "reported")]
    assert docket.history("a.k.1.2", 10) == []


def test_a_device_that_reported_its_own_window_stands_once_in_its_history(book, docket):
    """As reported: that is what the operator has to know of it."""
    book.open(case("A", reporter="d.eve"))

    assert [(entry.case, entry.role) for entry in docket.history("d.eve", 10)] == [("A", "reported")]
