"""More of the product's own page: switches, text instead of video, the blur, the settings."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import wait_for
from tests.call.support.visitor import (
    MILLISECONDS_MAX,
    Visit,
    Visitor,
    both_see_each_other,
    wait_until_searching_then_start,
)

BLUR = "getComputedStyle(document.querySelector('#remote-video')).filter"


def test_switches_work_and_the_stranger_is_told(pair: tuple[Visitor, Visitor]) -> None:
    """Camera off shows a sentence instead of a frozen picture; mute shows that it is mute; both come back."""
    red, blue = pair
    red.button("Camera off").click()
    blue.is_told("The stranger's camera is off.")
    expect(blue.stranger()).to_be_hidden()
    expect(red.page.get_by_label("Your video", exact=True)).to_be_hidden()
    red.button("Camera off").click()
    expect(blue.stranger()).to_be_visible(timeout=MILLISECONDS_MAX)
    red.button("Mute").click()
    blue.is_told("Stranger is muted")
    wait_for("silence", lambda: blue.run("probe.hertz(300)") == 0)
    red.button("Mute").click()
    wait_for("blue hears red", lambda: blue.hears(RED))


def test_one_who_prefers_text_has_text(visit: Visit) -> None:
    """The other is told at once, neither looks at a black box, and "Start video" still brings the picture."""
    red, blue = visit(RED, promised=True), visit(BLUE)
    wait_until_searching_then_start(red, blue)
    red.button("Text only").click()
    blue.is_told("The stranger chose text.")
    expect(blue.stranger()).to_be_hidden()
    red.say("only writing")
    blue.reads("only writing")
    assert red.run("probe.connections.filter(pc => pc.signalingState !== 'closed').length") == 0
    red.button("Start video").click()
    both_see_each_other(red, blue)


def test_blurred_until_both_reveal(visit: Visit) -> None:
    """One person's wish is enough for a blur at both ends, and both have to take it away."""
    red, blue = visit(RED), visit(BLUE)
    red.run("localStorage.setItem('passerby.blur', '\"on\"')")
    blue.run("localStorage.setItem('passerby.blur', '\"on\"')")
    wait_until_searching_then_start(red, blue)
    red.wait_for_more_frames()
    assert red.run("document.querySelector('#remote-video').videoWidth") <= 80
    assert red.run(BLUR) == "blur(24px)"
    red.is_told("Blurred until you both reveal.")
    red.button("Reveal").click()
    red.is_told("You've revealed yourself. Waiting for the stranger.")
    blue.button("Reveal").click()
    for visitor in (red, blue):
        # The clear picture and the word that it is clear come on two ways, of which either may be quicker.
        wait_for(
            "a clear picture",
            lambda visitor=visitor: visitor.run("document.querySelector('#remote-video').videoWidth") >= 160,
        )
        wait_for("no blur over it", lambda visitor=visitor: visitor.run(BLUR) == "none")


def test_pictures_are_set_up_in_the_settings(pair: tuple[Visitor, Visitor]) -> None:
    """Volume, mirror and own picture; what is chosen is there next time."""
    red, _ = pair
    red.button("Video settings").click()
    red.page.get_by_label("Volume", exact=True).fill("25")
    red.page.get_by_label("Mirror my video", exact=True).uncheck()
    red.page.get_by_label("Hide my video", exact=True).check()
    assert red.run("document.querySelector('#remote-video').volume") == 0.25
    assert red.run("getComputedStyle(document.querySelector('#local-video')).transform") == "none"
    red.button("Close").filter(visible=True).click()
    expect(red.page.get_by_label("Your video", exact=True)).to_be_hidden()
    assert red.run("[localStorage.getItem('passerby.volume'), localStorage.getItem('passerby.hideOwn')]") == [
        "0.25",
        "true",
    ]


def test_stopping_gives_the_camera_back(pair: tuple[Visitor, Visitor]) -> None:
    """The light goes out with "Stop"."""
    red, _ = pair
    red.run("window.tracks = document.querySelector('#local-video').srcObject.getTracks()")
    red.button("Stop").click()
    red.page.locator("#stop").click()
    wait_for("the camera is off", lambda: red.run("tracks.every(track => track.readyState === 'ended')"))
