"""What reports, floods and time come to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model import reputation
from functions.chat.model.people import AVOIDED_MAX, Ban
from functions.chat.model.pseudonyms import Device
from functions.chat.model.rates import REPORTS_OF_DEVICE
from functions.chat.model.reputation import DAY, HALF_LIFE_SECONDS, HOUR, MINUTE, RUNGS_SECONDS, Charge, Record
from functions.chat.protocol.fields import REASONS

NOW = 1_800_000_000.0
NOBODY = Record("d.eve")


def reported(record: Record, *reporters: str, reason: str = "spam", at: float = NOW) -> Record:
    """Return the record after each of these reported, in the same moment."""
    for name in reporters:
        charge = Charge(f"d.{name}", f"a.k.{name}", reputation.WEIGHTS[reason], at)
        record = reputation.judge(record.charged(charge), "CASE", reason, at)
    return record


def seconds(record: Record) -> float:
    assert record.ban is not None
    return record.ban.until - record.ban.since


def test_every_reason_of_the_contract_weighs_something():
    """None of them is for show."""
    assert set(reputation.WEIGHTS) == set(REASONS)
    assert all(0 < weight <= reputation.SCORE_MAX for weight in reputation.WEIGHTS.values())


def test_three_people_lock_somebody_out_for_a_quarter_of_an_hour():
    """Two do not."""
    assert reported(NOBODY, "ada", "bo").ban is None

    banned = reported(NOBODY, "ada", "bo", "cy")
    assert banned.ban == Ban("CASE", "spam", NOW, NOW + 15 * MINUTE)


def test_one_person_counts_once_however_often_they_report():
    """Nor does another device at the same address count."""
    assert reported(NOBODY, *["ada"] * 10).charges == reported(NOBODY, "ada").charges
    neighbour = Charge("d.other", "a.k.ada", 1.0, NOW)
    assert reported(NOBODY, "ada").charged(neighbour) == reported(NOBODY, "ada")


@pytest.mark.parametrize("address", ["l.k.1", ""])
def test_devices_whose_address_says_nothing_count_each(address):
    """On one's own machine everybody has the same, and without an address nobody has one."""
    record = NOBODY
    for name in ("ada", "bo", "cy"):
        record = record.charged(Charge(f"d.{name}", address, 1.0, NOW))

    assert len(record.charges) == 3


def test_a_charge_is_worth_half_after_half_a_day():
    """Somebody who talks to hundreds is not locked out for what a few of them said in a week."""
    record = reported(NOBODY, "ada")

    assert record.score(NOW + HALF_LIFE_SECONDS) == pytest.approx(0.5)
    later = NOW + 2 * HALF_LIFE_SECONDS
    assert reported(reported(NOBODY, "ada", "bo"), "cy", at=later).ban is None


def test_each_ban_is_longer_than_the_one_before_and_the_last_rung_stays():
    """A quarter of an hour, a day, a week, a year."""
    record, at, lengths = NOBODY, NOW, []
    for round_number in range(5):
        record = reported(record, *(f"{name}{round_number}" for name in "abc"), at=at)
        lengths.append(seconds(record))
        assert record.ban is not None
        at = record.ban.until + 1

    assert lengths == [*RUNGS_SECONDS, RUNGS_SECONDS[-1]]


def test_a_month_without_a_ban_takes_a_rung_back():
    """People may change."""
    record = reported(NOBODY, "a", "b", "c")
    soon = reported(record, "d", "e", "f", at=NOW + 10 * DAY)
    late = reported(record, "d", "e", "f", at=NOW + 30 * DAY + HOUR)

    assert (seconds(soon), seconds(late)) == (RUNGS_SECONDS[1], RUNGS_SECONDS[0])


def test_underage_acts_at_once_and_for_a_day_at_least():
    """One report is enough: the opposite mistake cannot be mended."""
    banned = reported(NOBODY, "ada", reason="underage")

    assert banned.ban == Ban("CASE", "underage", NOW, NOW + DAY)


def test_reports_while_banned_do_not_prolong_the_ban():
    """What was reported late counts when it is over."""
    banned = reported(NOBODY, "a", "b", "c")
    again = reported(banned, "d", "e", "f", at=NOW + 1)

    assert again.ban == banned.ban
    assert again.score(NOW + 1) == pytest.approx(3.0)


def test_who_was_counted_for_a_ban_is_not_counted_again():
    """A report that is repeated after the ban is the same report."""
    banned = reported(NOBODY, "a", "b", "c")

    assert reported(banned, "a", "b", "c", at=NOW + HOUR) == banned


def test_only_so_many_charges_are_kept():
    """An item cannot grow for ever."""
    record = NOBODY
    for number in range(reputation.CHARGES_MAX + 5):
        record = record.charged(Charge(f"d.{number}", "", 0.01, NOW))

    assert len(record.charges) == reputation.CHARGES_MAX
    assert record.charges[-1].reporter == f"d.{reputation.CHARGES_MAX + 4}"


def test_a_pardon_ends_the_ban_and_what_it_would_have_led_to():
    """Somebody wrongly locked out begins where they were."""
    banned = reported(NOBODY, "a", "b", "c")
    pardoned = banned.pardoned()

    assert pardoned.ban is None
    assert seconds(reported(pardoned, "d", "e", "f", at=NOW + 1)) == RUNGS_SECONDS[0]


# Addresses.


def banned_at(record: Record, device: str, at: float = NOW) -> Record:
    return reputation.judge_address(record.charged(Charge(device, "", reputation.EVASION_WEIGHT, at)), "CASE", at)


def test_an_address_is_banned_when_a_second_device_of_it_is():
    """Somebody clears their browser; for a quarter of an hour, and never longer than a day."""
    address = Record("a.k.1")
    first = banned_at(address, "d.1")
    assert first.ban is None

    second = banned_at(first, "d.2")
    assert second.ban == Ban("CASE", reputation.EVASION, NOW, NOW + 15 * MINUTE)
    third = banned_at(banned_at(second, "d.3", NOW + HOUR), "d.4", NOW + HOUR)
    fourth = banned_at(banned_at(third, "d.5", NOW + 2 * DAY), "d.6", NOW + 2 * DAY)
    assert (seconds(third), seconds(fourth)) == (DAY, DAY)


def test_this_very_machine_is_never_banned_for_its_devices():
    """Everybody on the local gateway would be."""
    record = Record("l.k.1")
    for number in range(5):
        record = banned_at(record, f"d.{number}")

    assert record.ban is None


DEVICE = Device("d.eve", NOW - 100)


def test_a_ban_of_the_device_applies_wherever_it_comes_from():
    """Also when its address has none, and also when the device was known before."""
    record = replace(NOBODY, ban=Ban("CASE", "spam", NOW - 10, NOW + 10))

    assert reputation.ban_that_applies(DEVICE, {"d.eve": record}, NOW) == record.ban
    assert reputation.ban_that_applies(DEVICE, {"d.eve": record}, NOW + 10) is None


@pytest.mark.parametrize(("known_since", "applies"), [(NOW - 11, False), (NOW - 10, True), (NOW, True)])
def test_a_ban_of_an_address_applies_to_who_was_not_known_before(known_since, applies):
    """Neighbours go on; somebody who threw their device away does not."""
    record = Record("a.k.1", ban=Ban("CASE", "flood", NOW - 10, NOW + 10))

    found = reputation.ban_that_applies(Device("d.other", known_since), {"a.k.1": record}, NOW)
    assert (found == record.ban) is applies


def test_of_two_bans_the_longer_one_is_told():
    """Somebody should not come back to hear of another."""
    own = replace(NOBODY, ban=Ban("ONE", "spam", NOW - 10, NOW + 10))
    address = Record("a.k.1", ban=Ban("TWO", "evasion", NOW - 200, NOW + 20))

    assert reputation.ban_that_applies(DEVICE, {"d.eve": own, "a.k.1": address}, NOW) == address.ban


# Floods.


def test_floods_lock_out_for_longer_each_time_and_are_forgotten_in_a_day():
    """A minute, five, an hour, a day."""
    record, at, lengths = NOBODY, NOW, []
    for _ in range(5):
        record = reputation.after_flood(record, "CASE", at)
        lengths.append(seconds(record))
        assert record.ban is not None
        at = min(record.ban.until, at + HOUR) + 1

    assert lengths == [*reputation.FLOOD_RUNGS_SECONDS, DAY]
    assert seconds(reputation.after_flood(record, "CASE", at + 2 * DAY)) == MINUTE


def test_a_flood_does_not_shorten_a_ban():
    """Nobody floods their way out."""
    banned = reported(NOBODY, "a", "b", "c")

    assert reputation.after_flood(banned, "FLOOD", NOW).ban == banned.ban


# Reporters.


def test_who_reports_in_a_storm_weighs_nothing_and_is_heard_again_later():
    """Ten at once, then one in ten minutes; the two are kept apart in any case."""
    record, weights = NOBODY, []
    for number in range(15):
        weights.append(record.weight_of_report("spam", NOW))
        record = record.having_reported((f"d.{number}",), NOW)

    assert weights == [1.0] * int(REPORTS_OF_DEVICE.burst) + [0.0] * 5
    assert len(record.avoided) == 15
    assert record.weight_of_report("spam", NOW + 6 * HOUR) == 1.0


def test_who_was_found_to_lie_weighs_nothing_for_a_while():
    """The operator decides so."""
    assert replace(NOBODY, doubted_until=NOW + 1).weight_of_report("underage", NOW) == 0.0
    assert replace(NOBODY, doubted_until=NOW).weight_of_report("underage", NOW) == reputation.SCORE_MAX


def test_only_so_many_are_avoided_and_the_last_ones_always_are():
    """Each once, the newest at the end."""
    record = NOBODY
    for number in range(AVOIDED_MAX + 1):
        record = record.having_reported((f"d.{number}",), NOW)
    record = record.having_reported(("d.1",), NOW)

    assert len(record.avoided) == AVOIDED_MAX
    assert record.avoided[-1] == "d.1"
    assert "d.0" not in record.avoided


def test_who_is_reported_avoids_the_reporters_as_far_as_there_is_room():
    """Whom somebody reported themselves stays, however many report them."""
    own = tuple(f"d.own {number}" for number in range(AVOIDED_MAX - 1))
    record = Record("d.eve", avoided=own).reported_by("d.ada").reported_by("d.ada")
    assert record.avoided == ("d.ada", *own)

    assert record.reported_by("d.bo").avoided == ("d.ada", *own)
