"""The page in each state of a text chat, as assistive technology meets it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import NewWindow
from tests.browser.window import Window, expect_meeting


def _expect_no_violations(window: Window, state: str) -> None:
    found = Axe().run(window.page)
    assert found.violations_count == 0, f"{state}:\n{found.generate_report()}"


def test_axe_finds_nothing_in_any_state(new_window: NewWindow, interest: str) -> None:
    """Landing, searching, talking, asked whether to skip, and stopped break no rule that a machine can check."""
    one, other = new_window(), new_window()
    _expect_no_violations(one, "landing")
    one.start(interest)
    one.expect_searching()
    _expect_no_violations(one, "searching")
    other.start(interest)
    expect_meeting(one, other)
    _expect_no_violations(one, "talking")
    one.button("Skip").click()
    _expect_no_violations(one, "asked")
    one.button("Stop").click()
    one.page.locator("#stop").click()
    one.expect_unpaired()
    _expect_no_violations(one, "stopped")


def test_a_whole_chat_by_keyboard(new_window: NewWindow, interest: str) -> None:
    """With the keyboard alone one starts, talks, goes on to the next and stops."""
    one, other = new_window(), new_window()
    other.start(interest)
    one.enter_interest(interest)
    one.button("Text chat").focus()
    one.press("Enter")
    one.expect_paired()

    expect(one.message_box).to_be_focused()
    one.page.keyboard.type("typed without a mouse")
    one.press("Enter")
    other.expect_line("typed without a mouse")
    one.press("Escape")
    one.press("Escape")
    other.expect_told()
    one.expect_searching()
    one.button("Stop").focus()
    one.press("Enter")
    expect(one.button("Text chat")).to_be_visible()
