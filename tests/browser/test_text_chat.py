"""Two strangers chat by text, in two real windows."""

from __future__ import annotations

import re
import time

from playwright.sync_api import expect

from tests.browser.conftest import NewWindow
from tests.browser.window import MILLISECONDS_MAX, SECONDS_MAX, TYPING, Window, expect_meeting, talk

POLL_MILLISECONDS = 50
# A page may forget somebody's typing by itself after a while; the line that came ends it sooner.
TYPING_ENDS_MILLISECONDS = 5000


def _pair(new_window: NewWindow, interest: str) -> tuple[Window, Window]:
    one, other = new_window(), new_window()
    one.start(interest)
    one.expect_searching()
    other.start(interest)
    one.expect_paired()
    other.expect_paired()
    return one, other


def _no_complaints(*windows: Window) -> None:
    assert [window.complaints for window in windows] == [[] for _ in windows]


def test_two_windows_meet_and_talk(new_window: NewWindow) -> None:
    """One click in each of two windows, and what one says the other reads, with all that moves on a page."""
    one, other = (new_window(reduced_motion="no-preference") for _ in range(2))
    one.start("")
    one.expect_searching()
    other.start("")

    expect_meeting(one, other)
    _no_complaints(one, other)


def test_lines_are_shown_once_in_order_and_literally(new_window: NewWindow, interest: str) -> None:
    """Quick lines arrive in order and once, with any content; Enter sends; nothing is sent for blanks."""
    one, other = _pair(new_window, interest)
    lines = ["<b>not bold</b>", "مرحبا", "👩‍👩‍👧‍👦 emoji", *(f"quick line {number}" for number in range(20))]
    one.message_box.fill("   ")
    one.message_box.press("Enter")
    for line in lines:
        one.message_box.fill(line)
        one.message_box.press("Enter")
    other.expect_line(lines[-1])

    shown = other.conversation.inner_text()
    positions = [shown.find(line) for line in lines]
    assert positions == sorted(positions) and -1 not in positions, shown
    assert [shown.count(line) for line in lines[:3]] == [1, 1, 1], shown
    expect(one.message_box).to_have_value("")
    _no_complaints(one, other)


def test_typing_is_seen_and_ends(new_window: NewWindow, interest: str) -> None:
    """While one types the other sees it, and no longer once the line has come."""
    one, other = _pair(new_window, interest)
    one.message_box.press_sequentially("hello", delay=50)
    expect(other.page.get_by_text(TYPING).first).to_be_visible(timeout=MILLISECONDS_MAX)

    one.message_box.press("Enter")
    other.expect_line("hello")
    expect(other.page.get_by_text(TYPING).filter(visible=True)).to_have_count(0, timeout=TYPING_ENDS_MILLISECONDS)


def test_skip_asks_once_and_both_search_on(new_window: NewWindow, interest: str) -> None:
    """Skip, Really?, next: the other is told and meets the next one without doing anything; so does the skipper."""
    one, other = _pair(new_window, interest)
    talk(one, other)
    one.button("Skip").click()
    expect(one.button("Really?")).to_be_visible()
    other.say("still here")
    one.expect_line("still here")

    one.button("Really?").click()
    other.expect_told()
    other.expect_searching()
    one.expect_searching()
    newcomers = [new_window(), new_window()]
    for newcomer in newcomers:
        newcomer.start(interest)
    for window in (one, other, *newcomers):
        window.expect_paired()
    _no_complaints(one, other, *newcomers)


def test_nothing_of_the_last_stranger_is_said_to_the_next(new_window: NewWindow, interest: str) -> None:
    """After a skip, lines go to the new stranger only."""
    one, other = _pair(new_window, interest)
    one.skip()
    other.expect_told()
    third = new_window()
    third.start(interest)
    third.expect_paired()
    met, alone = _who_is_paired(one, other)

    talk(met, third)
    alone.expect_searching()
    assert not re.search(r"line [0-9a-f]{8}", alone.conversation.inner_text())


def _who_is_paired(one: Window, other: Window) -> tuple[Window, Window]:
    """Return the one who can write and the one who cannot."""
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        for window, remaining in ((one, other), (other, one)):
            if window.is_paired():
                return window, remaining
        one.page.wait_for_timeout(POLL_MILLISECONDS)
    raise AssertionError("neither window was paired with the third")


def test_stop_tells_the_other_and_stays_stopped(new_window: NewWindow, interest: str) -> None:
    """A person who stops meets nobody; the other is told, searches on and meets the next one."""
    one, other = _pair(new_window, interest)
    one.button("Stop").click()
    one.page.locator("#stop").click()
    other.expect_told()
    other.expect_searching()
    third = new_window()
    third.start(interest)

    expect_meeting(other, third)
    one.expect_unpaired()
    _no_complaints(one, other, third)
