"""Two people see and hear each other."""

from __future__ import annotations

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import Person, wait_for
from tests.call.support.signalling import Signalling


def meet(signalling: Signalling, red: Person, blue: Person, **options: str) -> str:
    """Red waits and offers first, blue comes and answers; returns their room once both are connected."""
    red.open(signalling.page("red", **options))
    blue.open(signalling.page("blue", **options))
    red.join()
    wait_for("red waits", lambda: "waiting" in red.run("harness.events"))
    blue.join()
    red.wait_for_phase("connected")
    blue.wait_for_phase("connected")
    return str(red.run("harness.room"))


def test_both_see_the_others_colour_and_hear_the_others_tone(signalling: Signalling, red: Person, blue: Person) -> None:
    """Picture and sound go both ways, and each gets the other's and not their own."""
    meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    blue.wait_until_sees(RED)
    wait_for("red hears blue", lambda: red.hears(BLUE))
    wait_for("blue hears red", lambda: blue.hears(RED))
