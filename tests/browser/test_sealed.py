"""What two windows say to each other, the server cannot read, and nobody gets between them unseen."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.conftest import NewWindow
from tests.browser.window import MILLISECONDS_MAX, Window

WORDS = re.compile(r"(?:[bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz] ?){5}")
# RFC 7748, section 6.1: keys that belong to neither of the two.
STRANGERS_KEYS = ("hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo", "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08")


def meet(one: Window, other: Window, interest: str) -> None:
    one.start(interest)
    one.expect_searching()
    other.start(interest)
    one.expect_paired()
    other.expect_paired()


def words_of(window: Window) -> str:
    shown = window.conversation.locator(".words")
    expect(shown).to_have_text(WORDS, timeout=MILLISECONDS_MAX)
    return shown.inner_text()


def watch(window: Window) -> list[str]:
    """Collect every frame of a window's sockets, both ways, from its next connection on."""
    frames: list[str] = []

    def follow(socket: Any) -> None:
        socket.on("framesent", lambda frame: frames.append(str(frame)))
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    window.page.on("websocket", follow)
    return frames


def test_the_wire_carries_no_word_that_either_said(new_window: NewWindow, interest: str) -> None:
    """Both read both, both show the same five words, and the frames hold neither lines nor secret keys."""
    one, other = new_window(), new_window()
    frames = watch(one), watch(other)
    meet(one, other, interest)
    said = [secrets.token_hex(8) for _ in range(6)]
    for index, line in enumerate(said):
        speaker, listener = (one, other) if index % 2 == 0 else (other, one)
        speaker.message_box.fill(f"canary {line} ü🐢")
        speaker.message_box.press("Enter")
        listener.expect_line(f"canary {line} ü🐢")

    assert words_of(one) == words_of(other)
    for seen in frames:
        assert sum('"sealed"' in frame for frame in seen) >= len(said)
        assert [frame for frame in seen if "canary" in frame or any(line in frame for line in said)] == []
    for window in (one, other):
        kept = json.loads(window.page.evaluate("sessionStorage.getItem('passerby.session')"))
        assert kept["pairs"], "a reload keeps the keys"
        secret = [pair["private"] for pair in kept["pairs"]]
        assert not any(each in frame for each in secret for seen in frames for frame in seen)


def test_a_reload_goes_on_with_the_same_words_and_lines(new_window: NewWindow, interest: str) -> None:
    """What was said before stays, and what is said after is read."""
    one, other = new_window(), new_window()
    meet(one, other, interest)
    before = words_of(one)
    one.page.reload()
    one.expect_paired()

    assert words_of(one) == before == words_of(other)
    for speaker, listener in ((one, other), (other, one)):
        line = secrets.token_hex(6)
        speaker.message_box.fill(line)
        speaker.message_box.press("Enter")
        listener.expect_line(line)


def test_the_next_stranger_is_met_with_other_words(new_window: NewWindow, interest: str) -> None:
    """Each room has keys of its own, and each search a key that nobody saw."""
    one, other = new_window(), new_window()
    frames = watch(one)
    meet(one, other, interest)
    first = words_of(one)
    one.page.keyboard.press("Escape")
    one.page.keyboard.press("Escape")
    one.expect_searching()
    third = new_window()
    third.start(interest)
    third.expect_paired()

    assert words_of(third) != first
    shown = {each["key"] for frame in frames if (each := json.loads(frame)).get("action") in ("join", "skip")}
    assert len(shown) == 2


def exchange_keys(window: Window, key: str) -> None:
    """Put oneself between a window and its server, which gives it another key than its peer's."""

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def pass_on(text: str | bytes) -> None:
            event = json.loads(text)
            if event.get("type") == "paired":
                event["key"] = key
            route.send(json.dumps(event))

        server.on_message(pass_on)

    window.page.route_web_socket(re.compile(r"/ws"), between)


def test_a_server_that_exchanges_keys_is_noticed_by_the_words_and_reads_nothing(
    new_window: NewWindow, interest: str
) -> None:
    """Both screens show other words; what one writes the other does not take for the stranger's."""
    one, other = new_window(), new_window()
    for window, key in zip((one, other), STRANGERS_KEYS, strict=True):
        exchange_keys(window, key)
    meet(one, other, interest)

    assert words_of(one) != words_of(other)
    one.message_box.fill("for your eyes only")
    one.message_box.press("Enter")
    expect(other.conversation).to_contain_text("did not send", timeout=MILLISECONDS_MAX)
    expect(other.conversation).not_to_contain_text("for your eyes only")


def test_a_browser_without_the_curve_talks_in_the_clear_and_both_are_told(new_window: NewWindow, interest: str) -> None:
    """Nobody is shut out, and nobody believes what is not so."""
    one, other = new_window(), new_window()
    one.page.add_init_script("SubtleCrypto.prototype.generateKey = () => Promise.reject(new Error('no such curve'))")
    one.page.reload()
    one.expect_landing()
    meet(one, other, interest)

    for window in (one, other):
        expect(window.conversation).to_contain_text("not sealed", timeout=MILLISECONDS_MAX)
        expect(window.conversation.locator(".words")).to_have_count(0)
    for speaker, listener in ((one, other), (other, one)):
        line = secrets.token_hex(6)
        speaker.message_box.fill(line)
        speaker.message_box.press("Enter")
        listener.expect_line(line)
