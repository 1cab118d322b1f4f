"""The lines of two windows, which the server cannot read, and between which nobody gets unseen."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

from playwright.sync_api import WebSocketRoute, expect

from tests import sealing
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
    """Lines from before stay, and lines from after are read."""
    one, other = new_window(), new_window()
    meet(one, other, interest)
    before = words_of(one)
    one.say("said before")
    one.page.reload()
    one.expect_paired()

    one.expect_line("said before")
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


def sit_between(window: Window, change: Callable[[dict[str, Any]], None]) -> None:
    """Put oneself between a window and its server, and change what either says."""

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def changed(text: str | bytes) -> str:
            frame = json.loads(text)
            change(frame)
            return json.dumps(frame)

        server.on_message(lambda text: route.send(changed(text)))
        route.on_message(lambda text: server.send(changed(text)))

    window.page.route_web_socket(re.compile(r"/ws"), between)


def exchange_keys(window: Window, key: str) -> None:
    """Give a window another key than its peer's."""
    sit_between(window, lambda frame: frame.update(key=key) if frame.get("type") == "paired" else None)


class Middle:
    """A server in the middle of two windows: to each it is the other, opens what comes and seals it anew."""

    def __init__(self) -> None:
        self.own = sealing.new_key()
        self.read: list[str] = []
        self._keys: dict[str, sealing.Keys] = {}
        self._seats: dict[str, int] = {}

    def join(self, window: Window, name: str) -> None:
        sit_between(window, lambda frame: self._change(frame, name))

    def _change(self, frame: dict[str, Any], name: str) -> None:
        if frame.get("type") == "paired":
            seat = int(frame["polite"])
            self._seats[name] = seat
            self._keys[name] = sealing.derive(self.own, frame["ownKey"], frame["room"], 1 - seat)
            frame["key"] = sealing.public(self.own)
        if "sealed" not in frame:
            return
        # A line that leaves a window is opened here; it is sealed for the other window when it comes there.
        line = sealing.Sealed(frame["sealed"], frame["commitment"])
        if frame.get("action") == "message":
            self.read.append(sealing.open_line(self._keys[name], self._seats[name], frame["seq"], line))
        else:
            text = self.read[-1]
            frame.update(sealing.seal(self._keys[name], 1 - self._seats[name], frame["seq"], text)._asdict())


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
        expect(window.conversation).to_contain_text("Not private", timeout=MILLISECONDS_MAX)
        expect(window.conversation.locator(".words")).to_have_count(0)
    for speaker, listener in ((one, other), (other, one)):
        line = secrets.token_hex(6)
        speaker.message_box.fill(line)
        speaker.message_box.press("Enter")
        listener.expect_line(line)


def test_a_server_that_reads_and_seals_anew_is_told_by_the_words_alone(new_window: NewWindow, interest: str) -> None:
    """Everything arrives and nothing looks wrong, and still the two screens show different words."""
    one, other, middle = new_window(), new_window(), Middle()
    for name, window in (("one", one), ("other", other)):
        middle.join(window, name)
    meet(one, other, interest)
    said = []
    for speaker, listener in ((one, other), (other, one)):
        said.append(f"read by three {secrets.token_hex(4)}")
        speaker.message_box.fill(said[-1])
        speaker.message_box.press("Enter")
        listener.expect_line(said[-1])

    assert middle.read == said
    for window in (one, other):
        expect(window.conversation).not_to_contain_text("did not send")
    assert words_of(one) != words_of(other)


def test_a_server_that_takes_both_keys_away_cannot_do_it_unseen(new_window: NewWindow, interest: str) -> None:
    """Both are told that the chat is not private, before either has said anything."""

    def strip(frame: dict[str, Any]) -> None:
        if frame.get("type") == "paired":
            frame.pop("key", None)
            frame.pop("ownKey", None)

    one, other = new_window(), new_window()
    for window in (one, other):
        sit_between(window, strip)
    meet(one, other, interest)

    for window in (one, other):
        expect(window.conversation).to_contain_text("Not private", timeout=MILLISECONDS_MAX)
        expect(window.conversation.locator(".words")).to_have_count(0)


def test_a_duplicated_tab_shares_no_key_with_the_first(new_window: NewWindow, interest: str) -> None:
    """It has a copy of the first one's memory, drops it, and shows a key of its own when it searches."""
    one, other = new_window(), new_window()
    meet(one, other, interest)
    kept = one.page.wait_for_function("() => sessionStorage.getItem('passerby.session')").json_value()
    keys = {pair["public"] for pair in json.loads(kept)["pairs"]}

    copy = one.context.new_page()
    copy.add_init_script(f"sessionStorage.setItem('passerby.session', {json.dumps(kept)})")
    shown: list[str] = []
    copy.on("websocket", lambda socket: socket.on("framesent", lambda frame: shown.append(str(frame))))
    copy.goto(one.page.url)
    copy.get_by_role("button", name="Text chat", exact=True).click()
    expect(copy.get_by_role("status").first).to_contain_text("Looking", timeout=MILLISECONDS_MAX)

    frames = [json.loads(frame) for frame in shown]
    assert not [frame for frame in frames if frame["action"] == "resume"]
    joined = {frame["key"] for frame in frames if frame["action"] == "join"}
    assert joined and not joined & keys
    expect(one.message_box).to_be_editable()
    copy.close()
