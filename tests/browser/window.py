"""One person's window, driven only by the accessible names that the contract gives."""

from __future__ import annotations

import re
import secrets
import time

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, Page, expect

# Generous, because the machine may be busy; nothing waits this long when all is well.
SECONDS_MAX = 20.0
MILLISECONDS_MAX = SECONDS_MAX * 1000
POLL_MILLISECONDS = 500

SEARCHING = re.compile(r"look|search|wait|find", re.IGNORECASE)
TYPING = re.compile(r"typing", re.IGNORECASE)
GONE = re.compile(r"left|moved on|disconnected|skipped|gone|lost", re.IGNORECASE)
RECONNECTING = re.compile(r"connection|connecting|reconnect|offline|server", re.IGNORECASE)


class Window:
    """A page in a context of its own, as if on another person's device."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(MILLISECONDS_MAX)
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._suffer)
        self.page.goto(url)

    # The view of a person

    @property
    def conversation(self) -> Locator:
        return self.page.get_by_role("log", name="Conversation", exact=True)

    @property
    def message_box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def status(self, says: re.Pattern[str]) -> Locator:
        return self.page.get_by_role("status").filter(has_text=says).first

    def expect_landing(self) -> None:
        expect(self.button("Text chat")).to_be_visible(timeout=MILLISECONDS_MAX)
        expect(self.button("Video chat")).to_be_visible()

    def expect_searching(self) -> None:
        expect(self.status(SEARCHING)).to_be_visible(timeout=MILLISECONDS_MAX)
        self.expect_unpaired()

    def expect_unpaired(self) -> None:
        """Expect no place to say something, or one that is closed: at once, or when the time of grace is over."""
        open_box = self.message_box.and_(self.page.locator(":read-write:enabled")).filter(visible=True)
        expect(open_box).to_have_count(0, timeout=MILLISECONDS_MAX)

    def expect_paired(self) -> None:
        expect(self.message_box).to_be_editable(timeout=MILLISECONDS_MAX)
        expect(self.button("Skip")).to_be_enabled()

    def is_paired(self) -> bool:
        """Whether something can be said right now."""
        return self.message_box.is_visible() and self.message_box.is_editable()

    def expect_line(self, text: str) -> None:
        expect(self.conversation.get_by_text(text, exact=True)).to_be_visible(timeout=MILLISECONDS_MAX)

    def expect_told(self, says: re.Pattern[str] = GONE) -> None:
        """Expect plain words about it, in the conversation or as the status."""
        words = self.conversation.get_by_text(says).or_(self.page.get_by_role("status").filter(has_text=says))
        expect(words.first).to_be_visible(timeout=MILLISECONDS_MAX)

    # The actions of a person

    def enter_interest(self, interest: str) -> None:
        box = self.page.get_by_role("textbox", name="Interests", exact=True)
        box.fill(interest)
        box.press("Enter")

    def start(self, interest: str, button: str = "Text chat") -> None:
        if interest:
            self.enter_interest(interest)
        self.button(button).click()

    def say(self, text: str) -> None:
        self.message_box.fill(text)
        self.button("Send").click()
        self.expect_line(text)

    def skip(self) -> None:
        self.button("Skip").click()
        self.button("Really?").click()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def close(self) -> None:
        self.context.close()

    # Faults behind the page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _suffer(self, error: Error) -> None:
        self.complaints.append(str(error))


def talk(one: Window, other: Window) -> None:
    """Say a line each way and see it at both ends."""
    for speaker, listener in ((one, other), (other, one)):
        text = f"line {secrets.token_hex(4)}"
        speaker.say(text)
        listener.expect_line(text)


def expect_meeting(one: Window, other: Window) -> None:
    """Expect these two to be in one room."""
    one.expect_paired()
    other.expect_paired()
    talk(one, other)


def expect_meeting_again(one: Window, other: Window) -> None:
    """Expect these two to find into one room, however often that takes an attempt to say something."""
    deadline = time.monotonic() + 2 * SECONDS_MAX
    while time.monotonic() < deadline:
        text = f"line {secrets.token_hex(4)}"
        if one.is_paired():
            one.message_box.fill(text)
            one.message_box.press("Enter")
        other.page.wait_for_timeout(POLL_MILLISECONDS)
        if other.conversation.get_by_text(text, exact=True).count():
            talk(one, other)
            return
    raise AssertionError(f"the windows did not meet again; one shows: {one.page.inner_text('body')}")
