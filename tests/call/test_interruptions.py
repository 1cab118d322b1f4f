"""Lost sockets, while the picture goes on; test_page.py has reloads."""

from __future__ import annotations

import pytest

from tests.call.support.faces import RED
from tests.call.support.people import Person, be_paired, both_connected, meet, wait_for
from tests.call.support.signalling import Signalling


@pytest.mark.parametrize("who", ["red", "blue"])
def test_the_picture_outlives_the_socket(signalling: Signalling, red: Person, blue: Person, who: str) -> None:
    """A socket is cut and comes back; the connection is the same one before, meanwhile and after."""
    meet(signalling, red, blue)
    cut = red if who == "red" else blue
    before = cut.stats()["fragment"]
    signalling.cut(who)
    wait_for("the socket is open again", lambda: cut.run("harness.events").count("paired") == 2)
    red.wait_for_more_frames()
    blue.wait_for_more_frames()
    for person in (red, blue):
        assert person.stats()["connections"] == 1
        assert not {"reconnecting", "failed"} & {state["phase"] for state in person.run("harness.states")}
    assert cut.stats()["fragment"] == before


@pytest.mark.parametrize("who", ["red", "blue"])
def test_a_state_told_into_a_dead_socket_is_told_again(
    signalling: Signalling, red: Person, blue: Person, who: str
) -> None:
    """A camera is switched off while the other's socket is dead: the word of it is lost, and comes with the socket."""
    meet(signalling, red, blue)
    teller, other = (red, blue) if who == "red" else (blue, red)
    lost: list[dict[str, object]] = []

    def lose(person: str, data: dict[str, object]) -> bool:
        lost.append(data)
        return True

    signalling.faults.drop = lose
    teller.run("harness.calls.call.setCameraOff(true)")
    wait_for("the word is lost", lambda: any("media" in data for data in lost))
    assert (other.state or {})["peer"]["camera"]
    signalling.faults.drop = lambda person, data: False
    signalling.cut(other.name)
    wait_for("the other knows", lambda: not (other.state or {})["peer"]["camera"])


def test_a_socket_that_is_cut_in_the_middle_of_the_negotiation_does_not_cost_the_call(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """The offer goes into a dead socket; once it is back the offer is said again."""
    red.open(signalling.page("red"))
    blue.open(signalling.page("blue"))
    cut: list[str] = []

    def lose_the_first(person: str, data: dict[str, object]) -> bool:
        first = not cut
        cut.append(person)
        return first

    signalling.faults.drop = lose_the_first
    be_paired(red, blue)
    wait_for("the offer is lost", lambda: cut)
    signalling.cut("red")
    both_connected(red, blue)
    blue.wait_until_sees(RED)
