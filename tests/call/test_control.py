"""A device that a person switched off stays off: counted at the other end, in pictures and in sound."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import Person, wait_for
from tests.call.support.visitor import MILLISECONDS_MAX, Visit, Visitor, both_see_each_other, settle
from tests.call.support.visitor import wait_until_searching_then_start as meet_on_the_page

WATCHED_MILLISECONDS = 1_500
SILENCE = 0.001  # of 1; the tone of a face is 0.27
WIDTH = "document.querySelector('#remote-video').videoWidth"
BLUR = "getComputedStyle(document.querySelector('#remote-video')).filter"

COUNT_REQUESTS = """window.asked = 0;
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) => { window.asked += 1; return ask(wanted); };"""
SLOW_CAMERA = """const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((done) => { setTimeout(done, window.slow ?? 0); });
    return open(wanted);
};"""


def gets_nothing(person: Person) -> None:
    """Neither a picture nor a sound arrives, for as long as it is watched."""
    before = person.frames()
    assert person.run(f"probe.peak({WATCHED_MILLISECONDS})") < SILENCE
    assert person.frames() == before


def wait_until_connected(*people: Visitor) -> None:
    for person in people:
        wait_for(f"{person.name} is connected", lambda person=person: person.stats().get("state") == "connected")


def instead_of(blue: Visitor, visit: Visit) -> Visitor:
    """Let another one wait for the next stranger: the same two would meet again only after ten seconds."""
    blue.button("Stop").click()
    other = visit(BLUE)
    other.start_video()
    other.searches()
    return other


@pytest.mark.parametrize("way", ["reload", "back"])
def test_a_device_that_was_off_is_off_after_the_page_was_loaded_again(
    visit: Visit, pair: tuple[Visitor, Visitor], way: str
) -> None:
    """Camera off and mute hold over a reload, and into the next conversation after "Back"; one tap brings each back."""
    red, blue = pair
    red.button("Camera off").click()
    red.button("Mute").click()
    blue.is_told("The stranger's camera is off.")
    before = blue.stats()["connections"]
    if way == "reload":
        red.page.reload()
    else:
        red.page.goto("about:blank")  # Which ends the conversation.
        red.page.go_back()
        red.is_told("You were away.")
        blue, before = instead_of(blue, visit), 0
        red.button("Video chat").click()
    wait_for("a new connection", lambda: blue.stats().get("connections", 0) > before)
    wait_until_connected(red, blue)
    gets_nothing(blue)
    for name in ("Camera off", "Mute"):
        expect(red.button(name)).to_have_attribute("aria-pressed", "true")
    red.is_told("Your camera is off")
    red.button("Camera off").click()
    blue.wait_until_sees(RED)
    red.button("Mute").click()
    wait_for("blue hears red", lambda: blue.run("probe.peak(300)") > SILENCE)


def test_a_camera_that_opens_late_is_not_shown_when_it_is_off_again(visit: Visit) -> None:
    """Off, on, and off again before the camera has answered: nothing of the answer is sent, and its light goes out."""
    red, blue = visit(RED), visit(BLUE)
    red.page.add_init_script(SLOW_CAMERA)
    red.page.reload()
    meet_on_the_page(red, blue)
    both_see_each_other(red, blue)
    red.run("window.slow = 800")
    red.button("Camera off").click()
    blue.is_told("The stranger's camera is off.")
    red.button("Camera off").click()
    red.page.wait_for_timeout(150)
    red.button("Camera off").click()
    before = blue.frames()
    blue.page.wait_for_timeout(800 + WATCHED_MILLISECONDS)
    assert blue.frames() <= before + 2
    assert red.run("document.querySelector('#local-video').srcObject.getVideoTracks().length") == 0


def test_a_tab_that_is_opened_again_shows_nobody_anything_before_a_tap(visit: Visit) -> None:
    """The conversation is over by then: no device is asked for, nobody is looked for, and the page says why."""
    red, blue = visit(RED), visit(BLUE)
    meet_on_the_page(red, blue)
    both_see_each_other(red, blue)
    wait_for(
        "the room is kept", lambda: red.run("JSON.parse(sessionStorage['passerby.session']).session.room") is not None
    )
    kept = red.run("JSON.stringify({...sessionStorage})")
    url = red.page.url
    red.page.close()
    blue.searches()
    red.page = red.context.new_page()
    frames: list[str] = []
    red.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(str(frame))))
    red.page.add_init_script(f"Object.assign(sessionStorage, {kept}); {COUNT_REQUESTS}")
    red.page.goto(url)
    expect(red.page.get_by_role("status").filter(has_text="You were away.").first).to_be_visible(
        timeout=MILLISECONDS_MAX
    )
    red.page.wait_for_timeout(WATCHED_MILLISECONDS)
    assert red.run("window.asked") == 0
    assert [json.loads(frame)["action"] for frame in frames if '"join"' in frame] == []
    assert not blue.sees_somebody() or blue.run("document.querySelector('#remote-video').srcObject") is None
    blue = instead_of(blue, visit)
    red.button("Video chat").click()
    both_see_each_other(red, blue)


def test_report_and_skip_is_one_gesture(pair: tuple[Visitor, Visitor]) -> None:
    """One press: the report is sent, both are apart, and the search goes on."""
    red, blue = pair
    red.button("Flag and move on").click()
    red.reads("You reported the stranger and left.")
    red.searches()
    expect(red.stranger()).to_be_hidden()
    blue.searches()


def test_one_tap_blurs_the_stranger_here_and_stays(pair: tuple[Visitor, Visitor]) -> None:
    """At once, on this side alone; a reload does not take it away."""
    red, blue = pair
    assert red.run(BLUR) == "none"
    red.button("Blur the stranger").click()
    assert red.run(BLUR) == "blur(24px)"
    assert red.run("document.querySelector('#remote-video').disablePictureInPicture"), "there it would be clear"
    assert blue.run(BLUR) == "none"
    red.page.reload()
    settle(red)
    assert red.run(BLUR) == "blur(24px)"
    red.button("Blur the stranger").click()
    assert red.run(BLUR) == "none"


def test_blurred_until_both_reveal_works_in_the_middle_of_a_call(pair: tuple[Visitor, Visitor]) -> None:
    """Both pictures are sent small from the moment of the tick, and only both together take it away."""
    red, blue = pair
    settle(red, blue)
    red.button("Video settings").click()
    red.page.get_by_label("Blur until we both reveal", exact=True).check()
    red.button("Close").filter(visible=True).click()
    for visitor in pair:
        wait_for("a blur at its source", lambda visitor=visitor: visitor.run(f"{WIDTH} <= 80"))
        assert visitor.run(BLUR) == "blur(24px)"
    red.button("Reveal").click()
    blue.is_told("Blurred until you both reveal.")
    assert [visitor.run(BLUR) for visitor in pair] == ["blur(24px)"] * 2
    blue.button("Reveal").click()
    for visitor in pair:
        wait_for("a clear picture", lambda visitor=visitor: visitor.run(BLUR) == "none")
