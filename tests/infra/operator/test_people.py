"""Locking out by hand, and letting in."""

from __future__ import annotations

import pytest

from infra.operator import bans
from tests.functions.doorstep import come, device_of, knock
from tests.infra.operator.conftest import Desk

CHECKED_SECONDS = 10.0


def test_a_ban_of_a_case_locks_out_its_device_at_once(desk: Desk):
    """Its next search is refused, with the case's reason, end and number."""
    _, eve, number = desk.report("hate")
    desk.ask("ban", number, "--for", "7d")
    eve.join()

    error = eve.inbox[-1]
    assert (error["code"], error["reason"], error["case"]) == ("banned", "hate", number)
    assert error["until"] == pytest.approx(desk.world.clock.now() + 7 * 86_400, abs=10)
    assert desk.data("show", number)["banned_until"]


def test_the_address_is_banned_only_when_that_is_asked_for(desk: Desk):
    """For newcomers."""
    _, _, number = desk.report("hate")
    desk.ask("ban", number)
    newcomer = come(desk.world, "a newcomer", address="192.0.2.1")
    newcomer.join()
    assert newcomer.inbox[-1]["type"] == "waiting"

    desk.ask("ban", number, "--address")
    desk.world.pass_time(60)
    newcomer = come(desk.world, "another newcomer", address="192.0.2.1")
    newcomer.join()
    assert newcomer.inbox[-1]["code"] == "banned"


def test_a_key_can_be_banned_and_gets_a_number_to_quote(desk: Desk):
    """Which can be appealed like any other."""
    ada = come(desk.world, "Ada")
    desk.ask("ban", device_of(ada), "--for", "15m")
    desk.world.pass_time(CHECKED_SECONDS)
    ada.join()
    number = ada.inbox[-1]["case"]
    ada.send("appeal", case=number, text="Why?")

    assert ada.inbox[-1]["type"] == "appealed"
    (row,) = desk.data("cases", "--appealed")
    assert (row["case"], row["reason"]) == (number, "operator")


def test_a_shorter_ban_replaces_a_longer_one(desk: Desk):
    """The operator decides."""
    _, eve, number = desk.report()
    desk.ask("ban", number, "--for", "15m")
    eve.join()

    assert eve.inbox[-1]["until"] == pytest.approx(desk.world.clock.now() + 900, abs=10)


@pytest.mark.parametrize("by_key", [False, True])
def test_somebody_is_let_in_again(desk: Desk, by_key: bool):
    """By the case or by the key; within ten seconds."""
    _, eve, number = desk.report()
    assert "may come back" in desk.ask("unban", device_of(eve) if by_key else number)
    desk.world.pass_time(CHECKED_SECONDS)
    eve.join()

    assert eve.inbox[-1]["type"] == "waiting"
    assert "not locked out" in desk.fails("unban", number)


def test_a_device_cut_off_for_a_flood_is_let_in_again_as_well(desk: Desk):
    """By the number of that flood, while no other ban keeps them out."""
    eve = come(desk.world, "Eve")
    device = device_of(eve)
    desk.world.deliver({"flood": eve.id})
    flooded = desk.world.backend.records.get([device])[device]
    assert flooded.flood_ban is not None

    assert not bans.pardon(desk.office, device, "ANOTHER"), "another case frees nobody of this"
    facts = desk.data("show", flooded.flood_ban.case)
    assert facts[f"now of {device}"].startswith("banned until")
    assert facts[f"now of {device}"].endswith(f"(case {flooded.flood_ban.case})")
    assert "may come back" in desk.ask("unban", device)
    assert desk.world.backend.records.get([device])[device].bans == ()


def test_a_case_without_a_device_says_how_to_ban_its_address(desk: Desk):
    """Where nobody has one."""
    desk.ask("ban", "a.test.something")
    (row,) = desk.data("cases")

    assert "--address" in desk.fails("ban", row["case"])
    desk.ask("ban", row["case"], "--address")


@pytest.mark.parametrize("text", ["", "5", "5s", "0m", "1.5h", "366d", "9999999d", "m"])
def test_a_time_that_cannot_be_read_is_refused(desk: Desk, text: str, capsys: pytest.CaptureFixture[str]):
    """With what it should look like."""
    with pytest.raises(SystemExit) as ended:
        desk.ask("ban", "d.x", "--for", text)

    assert ended.value.code == 2
    assert "7d" in capsys.readouterr().err


def test_the_local_gateway_has_no_keys_to_rotate(desk: Desk):
    """It makes new ones each time it starts."""
    assert "IDENTITY_KEYS" in desk.fails("rotate-keys")
    assert knock(desk.world, "Ada")[0] == 200


def test_a_banned_person_reads_whether_a_person_decided(desk: Desk):
    """The rules' own bans say that they are automatic."""
    _, eve, number = desk.report()
    assert eve.last("error")["automatic"] is True

    desk.ask("ban", number, "--for", "7d")
    eve.join()
    assert eve.inbox[-1]["automatic"] is False
