"""The record of a person: charges that fade, voices that count once, days, trouble, and the devices it avoids."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model.people import Ban, GivenWarning
from functions.chat.model.rates import Rate
from functions.chat.model.record import Charge, Record, day_of

AVOIDED_MAX = 50
CHARGES_MAX = 20
SHUNNED_MAX = 10

HOUR, DAY = 3600.0, 86_400.0
NOW = 1_800_000_000.0
NOBODY = Record("d.eve")
RATE = Rate(burst=2, per_second=1 / HOUR)


def charge(reporter: str, network: str, weight: float = 1.0, at: float = NOW, *, alone: bool = False) -> Charge:
    return Charge(reporter, network, weight, at, "spam", alone)


# Charges.


def test_a_charge_is_worth_half_after_a_day_and_a_half():
    """A person who talks to hundreds is not locked out for the reports of a few of them in a week."""
    record = NOBODY.charged(charge("d.ada", "a.k.1"))

    assert [record.score(NOW + hours * HOUR) for hours in (-1, 0, 36, 72)] == pytest.approx([1, 1, 0.5, 0.25])


def test_one_reporter_counts_once_however_often_and_from_wherever_they_report():
    """Also after the charge was settled by a ban."""
    record = NOBODY.charged(charge("d.ada", "a.k.1"))
    settled = record.banned(Ban("CASE", "spam", NOW, NOW + 1), 1)

    assert record.charged(charge("d.ada", "a.k.2", at=NOW + DAY)) == record
    assert settled.score(NOW) == 0
    assert settled.charged(charge("d.ada", "a.k.2")) == settled


def test_everybody_of_one_network_speaks_with_one_voice():
    """However many devices somebody has there; and it is the one that weighs most by now."""
    record = NOBODY.charged(charge("d.1", "a.k.1", 0.7))
    for number in range(2, 12):
        record = record.charged(charge(f"d.{number}", "a.k.1", 0.7))
    assert record.score(NOW) == pytest.approx(0.7)

    record = record.charged(charge("d.known", "a.k.1", 1.0))
    assert record.score(NOW) == pytest.approx(1.0)
    later = record.charged(charge("d.new", "a.k.1", 0.7, NOW + 10 * DAY))
    assert later.score(NOW + 10 * DAY) == pytest.approx(0.7)


def test_where_there_is_no_network_at_all_it_is_one_voice_too():
    """A site that cannot tell addresses apart believes nobody on a fresh token's word."""
    record = NOBODY.charged(charge("d.1", "", 0.7)).charged(charge("d.2", "", 0.7))

    assert record.score(NOW) == pytest.approx(0.7)


def test_a_reporter_that_stands_alone_counts_beside_the_others_of_the_network():
    """On a campus there is one network, and people who came on other days."""
    record = NOBODY.charged(charge("d.new", "a.k.1", 0.7))
    for name in ("d.1", "d.2"):
        record = record.charged(charge(name, "a.k.1", alone=True))

    assert record.score(NOW) == pytest.approx(2.7)


def test_only_so_many_charges_are_kept_and_none_without_weight():
    """An item cannot grow for ever, and nobody pushes others' reports out with reports that weigh nothing."""
    record = NOBODY
    for number in range(CHARGES_MAX + 5):
        record = record.charged(charge(f"d.{number}", f"a.k.{number}", 0.01))
    assert len(record.charges) == CHARGES_MAX
    assert record.charges[-1].reporter == f"d.{CHARGES_MAX + 4}"

    assert record.charged(charge("d.more", "a.k.more", 0.0)) == record


# Days.


def test_a_device_is_known_on_the_day_after_it_talked():
    """Not on the same day, however much it talks, and for as long as its record is kept."""
    new = NOBODY.having_talked(NOW).having_talked(NOW + 1)
    assert (new.days, new.is_known(NOW)) == (1, False)

    assert new.is_known(NOW + DAY)
    assert new.having_talked(NOW + DAY).is_known(NOW + DAY)
    assert day_of(NOW + DAY) == day_of(NOW) + 1


def test_a_browser_that_talked_just_before_midnight_is_not_known_just_after_it():
    """A day is over two minutes later then; it takes as long as the reporter's network keeps its newcomers away."""
    midnight = (day_of(NOW) + 1) * DAY
    new = NOBODY.having_talked(midnight - 60).having_talked(midnight + HOUR)

    assert [new.is_known(midnight + seconds) for seconds in (60, DAY - 61, DAY - 60)] == [False, False, True]


def test_a_day_does_not_count_while_somebodys_report_weighs():
    """Nobody gets a good name in a conversation that ends with a report."""
    charged = NOBODY.charged(charge("d.ada", "a.k.1", 0.7))

    assert charged.having_talked(NOW) == charged
    assert charged.having_talked(NOW + DAY).days == 1


def test_a_banned_device_is_a_newcomer_until_it_is_forgiven():
    """The word of a known offender weighs no more than anybody's."""
    known = replace(NOBODY, days=5, last_day=day_of(NOW) - 1)
    banned = known.banned(Ban("CASE", "spam", NOW, NOW + HOUR), 1)

    assert [each.is_known(NOW + 2 * HOUR) for each in (known, banned, banned.pardoned())] == [True, False, True]
    assert banned.is_known(NOW + 31 * DAY)


@pytest.mark.parametrize("days", [0, 5])
def test_a_ban_that_is_still_to_begin_makes_nobody_a_newcomer(days):
    """How long their next socket waits would tell which report decided it."""
    before = replace(NOBODY, days=days, last_day=day_of(NOW) - 1)
    banned = before.banned(Ban("CASE", "spam", NOW + 300, NOW + DAY), before.rung_at(NOW) + 1)

    assert [each.is_known(NOW + 299) for each in (before, banned)] == [days > 0, days > 0]
    assert not banned.is_known(NOW + 300)


# Its own reports.


def test_a_report_is_counted_once_and_the_two_never_meet_again():
    """The same report may come several times: the page repeats it until it is answered."""
    once = NOBODY.having_reported("d.bo", 1, RATE, NOW)

    assert (once.avoided, once.reports, once.reported, once.met) == (("d.bo",), 1, 1, 1)
    assert once.having_reported("d.bo", 4, RATE, NOW + 1) == once


def test_reports_over_the_rate_overflow_and_are_forgotten_later():
    """Two at once, then one an hour."""
    record = NOBODY
    overflows = []
    for number in range(4):
        record = record.having_reported(f"d.{number}", 1, RATE, NOW)
        overflows.append(record.overflows(RATE, NOW))

    assert overflows == [False, False, True, True]
    assert not record.overflows(RATE, NOW + 2 * HOUR)
    assert record.having_reported("d.9", 1, RATE, NOW + 5 * HOUR).reports == 1


def test_a_refused_report_silences_nobody_for_longer():
    """After a hundred as after three; a report that is sent again in its ten minutes is refused again."""
    record = NOBODY
    for _ in range(100):
        record = record.having_spent(RATE, NOW)

    assert record.overflows(RATE, NOW + 600)
    assert not record.having_spent(RATE, NOW + HOUR + 900).overflows(RATE, NOW + HOUR + 900)


def test_people_whom_a_device_met_are_counted_with_each_report():
    """Those whom the visit met since its last one."""
    record = NOBODY.having_reported("d.1", 3, RATE, NOW)
    record = record.having_reported("d.2", 2, RATE, NOW)
    record = record.having_reported("d.3", 4, RATE, NOW)

    assert (record.reported, record.met) == (3, 9)


@pytest.mark.parametrize(("days", "counts"), [(29.9, (3, 9)), (30, (1, 4))])
def test_the_counts_of_its_reports_begin_anew_thirty_days_after_the_first(days, counts):
    """Else four short visits silence an honest device for good; a report in between does not put it off."""
    record = NOBODY.having_reported("d.1", 3, RATE, NOW)
    record = record.having_reported("d.2", 2, RATE, NOW + 20 * DAY)
    record = record.having_reported("d.3", 4, RATE, NOW + days * DAY)

    assert (record.reported, record.met) == counts


def test_a_reporter_of_nobody_new_does_not_begin_anew():
    """A report that is sent again at that moment weighs what it weighed."""
    record = NOBODY.having_reported("d.1", 3, RATE, NOW)

    assert record.having_reported("d.1", 3, RATE, NOW + 30 * DAY) == record


def test_a_reported_person_was_met():
    """Also where a new socket, which met nobody, reports for an earlier visit."""
    late = NOBODY.having_reported("d.1", 0, RATE, NOW)
    assert (late.reported, late.met) == (1, 1)


def test_a_report_counts_the_same_whether_or_not_the_other_reported_first():
    """Its author may see these counts, and must not learn by them who reported."""
    alone = NOBODY.having_reported("d.bo", 2, RATE, NOW).shunning("a.net", NOW)
    second = NOBODY.reported_by("d.bo").having_reported("d.bo", 2, RATE, NOW).shunning("a.net", NOW)

    assert replace(second, reporters=()) == alone


def test_only_so_many_are_avoided_and_the_last_ones_always_are():
    """The newest at the end."""
    record = NOBODY
    for number in range(AVOIDED_MAX + 1):
        record = record.having_reported(f"d.{number}", 1, RATE, NOW)

    assert len(record.avoided) == AVOIDED_MAX
    assert record.avoided[-1] == f"d.{AVOIDED_MAX}"
    assert "d.0" not in record.avoided


def test_a_reported_device_avoids_its_reporters_as_far_as_there_is_room():
    """The people whom a device reported itself stay, with any number of reports against it."""
    own = tuple(f"d.own {number}" for number in range(AVOIDED_MAX - 1))
    record = Record("d.eve", avoided=own).reported_by("d.ada").reported_by("d.ada")
    assert record.avoids("", NOW) == {"d.ada", *own}

    assert record.reported_by("d.bo").avoids("", NOW) == {"d.bo", *own}


def test_newcomers_of_a_network_are_avoided_for_a_day():
    """All of them; of one's own network those who came since the report."""
    record = replace(NOBODY, avoided=("d.bo",)).shunning("a.k.1", NOW)

    assert record.avoids("a.k.other", NOW) == {"d.bo", "a.k.1"}
    assert record.avoids("a.k.1", NOW) == {"d.bo", f"a.k.1@{NOW:.0f}"}
    assert record.avoids("a.k.other", NOW + DAY) == {"d.bo"}
    for number in range(SHUNNED_MAX + 3):
        record = record.shunning(f"a.k.{number}", NOW)
    assert len(record.shunned) == SHUNNED_MAX


# Trouble, bans and pardons.


def test_trouble_adds_up_and_fades():
    """Half of it is forgotten in two hours."""
    record = NOBODY.troubled(NOW).troubled(NOW)

    assert [record.trouble_at(NOW + hours * HOUR) for hours in (0, 2, 4)] == pytest.approx([2, 1, 0.5])
    later = NOW + 2 * HOUR
    assert record.troubled(later).trouble_at(later) == pytest.approx(2)


def test_a_longer_ban_that_is_there_stays():
    """Nobody is let in sooner by a second one."""
    long, short = Ban("ONE", "spam", NOW, NOW + DAY), Ban("TWO", "spam", NOW, NOW + HOUR)

    assert NOBODY.banned(long, 1).banned(short, 2).ban == long
    assert NOBODY.banned(short, 1).banned(long, 2).ban == long


def test_a_pardon_ends_the_ban_and_what_it_would_have_led_to():
    """Somebody wrongly locked out begins where they were."""
    banned = NOBODY.charged(charge("d.ada", "a.k.1")).banned(Ban("CASE", "spam", NOW, NOW + HOUR), 2)
    pardoned = banned.pardoned()

    assert (pardoned.ban, pardoned.rung, pardoned.score(NOW)) == (None, 1, 0)
    assert NOBODY.pardoned().rung == 0


def test_a_month_without_a_ban_takes_a_rung_back():
    """People may change."""
    banned = NOBODY.banned(Ban("CASE", "spam", NOW, NOW + HOUR), 2)

    assert [banned.rung_at(NOW + HOUR + days * DAY) for days in (0, 29, 30, 60, 90)] == [2, 2, 1, 0, 0]


# A warning.

GIVEN = GivenWarning("CASE", "hate", NOW, NOW + HOUR)


@pytest.mark.parametrize(
    ("at", "is_told"), [(NOW - 1, False), (NOW, True), (NOW + HOUR - 1, True), (NOW + HOUR, False)]
)
def test_a_warning_is_told_from_when_it_begins_until_it_is_over(at, is_told):
    """A person who stays away for long enough reads nothing."""
    assert (NOBODY.warned(GIVEN).warning_at(at) == GIVEN) is is_told
    assert NOBODY.warning_at(at) is None


def test_a_warning_that_is_given_again_stays_and_a_newer_one_takes_its_place():
    """A decision that broke off is made again, and would begin later."""
    later = GIVEN._replace(since=NOW + 9)
    newer = GIVEN._replace(case="NEWER")

    assert NOBODY.warned(GIVEN).warned(later).warning == GIVEN
    assert NOBODY.warned(GIVEN).warned(newer).warning == newer


def test_only_the_warning_that_is_meant_goes():
    """One window reads the older while the newer was given."""
    assert NOBODY.warned(GIVEN).without_warning("CASE") == NOBODY
    assert NOBODY.warned(GIVEN).without_warning("OTHER").warning == GIVEN
    assert NOBODY.without_warning("CASE") == NOBODY


def test_a_ban_and_a_pardon_leave_a_warning_to_be_read():
    record = NOBODY.warned(GIVEN).banned(Ban("OTHER", "spam", NOW, NOW + 9), 1)

    assert record.warning == record.pardoned().warning == GIVEN


def test_of_two_bans_the_one_that_lasts_longer_is_not_over_yet():
    """Also one that is still to begin, and neither where both are over."""
    short, long = Ban("FLOOD", "flood", NOW, NOW + 60), Ban("CASE", "other", NOW + 300, NOW + DAY)
    both = replace(NOBODY, ban=long, flood_ban=short)

    assert both.ban_not_over(NOW) == long
    assert replace(NOBODY, ban=short, flood_ban=long).ban_not_over(NOW) == long
    assert replace(NOBODY, flood_ban=short).ban_not_over(NOW + 59) == short
    assert replace(NOBODY, flood_ban=short).ban_not_over(NOW + 60) is None
