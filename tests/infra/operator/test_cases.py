"""The operator sees every case, and their decision is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model import reputation
from functions.chat.model.reputation import Contact
from tests.functions.doorstep import come, device_of
from tests.infra.operator.conftest import Desk

CHECKED_SECONDS = 10.0
DAY = 86_400.0


def test_cases_are_listed_the_appealed_ones_first_then_the_gravest(desk: Desk):
    """With what is needed to choose the next one."""
    (_, _, spam), (_, eve, underage), (_, _, hate) = (
        desk.report(reason, number=number) for number, reason in enumerate(("spam", "underage", "hate"))
    )
    _, appealing, appealed = desk.report("underage", number=3)
    appealing.send("appeal", case=appealed, text="I am 40.")

    rows = desk.data("cases")
    assert [row["case"] for row in rows] == [appealed, underage, hate, spam]
    assert rows[0]["appeal"] == "I am 40."
    assert rows[1]["banned until"] > rows[1]["opened"]
    assert rows[2]["banned until"] == ""
    assert "4 cases" in desk.ask("cases")
    assert eve.last("error")["case"] == underage


def test_cases_can_be_narrowed_down(desk: Desk):
    """To one reason, to appealed cases, to undecided ones."""
    _, _, spam = desk.report("spam")
    _, eve, underage = desk.report(number=1)
    eve.send("appeal", case=underage, text="No.")
    desk.ask("decide", spam, "uphold")

    for arguments, expected in (
        (["--reason", "spam"], [spam]),
        (["--appealed"], [underage]),
        (["--open"], [underage]),
        (["--days", "90"], [underage, spam]),
    ):
        assert [row["case"] for row in desk.data("cases", *arguments)] == expected


def test_a_flood_that_was_cut_off_waits_for_nobody_until_it_is_appealed(desk: Desk):
    """The rules ended it; there is nothing to decide."""
    eve = come(desk.world, "Eve")
    desk.world.deliver({"flood": eve.id})
    (row,) = desk.data("cases")
    assert (row["reason"], desk.data("cases", "--open")) == ("flood", [])

    assert desk.office.cases.appeal(row["case"], "A broken key.")
    assert [each["case"] for each in desk.data("cases", "--open")] == [row["case"]]


def test_many_cases_of_a_day_are_all_listed(desk: Desk):
    """However many pages and reads that takes."""
    case = desk.office.cases.get(desk.report("spam")[2])
    assert case is not None
    for number in range(230):
        desk.office.cases.open(replace(case, number=f"CASE{number:06}"))

    assert len(desk.data("cases")) == 231


def test_no_cases_are_said_to_be_none(desk: Desk):
    """For people and for scripts; the tool shows cases and no visitors."""
    come(desk.world, "Ada").join()

    assert desk.ask("cases") == "0 cases of the last 7 days.\n"
    assert desk.data("cases") == []


def test_a_case_is_shown_with_all_that_is_known(desk: Desk):
    """In any spelling of its number."""
    _, eve, number = desk.report(note="said so")
    eve.send("appeal", case=number, text="I am 40.\nReally.")

    facts = desk.data("show", number.lower())
    assert (facts["number"], facts["reason"], facts["note"]) == (number, "underage", "said so")
    assert facts["appeal"] == "I am 40.\nReally."
    assert facts[f"now of {device_of(eve)}"].startswith("banned until")
    assert "said so" in desk.ask("show", number)


def test_a_strangers_words_cannot_move_the_operators_cursor(desk: Desk):
    """No control character of theirs reaches the terminal."""
    number = desk.report("spam", note="red\tblue\nnext \u202e line")[2]

    for text in (desk.ask("show", number), desk.ask("cases")):
        assert all(each.isprintable() or each == "\n" for each in text)
        assert "red blue next" in text


def test_a_granted_appeal_ends_the_ban_on_the_very_connection(desk: Desk):
    """Within ten seconds, and its rung is taken back."""
    _, eve, number = desk.report()
    eve.send("appeal", case=number, text="I am 40.")

    assert "ten seconds" in desk.ask("decide", number, "grant")
    desk.world.pass_time(CHECKED_SECONDS)
    eve.join()
    assert eve.inbox[-1]["type"] == "waiting"
    assert desk.office.records.get([device_of(eve)])[device_of(eve)].rung == 1
    assert desk.data("show", number)["decision"] == "granted"


def test_a_decision_ends_only_the_ban_of_that_case(desk: Desk):
    """Another one of the same device stays."""
    _, eve, number = desk.report()
    desk.ask("ban", device_of(eve), "--for", "7d")

    desk.ask("decide", number, "grant")
    ban = desk.office.records.get([device_of(eve)])[device_of(eve)].ban
    assert ban is not None
    assert ban.reason == "operator"


def test_a_reporter_who_lied_weighs_nothing_for_a_month(desk: Desk):
    """The next one whom they report is not locked out."""
    ada, _, number = desk.report()
    desk.ask("decide", number, "grant", "--doubt-reporter")

    record = desk.office.records.get([device_of(ada)])[device_of(ada)]
    weights = [
        reputation.weight_of_report(record, "underage", Contact(60), desk.world.clock.now() + days * DAY)
        for days in (29, 31)
    ]
    assert [bool(weight) for weight in weights] == [False, True]


def test_a_case_without_a_reporter_has_nobody_to_doubt(desk: Desk):
    """A ban by hand."""
    desk.ask("ban", "d.somebody")
    (row,) = desk.data("cases")

    assert "no reporter" in desk.fails("decide", row["case"], "uphold", "--doubt-reporter")


@pytest.mark.parametrize("command", [["show"], ["decide", "grant"], ["ban"], ["unban"]])
def test_a_number_that_does_not_exist_is_said_to_be_none(desk: Desk, command: list[str]):
    """With how long cases are kept."""
    verb, *rest = command

    assert "There is no case NOSUCHCASE" in desk.fails(verb, "NOSUCHCASE", *rest)
