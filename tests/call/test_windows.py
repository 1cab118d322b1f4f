"""The whole chat on the full screen and in a window above others, with all that a call needs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import wait_for
from tests.call.support.visitor import (
    MILLISECONDS_MAX,
    Visit,
    Visitor,
    both_see_each_other,
    settle,
    wait_until_searching_then_start,
)

# A headless browser has no window above others; an ordinary one is as good to hold the chat.
WINDOW_ABOVE = """
window.documentPictureInPicture = {
    window: null,
    async requestWindow({ width, height }) {
        this.window = window.open('', '', `popup,width=${width},height=${height}`);
        return this.window;
    },
};
"""


@pytest.fixture
def floating(visit: Visit) -> tuple[Visitor, Visitor, Page]:
    """Two in a call, of whom one has the chat in a window above others."""
    red, blue = visit(RED), visit(BLUE)
    red.page.add_init_script(WINDOW_ABOVE)
    red.page.reload()
    wait_until_searching_then_start(red, blue)
    both_see_each_other(red, blue)
    red.button("Video settings").click()
    with red.page.expect_popup() as popup:
        red.button("Picture in picture").click()
    expect(popup.value.get_by_role("button", name="Skip", exact=True)).to_be_visible(timeout=MILLISECONDS_MAX)
    # While the settings are open an Escape is theirs, and a window without the focus has no keys.
    expect(red.page.get_by_role("dialog")).to_be_hidden()
    popup.value.get_by_role("textbox", name="Message", exact=True).click()
    return red, blue, popup.value


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click(timeout=MILLISECONDS_MAX)


def test_the_window_above_others_holds_the_whole_chat(floating: tuple[Visitor, Visitor, Page]) -> None:
    """Pictures, lines, Skip, Report and the switches work in there; the page gets all of it back."""
    red, blue, above = floating
    wait_for("the picture goes on", lambda: above.evaluate("!document.querySelector('#remote-video').paused"))
    box = above.get_by_role("textbox", name="Message", exact=True)
    box.fill("from above")
    press(above, "Send")
    blue.reads("from above")
    press(above, "Mute")
    blue.is_told("Stranger is muted")
    expect(above.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    press(above, "Report")
    expect(above.get_by_role("dialog")).to_be_visible(timeout=MILLISECONDS_MAX)
    above.keyboard.press("Escape")
    expect(above.get_by_role("dialog")).to_be_hidden(timeout=MILLISECONDS_MAX)
    expect(above.get_by_role("button", name="Really?", exact=True)).to_be_hidden()
    above.close()
    for name in ("Skip", "Stop"):
        expect(red.button(name)).to_be_visible(timeout=MILLISECONDS_MAX)
    red.say("back again")
    blue.reads("back again")


def test_the_window_above_others_looks_as_the_page_does(floating: tuple[Visitor, Visitor, Page]) -> None:
    """Also after it was opened: without a picture there is no place for one."""
    red, _, above = floating
    looks = "[document.documentElement.className, { ...document.documentElement.dataset }]"
    assert above.evaluate(looks) == red.run(looks)
    above.evaluate("document.querySelector('#call-text').click()")
    wait_for("the place is gone", lambda: "with-picture" not in above.evaluate("document.documentElement.className"))
    assert above.evaluate(looks) == red.run(looks)


def test_a_held_key_skips_nobody_in_the_window_above_others(floating: tuple[Visitor, Visitor, Page]) -> None:
    """As in the page: one press asks, and only another one skips."""
    red, blue, above = floating
    held = "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', repeat: true, bubbles: true }))"
    above.keyboard.press("Escape")
    expect(above.get_by_role("button", name="Really?", exact=True)).to_be_visible(timeout=MILLISECONDS_MAX)
    for _ in range(5):
        above.evaluate(held)
    settle(red, blue)
    assert blue.run("document.querySelector('#status').dataset.phase") == "chatting"


def test_the_full_screen_holds_all_that_is_needed_and_ends_with_the_call(pair: tuple[Visitor, Visitor]) -> None:
    """Skip, Report, the switches and the chat; Stop asks in there as elsewhere, and then the page is as before."""
    red, blue = pair
    red.button("Video settings").click()
    red.button("Full screen").click()
    wait_for("the full screen", lambda: red.run("document.fullscreenElement?.id") == "chat")
    for name in ("Skip", "Report", "Stop", "Mute", "Camera off", "Blur the stranger", "Flag and move on"):
        expect(red.page.locator("#chat").get_by_role("button", name=name, exact=True)).to_be_in_viewport()
    red.say("large")
    blue.reads("large")
    red.button("Report").click()
    expect(red.page.get_by_role("dialog")).to_be_visible()
    red.button("Cancel").click()
    red.run("document.exitFullscreen()")
    wait_for("the window", lambda: red.run("document.fullscreenElement") is None)
    expect(red.page.get_by_role("banner").get_by_role("button", name="Stop", exact=True)).to_be_visible()

    red.button("Video settings").click()
    red.button("Full screen").click()
    wait_for("the full screen", lambda: red.run("document.fullscreenElement?.id") == "chat")
    red.page.locator("#chat").get_by_role("button", name="Stop", exact=True).click()
    red.page.locator("#chat").get_by_role("button", name="Really?", exact=True).click()
    wait_for("the window", lambda: red.run("document.fullscreenElement") is None)
    expect(red.button("Back to start")).to_be_visible(timeout=MILLISECONDS_MAX)
    blue.searches()


def test_the_screen_stays_on_in_a_call_and_not_afterwards(visit: Visit) -> None:
    """One lock while there is a stranger, none when there is nobody; with all that moves on a page."""
    red, blue = (visit(face, reduced_motion="no-preference") for face in (RED, BLUE))
    red.page.add_init_script(
        """window.locks = [];
        Object.defineProperty(navigator, 'wakeLock', { value: { async request(kind) {
            const lock = { kind, released: false, async release() { this.released = true; } };
            window.locks.push(lock);
            return lock;
        } } });"""
    )
    red.page.reload()
    held = "locks.filter(({ kind, released }) => kind === 'screen' && !released).length"
    red.start_video()
    red.searches()
    assert red.run(held) == 0
    blue.start_video()
    both_see_each_other(red, blue)
    assert red.run(held) == 1
    red.run("(() => { const stop = document.querySelector('#stop'); stop.click(); stop.click(); })()")
    wait_for("no lock", lambda: red.run(held) == 0)
