"""Video on the product's own page, through the local gateway: what a person sees, hears and can press."""

from __future__ import annotations

import pytest
from playwright.sync_api import Playwright, expect

from tests.call.support import browsers, relay
from tests.call.support.faces import BLUE, RED, Face
from tests.call.support.people import wait_for
from tests.call.support.relay import SECRET
from tests.call.support.visitor import GREEN, Visit, Visitor, both_see_each_other, wait_until_searching_then_start
from tests.call.support.wire import Wire
from tests.gateway import Gateway

SIGNALS_MAX = 3  # each way, as in test_call.py


def test_two_strangers_see_hear_and_write(visit: Visit) -> None:
    """A click each: pictures, tones and lines go both ways, in few frames, and the badge is honest.

    Without a relay the start says that video shows the address; choosing video after that is an answer for good.
    """
    red, blue = visit(RED), visit(BLUE)
    red.is_told("Video shows strangers your internet address.")
    wait_until_searching_then_start(red, blue)
    both_see_each_other(red, blue)
    assert red.run("localStorage.getItem('passerby.showAddress')") == "true"
    wait_for("red hears blue", lambda: red.hears(BLUE))
    wait_for("blue hears red", lambda: blue.hears(RED))
    red.say("hello in the blue")
    blue.reads("hello in the blue")
    for visitor in (red, blue):
        visitor.is_told("Address visible")
        assert max(visitor.signals.values()) <= SIGNALS_MAX


def test_a_skip_leaves_no_picture_of_the_last_stranger(pair: tuple[Visitor, Visitor]) -> None:
    """The moment after a skip nothing of the stranger is on the screen, at either end."""
    red, _ = pair
    red.skip()
    for visitor in pair:
        visitor.searches()
        expect(visitor.stranger()).to_be_hidden()
        assert visitor.run("document.querySelector('#remote-video').srcObject") is None


@pytest.mark.parametrize("who", [RED, BLUE], ids=lambda face: face.name)
def test_a_reload_brings_the_stranger_back(pair: tuple[Visitor, Visitor], who: Face) -> None:
    """Of the first offerer or the other: the same conversation, with a new connection in place of the old one."""
    red, blue = pair
    reloaded, stayed = (red, blue) if who is RED else (blue, red)
    stayed.say("before the reload")
    reloaded.reads("before the reload")
    reloaded.page.reload()
    reloaded.reads("before the reload")
    wait_for("a new connection", lambda: stayed.stats().get("connections") == 2)
    both_see_each_other(red, blue)
    red.wait_for_more_frames()
    blue.wait_for_more_frames()
    assert stayed.stats()["open"] == 1


def test_a_lost_socket_does_not_touch_the_picture(visit: Visit, place: Gateway, wire: Wire) -> None:
    """The network cuts the socket; the page resumes, and the connection is the same one all the time."""
    red, blue = visit(RED, wire.url), visit(BLUE)
    wait_until_searching_then_start(red, blue)
    both_see_each_other(red, blue)
    fragment = red.stats()["fragment"]
    wire.cut()
    blue.reads("The stranger lost their connection. Waiting for them…")
    red.wait_for_more_frames()
    blue.say("still there?")
    red.reads("still there?")
    red.wait_for_more_frames()
    blue.wait_for_more_frames()
    assert red.stats()["fragment"] == fragment
    assert red.stats()["connections"] == blue.stats()["connections"] == 1


def test_a_person_promised_a_hidden_address_is_asked_before_it_shows(visit: Visit) -> None:
    """Nothing is negotiated before the person agreed; text works meanwhile; the answer is remembered."""
    red, blue = visit(RED, promised=True), visit(BLUE)
    red.is_told("Video hides your internet address from strangers.")
    wait_until_searching_then_start(red, blue)
    red.say("text works already")
    blue.reads("text works already")
    assert red.run("probe.connections.length") == 0
    blue.is_told("Waiting for the stranger to agree to video…")
    red.button("Start video").click()
    both_see_each_other(red, blue)
    assert red.run("localStorage.getItem('passerby.showAddress')") == "true"


def test_a_refused_camera_is_said_with_the_ways_on(visit: Visit, playwright: Playwright) -> None:
    """A sentence of its own and buttons; a person who only watches sees the stranger all the same."""
    refuser = visit(RED, browser=browsers.launch_asking(playwright), permissions=("microphone",))
    blue = visit(BLUE)
    wait_until_searching_then_start(refuser, blue)
    refuser.is_told("The camera is blocked on this site. Click the icon in the address bar to allow it.")
    refuser.button("Audio only").click()
    refuser.wait_until_sees(BLUE)
    blue.is_told("The stranger's camera is off.")
    expect(refuser.button("Audio only")).to_be_hidden()


def test_through_the_relay_the_badge_says_hidden(visit: Visit, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The operator named a coturn: no question, no address, and the page says so; the check found it before."""
    with relay.running(tmp_path_factory.mktemp("relay")) as turn:
        environment = {"TURN_PROVIDER": "coturn", "TURN_URLS": turn.urls["udp"], "TURN_SECRET": SECRET}
        hidden = Gateway(environment=environment)
        hidden.start()
        red, blue = visit(RED, hidden.url), visit(BLUE, hidden.url)
        red.page.add_init_script(GREEN)
        red.page.reload()
        red.start_video()
        red.is_told("Works: your address stays hidden")
        red.page.get_by_role("button", name="I'm ready", exact=True).click()
        blue.start_video()
        both_see_each_other(red, blue)
        for visitor in (red, blue):
            visitor.is_told("Address hidden")
            stats = visitor.stats()
            assert stats["local"] == "relay"
            assert relay.is_of_relay(stats["remotePort"])
            assert max(visitor.signals.values()) <= SIGNALS_MAX
        hidden.stop()
