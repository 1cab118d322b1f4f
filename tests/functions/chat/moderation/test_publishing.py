"""Each month is published once, when its answers are known, and stays."""

from __future__ import annotations

import calendar
from typing import Any

import pytest

from functions.chat.model.case import Case
from functions.routes import PUBLISHING
from tests.functions.entry_points import entry_point
from tests.functions.world import with_parts


@pytest.fixture
def told(world) -> list[Any]:
    """The texts written into the site's file, one after the other."""
    written: list[Any] = []
    world.backend = with_parts(world.backend, publish_figures=written.append)
    return written


def at(world, *day: int) -> None:
    world.clock.seconds = calendar.timegm((*day, 12, 0, 0))


def report(world, count: int, reason: str = "spam") -> None:
    for number in range(count):
        world.backend.cases.open(
            Case(f"{reason}{number:04}{world.clock.seconds}", reason, world.clock.now(), ("d.eve",))
        )


def publish(world) -> None:
    entry_point(PUBLISHING)({}, None, backend=world.backend)


def test_a_month_is_published_once_its_answers_are_known(world, told):
    """Eight days after its end: a complaint of its last day has a week."""
    at(world, 2028, 2, 29)
    report(world, 7)
    report(world, 4, "hate")
    at(world, 2028, 3, 8)
    publish(world)
    assert [each["month"] for each in told[-1]["months"]] == ["2028-01"]

    at(world, 2028, 3, 10)
    publish(world)
    assert [each["month"] for each in told[-1]["months"]] == ["2028-02", "2028-01"]
    figures = told[-1]["months"][0]["figures"]
    assert (figures["reports"], figures["reports: spam"], figures["reports: hate"]) == (10, 5, 0)
    assert told[-1]["step"] == 5


def test_two_years_are_shown_and_no_more(world, told):
    """The file stays small; what was published stays in the table."""
    for year, month in [(year, month) for year in (2026, 2027) for month in range(1, 13)] + [(2028, 1), (2028, 2)]:
        at(world, year, month, 20)
        publish(world)

    months = [each["month"] for each in told[-1]["months"]]
    assert (len(months), months[0], months[-1]) == (24, "2028-01", "2026-02")


def test_a_published_month_does_not_change(world, told):
    """Its cases expire, and the file is written again all the same: a deployment may have lost it."""
    at(world, 2028, 2, 1)
    report(world, 10)
    at(world, 2028, 3, 10)
    publish(world)
    at(world, 2028, 3, 20)
    for key in [key for key in world.items() if key[0].startswith("case")]:
        world.table.drop(key)
    publish(world)

    assert told[0] == told[1]
    assert told[1]["months"][0]["figures"]["reports"] == 10


def test_a_month_whose_file_was_not_written_is_tried_again(world, told):
    at(world, 2028, 3, 10)
    written = world.backend.publish_figures

    def fail(_: Any) -> None:
        raise OSError

    world.backend = with_parts(world.backend, publish_figures=fail)
    with pytest.raises(OSError):
        publish(world)
    world.backend = with_parts(world.backend, publish_figures=written)
    publish(world)

    assert [each["month"] for each in told[-1]["months"]] == ["2028-02"]


def test_nothing_that_is_published_leads_to_anybody(world, told):
    """Numbers under the names of the table, and no word of a case."""
    at(world, 2028, 2, 1)
    world.backend.cases.open(Case("SECRET1", "intimate", world.clock.now(), note="Ada", name="Ada", contact="a@b.c"))
    at(world, 2028, 3, 10)
    publish(world)

    ((month),) = told[-1]["months"]
    assert {type(value) for value in month["figures"].values()} == {int}
    assert not any(word in str(told) for word in ("SECRET1", "Ada", "a@b.c"))
