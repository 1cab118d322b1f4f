"""The actions of a person on pictures and devices, on the product's own page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.call.support import browsers
from tests.call.support.faces import BLUE, RED
from tests.call.support.people import wait_for
from tests.call.support.visitor import MILLISECONDS_MAX, Visit, Visitor, settle, wait_until_searching_then_start

USED = "document.querySelector('#local-video').srcObject.getTracks().map(track => track.getSettings().deviceId)"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}

# Notes of each sound that is started whether it is within a click.
NOTE_PLAYS = """
window.plays = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
    window.plays.push({tapped: window.tapped === true, muted: this.muted, id: this.id});
    return play.call(this);
};
addEventListener('click', () => {
    window.tapped = true;
    setTimeout(() => { window.tapped = false; });
}, true);
"""


@pytest.fixture(scope="module")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium with windows of all kinds, three microphones and two cameras, of which the second has no picture."""
    browser = browsers.launch_asking(playwright)
    yield browser
    browser.close()


def test_the_chat_floats_with_all_that_is_needed_and_comes_back(visit: Visit, whole_browser: Browser) -> None:
    """The window above others holds Skip, Report, the switches and the lines; "Stop" takes it back."""
    red, blue = visit(RED, browser=whole_browser), visit(BLUE)
    wait_until_searching_then_start(red, blue)
    settle(red, blue)
    assert red.run("documentPictureInPicture.window") is None
    choose(red, "Picture in picture")
    wait_for("it floats", lambda: red.run("documentPictureInPicture.window !== null"))
    there = "documentPictureInPicture.window.document.querySelector"
    held = ["skip", "report", "stop", "report-skip", "blur-stranger", "mute", "camera-off", "message"]
    assert red.run(f"{held}.every((id) => {there}('#' + id)?.checkVisibility())")
    blue.say("are you there?")
    wait_for("the line is there", lambda: red.run(f"{there}('#lines').textContent.includes('are you there?')"))
    red.wait_for_more_frames()
    red.run(f"{there}('#mute').click()")
    blue.is_told("Stranger is muted")
    for _ in range(2):
        red.run(f"{there}('#stop').click()")
    wait_for(
        "it is back", lambda: red.run("documentPictureInPicture.window === null && !!document.querySelector('#chat')")
    )
    assert red.complaints == []


def test_the_whole_screen_keeps_the_buttons(visit: Visit, whole_browser: Browser) -> None:
    """Full screen holds Skip, Report, the switches and the lines, and the other way back is the same button."""
    red, blue = visit(RED, browser=whole_browser), visit(BLUE)
    wait_until_searching_then_start(red, blue)
    settle(red, blue)
    choose(red, "Full screen")
    wait_for("it fills the screen", lambda: red.run("document.fullscreenElement === document.querySelector('#chat')"))
    for name in ("Skip", "Report", "Stop", "Flag and move on", "Blur the stranger"):
        expect(red.page.locator("#chat").get_by_role("button", name=name, exact=True)).to_be_visible()
    red.say("on the whole screen")
    blue.reads("on the whole screen")
    red.button("Mute").click()
    blue.is_told("Stranger is muted")
    red.run("document.exitFullscreen()")
    wait_for("it is back", lambda: red.run("document.fullscreenElement === null"))


def test_a_phone_flips_its_camera_in_one_tap(visit: Visit, whole_browser: Browser) -> None:
    """The other camera and back, in the same connection; a machine with a mouse has a list instead."""
    phone, blue = visit(RED, browser=whole_browser, **PHONE), visit(BLUE)
    wait_until_searching_then_start(phone, blue)
    settle(phone, blue)
    before = phone.run(USED)
    phone.button("Video settings").click()
    phone.button("Close").filter(visible=True).click()
    phone.button("Flip camera").click()
    wait_for("the other camera", lambda: len(phone.run(USED)) == 2 and phone.run(USED) != before)
    phone.button("Flip camera").click()
    wait_for("the first camera", lambda: phone.run(USED) == before)
    blue.wait_for_more_frames()
    assert blue.stats()["connections"] == 1
    expect(blue.button("Flip camera")).to_be_hidden()


def test_another_camera_and_microphone_are_picked_and_remembered(visit: Visit, whole_browser: Browser) -> None:
    """Both lists name what there is; what is picked is used at once and next time."""
    red, blue = visit(RED, browser=whole_browser), visit(BLUE)
    wait_until_searching_then_start(red, blue)
    settle(red, blue)
    red.button("Video settings").click()
    for label in ("Camera", "Microphone"):
        box = red.page.get_by_role("combobox", name=label, exact=True)
        expect(box).to_be_enabled(timeout=MILLISECONDS_MAX)
        first = box.input_value()
        other = box.evaluate("(box) => [...box.options].find((each) => each.value !== box.value).value")
        for picked in (other, first):
            box.select_option(picked)
            wait_for("it is used", lambda picked=picked: picked in red.run(USED))
            assert red.run(f"JSON.parse(localStorage.getItem('passerby.{label.lower()}'))") == picked
    red.button("Close").filter(visible=True).click()
    blue.wait_for_more_frames()
    assert blue.stats()["connections"] == 1


def test_the_strangers_sound_is_unlocked_in_the_tap(visit: Visit) -> None:
    """iPhones play a sound later only if its element was started in a tap, unmuted; the start's tap does it."""
    red = visit(RED)
    red.page.add_init_script(NOTE_PLAYS)
    red.page.reload()
    red.start_video()
    first = wait_for("it is played", lambda: red.run("window.plays.find(each => each.id === 'remote-video')"))
    assert first == {"tapped": True, "muted": False, "id": "remote-video"}


def choose(visitor: Visitor, name: str) -> None:
    visitor.button("Video settings").click()
    visitor.button(name).click()
