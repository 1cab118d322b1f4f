"""appeal: kept once, with one's own case."""

from __future__ import annotations

import pytest

from functions.chat.storage.docket import Docket
from tests.functions.doorstep import CAFE, come, lock_out, meet, report, token_of_after_waiting

APPEAL_LENGTH_MAX = 1000


@pytest.fixture
def eve(world):
    """Somebody who was locked out."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    ada.send("report", room=meet(world, ada, eve), reason="underage")
    lock_out(world, eve, number=ada.last("reported")["case"])
    return eve


def test_an_appeal_is_kept_with_its_case(world, eve):
    """Its author is told so; the ban goes on until somebody decides."""
    number = eve.last("error")["case"]
    eve.send("appeal", case=number, text="  I am 40.\nReally.  ")

    assert eve.inbox[-1] == {"type": "appealed", "case": number}
    case = world.backend.cases.get(number)
    assert (case.appeal, case.appealed_at) == ("I am 40.\nReally.", world.clock.now())
    eve.join()
    assert eve.inbox[-1]["code"] == "banned"


def test_a_case_is_appealed_once(world, eve):
    """The second text changes nothing."""
    number = eve.last("error")["case"]
    eve.send("appeal", case=number, text="I am 40.")
    before = world.items()
    eve.send("appeal", case=number, text="I am 41.")

    assert eve.inbox[-1]["code"] == "unknown_case"
    assert world.items() == before


def test_another_connection_of_the_banned_device_may_appeal(world):
    """The page connects anew to send it."""
    eve = come(world, "Eve")
    eve.join()
    token = next(event["device"] for event in eve.inbox)
    lock_out(world, eve)
    again = come(world, "Eve again", token=token)
    again.send("appeal", case=eve.last("error")["case"], text="I am 40.")

    assert again.inbox[-1]["type"] == "appealed"


def test_appeals_against_bans_of_ones_own_making_bury_no_report(world):
    """A second window of a browser that was cut off for a flood is told its number; clearing the browser is free."""
    for number in range(3):
        flooder = come(world, f"flooder {number}", address=CAFE)
        window = come(world, f"window {number}", address=CAFE, token=token_of_after_waiting(flooder))
        world.deliver({"flood": flooder.id})
        world.pass_time(11)
        window.join()
        window.send("appeal", case=window.last("error")["case"], text="Read this first.")
        assert window.inbox[-1]["type"] == "appealed"
    real = report(come(world, "Ada"), come(world, "Eve", address="192.0.2.8"))

    first, *others = Docket(world.backend.table).waiting(10)
    assert first.case == real
    assert len(others) == 3


@pytest.mark.parametrize("who", ["the reporter", "somebody else", "somebody else who is banned"])
def test_nobody_else_can_appeal_a_case(world, eve, who):
    """Nor learn whether there is one."""
    number = eve.last("error")["case"]
    other = world.people[0] if who == "the reporter" else come(world, "Mallory")
    if "banned" in who:
        lock_out(world, other)
    before = world.items()
    other.send("appeal", case=number, text="Let me see.")
    real = other.inbox[-1]
    other.send("appeal", case="AAAAAAAAAA", text="Let me see.")

    assert real["code"] == "unknown_case"
    assert other.inbox[-1] == real
    assert world.items() == before


@pytest.mark.parametrize("text", ["", "   ", "\x00", 5, None, "x" * (APPEAL_LENGTH_MAX + 1)])
def test_an_appeal_that_says_nothing_or_too_much_is_refused(world, eve, text):
    """And may be sent again."""
    number = eve.last("error")["case"]
    eve.send("appeal", case=number, text=text)
    assert eve.inbox[-1]["code"] in {"invalid_message", "too_long"}

    eve.send("appeal", case=number, text="x" * APPEAL_LENGTH_MAX)
    assert eve.inbox[-1]["type"] == "appealed"
