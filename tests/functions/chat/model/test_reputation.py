"""The consequences of reports, floods and time."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace

import pytest

from functions.chat.model import reputation
from functions.chat.model.people import Ban
from functions.chat.model.reasons import REASONS
from functions.chat.model.record import Charge, Record, day_of
from functions.chat.model.reputation import Contact

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
NOW = 1_800_000_000.0
NOBODY = Record("d.eve")
NEWCOMER = Record("d.new", reported=1, met=5, reports=1, reports_since=NOW)
KNOWN = replace(NEWCOMER, days=1, last_day=day_of(NOW) - 1)
TALKED = Contact(seconds=30)


def reported(record: Record, *names: str, by: Record = KNOWN, reason: str = "spam", at: float = NOW) -> Record:
    """Return the record after each of these reported in the same moment, each from a network of their own."""
    for name in names:
        weight = reputation.weight_of_report(by, reason, TALKED, at)
        record = record.charged(Charge(f"d.{name}", f"a.k.{name}", weight, at, reason))
        record = reputation.judge(record, "CASE", at, at)
    return record


def seconds(record: Record) -> float:
    assert record.ban is not None
    return record.ban.until - record.ban.since


def flood_seconds(record: Record) -> float:
    assert record.flood_ban is not None
    return record.flood_ban.until - record.flood_ban.since


# The weight of a report.


@pytest.mark.parametrize(
    ("contact", "weighs"),
    [
        (Contact(0.054), False),
        (Contact(4.9), False),
        (Contact(5), True),
        (Contact(0.054, has_proof=True), True),
        (Contact(0.9, was_left=True), False),
        (Contact(1, was_left=True), True),
        (Contact(3600), True),
    ],
)
def test_a_report_without_contact_weighs_nothing(contact, weighs):
    """A person who is paired and reports within seconds has seen nothing, unless a line proves something else."""
    assert bool(reputation.weight_of_report(KNOWN, "underage", contact, NOW)) is weighs


def test_a_newcomers_word_weighs_a_fraction_whatever_the_word():
    """Newcomers are free: nobody makes theirs heavier by a graver reason."""
    weights = {reason: reputation.weight_of_report(NEWCOMER, reason, TALKED, NOW) for reason in REASONS}
    assert weights == {**dict.fromkeys(REASONS, 0.7), "other": 0.5}

    known = {reason: reputation.weight_of_report(KNOWN, reason, TALKED, NOW) for reason in REASONS}
    assert known == {**dict.fromkeys(REASONS, 1.0), "other": 0.5}


def test_a_reporter_in_a_storm_weighs_nothing_and_is_heard_again_later():
    """Five at once, then six a day."""
    weights = []
    for count in range(1, 8):
        own = replace(KNOWN, reports=count, reported=count, met=100)
        weights.append(reputation.weight_of_report(own, "spam", TALKED, NOW))

    assert weights == [1.0] * 5 + [0.0] * 2
    assert reputation.weight_of_report(replace(KNOWN, reports=7), "spam", TALKED, NOW + 8 * HOUR) == 1.0


@pytest.mark.parametrize(("count", "met", "weight"), [(3, 3, 1.0), (4, 8, 1.0), (4, 7, 0.0), (5, 5, 0.0), (5, 50, 1.0)])
def test_a_reporter_of_most_of_the_people_met_weighs_nothing(count, met, weight):
    """From the fourth report on; nobody meets so many bad people."""
    own = replace(KNOWN, reported=count, met=met)

    assert reputation.weight_of_report(own, "spam", TALKED, NOW) == weight


def test_a_reporter_found_to_lie_weighs_nothing_for_a_while():
    """The operator decides so."""
    assert reputation.weight_of_report(replace(KNOWN, doubted_until=NOW + 1), "underage", TALKED, NOW) == 0.0
    assert reputation.weight_of_report(replace(KNOWN, doubted_until=NOW), "underage", TALKED, NOW) == 1.0


# When reports are a ban.


def test_three_known_people_lock_somebody_out_for_a_day():
    """Two do not."""
    assert reported(NOBODY, "ada", "bo").ban is None

    assert reported(NOBODY, "ada", "bo", "cy").ban == Ban("CASE", "other", NOW, NOW + DAY)


@pytest.mark.parametrize("reason", REASONS)
def test_newcomers_of_three_networks_lock_nobody_out_whatever_they_say(reason):
    """Those of four do, where the word is grave."""
    three = reported(NOBODY, "ada", "bo", "cy", by=NEWCOMER, reason=reason)
    assert three.ban is None

    four = reported(three, "dee", by=NEWCOMER, reason=reason)
    assert (four.ban is not None) is (reason != "other")


@pytest.mark.parametrize("reason", REASONS)
def test_two_known_people_lock_nobody_out_whatever_they_say(reason):
    """Those of three networks do, where the word is grave: a heavier word would be the one that every liar says."""
    two = reported(NOBODY, "ada", "bo", reason=reason)
    assert two.ban is None

    three = reported(two, "cy", reason=reason)
    assert (three.ban is not None) is (reason != "other")


def test_a_full_word_and_two_of_newcomers_are_too_little():
    """Of three networks two have to say a full word, which each may say a few times a day."""
    assert reported(reported(NOBODY, "ada"), "bo", "cy", by=NEWCOMER).ban is None
    assert reported(reported(NOBODY, "ada", "bo"), "cy", by=NEWCOMER).ban is not None


@pytest.mark.parametrize("reason", REASONS)
def test_a_ban_by_reports_never_says_for_what(reason):
    """An offender who does different things to different people would read from it which of them reported."""
    alike = reported(NOBODY, "ada", "bo", "cy", "dee", "eli", reason=reason)
    apart = reported(reported(NOBODY, "ada", "bo", reason="hate"), "cy", "dee", reason=reason)

    for record in (alike, apart):
        assert record.ban is not None
        assert record.ban.reason == "other"


@pytest.mark.parametrize("by", [KNOWN, NEWCOMER], ids=["known people", "newcomers"])
@pytest.mark.parametrize("at_hours", [(0, 8, 16), (0, 0.1, 0.2), (0, 0.1, 23.9), (11, 12, 13)], ids=str)
def test_three_offences_a_day_are_stopped_within_three_days(by, at_hours):
    """However the clock lies."""
    record = NOBODY
    for day in range(3):
        for hour in at_hours:
            at = NOW + day * DAY + hour * HOUR
            record = reported(record, f"{day} {hour}", by=replace(by, last_day=day_of(at) - 1), at=at)

    assert record.ban is not None


def test_a_report_by_mistake_every_other_day_never_adds_up():
    """Not in a year."""
    record = NOBODY
    for number in range(180):
        at = NOW + number * 2 * DAY
        record = reported(record, f"{number}", by=replace(KNOWN, last_day=day_of(at) - 1), at=at)

    assert record.ban is None


def test_each_ban_is_longer_than_the_one_before_and_the_last_rung_stays():
    """A day, a week, a year."""
    record, at, lengths = NOBODY, NOW, []
    for round_number in range(5):
        by = replace(KNOWN, last_day=day_of(at) - 1)
        record = reported(record, *(f"{name}{round_number}" for name in "abc"), by=by, at=at)
        lengths.append(seconds(record))
        assert record.ban is not None
        at = record.ban.until + 1

    assert lengths == [DAY, 7 * DAY, 365 * DAY, 365 * DAY, 365 * DAY]


def test_reports_while_banned_do_not_prolong_the_ban():
    """A late report counts when the ban is over."""
    banned = reported(NOBODY, "a", "b", "c")
    again = reported(banned, "d", "e", "f", at=NOW + 1)

    assert again.ban == banned.ban
    assert again.score(NOW + 1) == pytest.approx(3.0)


# When it begins.


def test_a_ban_begins_two_to_seventeen_minutes_later_in_the_same_moments_as_all_others():
    """So that it names no conversation; and soon enough for an offender who is stopped within half an hour."""
    chance = random.Random(1)
    for _ in range(1000):
        now = NOW + chance.uniform(0, DAY)
        begins = reputation.ban_begins(now, chance.random())
        assert 2 * MINUTE <= begins - now < 17 * MINUTE
        assert begins % (5 * MINUTE) == 0


def test_seen_from_a_ban_every_minute_before_it_is_as_likely_to_have_decided():
    """But for the last two. A classifier that looks at when a conversation was learns nothing."""
    chance, moment = random.Random(1), math.ceil(NOW / 300) * 300
    ages = [chance.uniform(0, 20 * MINUTE) for _ in range(60_000)]
    decided = Counter(
        int(age // MINUTE) for age in ages if reputation.ban_begins(moment - age, chance.random()) == moment
    )

    assert decided.keys() == set(range(2, 17))
    assert max(decided.values()) < 1.2 * min(decided.values())


DEVICE = "d.eve"


@pytest.mark.parametrize(("since", "until", "applies"), [(-10, 10, True), (1, 10, False), (-10, 0, False)])
def test_a_ban_of_the_device_applies_from_when_it_begins_until_it_ends(since, until, applies):
    """Wherever the device comes from, known or not."""
    ban = Ban("CASE", "spam", NOW + since, NOW + until)
    for days in (0, 9):
        found = reputation.ban_that_applies(DEVICE, {"d.eve": replace(NOBODY, days=days, ban=ban)}, NOW)
        assert (found == ban) is applies


@pytest.mark.parametrize(("days", "applies"), [(0, True), (1, False)])
def test_the_operators_ban_of_an_address_applies_to_who_has_not_talked_on_an_earlier_day(days, applies):
    """However old the token is that they show: hoarded ones are worth nothing."""
    address = Record("a.k.1.2", ban=Ban("CASE", "operator", NOW - 10, NOW + 10))
    records = {"a.k.1.2": address, "d.eve": replace(NOBODY, days=days, last_day=day_of(NOW) - 1)}

    assert (reputation.ban_that_applies(DEVICE, records, NOW) == address.ban) is applies


def test_of_two_bans_the_longer_one_is_told():
    """Somebody should not come back to hear of another."""
    own = replace(NOBODY, ban=Ban("ONE", "spam", NOW - 10, NOW + 10))
    address = Record("a.k.1.2", ban=Ban("TWO", "operator", NOW - 200, NOW + 20))

    assert reputation.ban_that_applies(DEVICE, {"d.eve": own, "a.k.1.2": address}, NOW) == address.ban


# Addresses wait.


@pytest.mark.parametrize(("trouble", "wait"), [(0, 0), (0.4, 0), (1, 1), (2, 2), (3, 3), (9, 3.5), (1000, 3.5)])
def test_newcomers_of_an_address_with_trouble_wait_longer_and_never_for_long(trouble, wait):
    """The page asks again after four seconds: five are what a neighbour of a troll loses at most."""
    record = Record("a.k.1.2", trouble=trouble, troubled_at=NOW)

    assert reputation.wait_of_newcomers({"a.k.1.2": record, "a.o.1.2": Record("a.o.1.2")}, NOW) == wait


# Floods.


def test_floods_lock_out_for_longer_each_time_and_are_forgotten_in_a_day():
    """A minute, five, an hour, a day."""
    record, at, lengths = NOBODY, NOW, []
    for _ in range(5):
        record = reputation.after_flood(record, "CASE", at)
        lengths.append(flood_seconds(record))
        assert record.flood_ban is not None
        at = min(record.flood_ban.until, at + HOUR) + 1

    assert lengths == [MINUTE, 5 * MINUTE, HOUR, DAY, DAY]
    assert flood_seconds(reputation.after_flood(record, "CASE", at + 2 * DAY)) == MINUTE


def test_a_flood_does_not_shorten_a_ban():
    """Nobody floods their way out."""
    banned = reported(NOBODY, "a", "b", "c")

    flooded = reputation.after_flood(banned, "FLOOD", NOW)
    assert flooded.ban == banned.ban is not None
    assert reputation.ban_that_applies("d.eve", {"d.eve": flooded}, NOW) == banned.ban


def test_a_flood_is_answered_the_same_while_a_ban_is_still_to_begin():
    """Else a person who floods after each conversation would see whether it ended with the report that decided."""
    banned = NOBODY.banned(Ban("CASE", "other", NOW + 5 * MINUTE, NOW + DAY), 1)
    flooded = [reputation.after_flood(each, "FLOOD", NOW) for each in (NOBODY, banned)]

    bans = [reputation.ban_that_applies("d.eve", {"d.eve": each}, NOW + 1) for each in flooded]
    assert bans == [Ban("FLOOD", "flood", NOW, NOW + MINUTE)] * 2


def test_a_report_decides_while_somebody_is_refused_for_a_flood():
    """Nobody floods to have the last report come to nothing."""
    flooded = reputation.after_flood(reported(NOBODY, "a", "b"), "FLOOD", NOW)

    assert reported(flooded, "c").ban is not None
