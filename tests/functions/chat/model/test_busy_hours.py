"""When it is usually busy, from counts of a minute each; quiet days are never written down and count all the same."""

from __future__ import annotations

import pytest

from functions.chat.model.busy_hours import Hours, busiest, counted

EVENING = {19: 3, 20: 9, 21: 12, 22: 9, 23: 2}


def days(count: range, people: dict[int, int]) -> dict[int, dict[int, int]]:
    return dict.fromkeys(count, people)


def lived(story: dict[int, dict[int, int]]) -> Hours:
    """Count so many people in each minute of some hours of some days."""
    hours = None
    for day, people in story.items():
        for hour, here in people.items():
            for _ in range(60):
                hours = counted(hours, day * 24 + hour, here)
    assert hours is not None
    return hours


def test_an_evening_of_each_day_is_when_it_is_busy():
    """The three hours in a row with the most people, be the count of today over or not."""
    assert busiest(lived(days(range(5), EVENING))) == (20, 21, 22)


def test_hours_in_a_row_go_on_behind_midnight():
    """The clock is that of UTC, where somebody's evening is anywhere."""
    assert busiest(lived(days(range(5), {0: 9, 1: 8, 22: 3, 23: 9}))) == (23, 0, 1)


def test_one_busy_evening_is_not_what_is_usual():
    """Told after three days."""
    assert busiest(lived({0: EVENING, 1: EVENING, 2: EVENING})) == ()
    assert busiest(lived({0: EVENING, 1: EVENING, 2: EVENING, 3: EVENING})) == (20, 21, 22)


@pytest.mark.parametrize("here", [1, 200])
def test_where_all_hours_are_alike_none_is_busiest(here):
    """However many people there are."""
    assert busiest(lived(days(range(6), dict.fromkeys(range(24), here)))) == ()


def test_one_person_alone_makes_no_busy_hour():
    """Nobody could be met then, and it would tell when that one is here."""
    assert busiest(lived(days(range(9), {8: 1, 9: 1, 10: 1}))) == ()


def test_days_without_anybody_count_as_zero():
    """Nobody counts while nobody is here: the next count makes up for the missing hours."""
    busy = lived(days(range(8), EVENING))
    later = lived(days(range(8), EVENING) | {15: {9: 1}})

    assert busiest(busy) == (20, 21, 22)
    assert later.usual[21] < busy.usual[21] * 0.5
    assert busiest(lived(days(range(8), EVENING) | {30: {9: 1}})) == ()


@pytest.mark.parametrize("gap", [1, 2, 23, 24, 25, 26, 47, 48, 49, 72, 100])
def test_hours_that_nobody_counted_are_as_hours_in_which_nobody_came(gap):
    """However many: those of the day before, and the hour that was counted last, too."""
    busy = lived(days(range(5), EVENING))
    here = busy.hour + gap
    each = busy
    for hour in range(busy.hour + 1, here):
        each = counted(each, hour, 0)

    at_once, one_by_one = counted(busy, here, 1), counted(each, here, 1)
    assert at_once.usual == pytest.approx(one_by_one.usual, abs=0.05)
    assert at_once[1:] == one_by_one[1:]


def test_a_new_habit_replaces_the_old_one_within_a_week():
    """People come in the morning now."""
    assert busiest(lived(days(range(8), EVENING) | days(range(8, 15), {6: 9, 7: 12, 8: 9}))) == (
        6,
        7,
        8,
    )


def test_a_count_that_comes_out_of_order_belongs_to_the_running_hour():
    """Clocks of two machines differ by seconds."""
    hours = counted(counted(None, 100, 5), 99, 7)

    assert (hours.hour, hours.minutes) == (100, 12)
