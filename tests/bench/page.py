"""The page in a real browser on this machine: click to paired, key to line, ten thousand lines, and a call's signals.

`make bench ARGS=page` starts a gateway and a browser of its own and prints a table of medians.
"""

from __future__ import annotations

import json
import secrets
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocketRoute, sync_playwright

from tests.browser import chromium
from tests.browser.window import Window
from tests.call.support import relay
from tests.gateway import Gateway

ROUNDS = 15
CROWDED = (0, 1_000, 5_000, 10_000)
BATCH = 250
GUARD_MILLISECONDS = 2_000
CALLS = 3
CALL_SECONDS = 8

# From the press of Enter to the line's place on the screen: all of the page's work, and the browser's style and layout.
SAY = """async (text) => {
  const box = document.querySelector("#message");
  box.focus();
  box.value = text;
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  const lines = document.querySelector("#lines");
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const begun = performance.now();
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  const shown = () => lines.lastElementChild !== null && lines.lastElementChild.textContent.includes(text);
  while (!shown()) {
    if (performance.now() - begun > 30000) throw new Error("the line is not shown");
    await new Promise((done) => setTimeout(done));
  }
  lines.lastElementChild.getBoundingClientRect();
  return performance.now() - begun;
}"""

# From the click to a place to write, looked for before each frame that is painted.
START = """async () => {
  const button = [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === "Text chat");
  const begun = performance.now();
  button.click();
  for (;;) {
    await new Promise((done) => setTimeout(done));
    const box = document.querySelector("#message");
    if (box !== null && box.checkVisibility() && !box.disabled && !box.readOnly) return performance.now() - begun;
    if (performance.now() - begun > 20000) throw new Error("nobody came");
  }
}"""

# Until the stranger's picture is there.
SEES = """async () => {
  const begun = performance.now();
  while (document.querySelector("#remote-video").videoWidth === 0 && performance.now() - begun < 30000) {
    await new Promise((done) => setTimeout(done, 50));
  }
  return document.querySelector("#remote-video").videoWidth > 0;
}"""


def open_window(browser: Browser, url: str) -> Window:
    window = Window(browser.new_context(permissions=["camera", "microphone"], locale="en-US"), url)
    window.expect_landing()
    return window


def clicks_to_paired(browser: Browser, url: str) -> list[float]:
    """Return the milliseconds from a click to a conversation, with somebody who waits already."""
    taken = []
    for _ in range(ROUNDS):
        interest = f"i{secrets.token_hex(6)}"
        waiter, joiner = open_window(browser, url), open_window(browser, url)
        waiter.start(interest)
        waiter.expect_searching()
        joiner.enter_interest(interest)
        taken.append(float(joiner.page.evaluate(START)))
        waiter.close()
        joiner.close()
    return taken


class Stranger:
    """A server and a peer that answer at once and say as much as they are told to."""

    def __init__(self, page: Page) -> None:
        self._socket: WebSocketRoute | None = None
        self._sequence = 0
        page.route_web_socket("**/ws*", self._open)

    def say(self, lines: int) -> None:
        assert self._socket is not None, "the page is connected"
        for _ in range(lines):
            self._sequence += 1
            text = f"line {self._sequence}: so what do you do when it is raining"
            self._tell(type="message", room="r", seq=self._sequence, text=text)

    def _open(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        socket.on_message(self._hear)

    def _hear(self, text: str | bytes) -> None:
        frame = json.loads(text)
        match frame["action"]:
            case "join" if self._sequence == 0:
                self._tell(type="paired", room="r", mode="text", polite=True, common=[], resume="t")
            case "ping":
                self._tell(type="pong")
            case "message":
                self._tell(type="ack", room="r", ack=frame["seq"])

    def _tell(self, **event: object) -> None:
        assert self._socket is not None, "the page is connected"
        self._socket.send(json.dumps(event))


def lines_among(browser: Browser, url: str) -> dict[int, list[float]]:
    """Return the milliseconds from Enter to one's own line, by how many lines stand there already."""
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.set_default_timeout(60_000)
    stranger = Stranger(page)
    page.goto(url)
    page.get_by_role("button", name="Text chat", exact=True).click()
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.wait_for()
    # The composer takes no Enter that was meant for the search.
    page.wait_for_timeout(GUARD_MILLISECONDS)
    taken: dict[int, list[float]] = {}
    said = 0
    for crowd in CROWDED:
        while said < crowd:
            stranger.say(BATCH)
            said += BATCH
            page.get_by_text(f"line {said}:").wait_for()
        taken[crowd] = [float(page.evaluate(SAY, f"own {crowd} {number}")) for number in range(ROUNDS)]
    context.close()
    return taken


def signals_of_call(browser: Browser, url: str) -> tuple[list[int], list[int]]:
    """Return how long the signals are that a call takes until both see each other, and those of a quiet while after."""
    signals: list[int] = []

    def heard(payload: str | bytes) -> None:
        if json.loads(payload)["action"] == "signal":
            signals.append(len(payload))

    interest = f"i{secrets.token_hex(6)}"
    windows = [open_window(browser, url) for _ in range(2)]
    for window in windows:
        window.page.on("websocket", lambda socket: socket.on("framesent", heard))
        window.start(interest, "Video chat")
    for window in windows:
        window.expect_paired()
        assert window.page.evaluate(SEES), "the call works"
    begun = [*signals]
    windows[0].page.wait_for_timeout(CALL_SECONDS * 1000)
    for window in windows:
        window.close()
    return begun, signals[len(begun) :]


def signals_by_routes(browser: Browser, url: str) -> list[tuple[str, str]]:
    """Return how many signals calls take: with own addresses alone, with a server that tells them, through a relay."""
    with tempfile.TemporaryDirectory() as folder, relay.running(Path(folder)) as turn:
        mint = {"TURN_PROVIDER": "coturn", "TURN_SECRET": relay.SECRET}
        configured: dict[str, Mapping[str, str]] = {
            "with STUN": {"STUN_URLS": f"stun:127.0.0.1:{turn.port}"},
            "through a relay": {**mint, "TURN_URLS": turn.urls["udp"]},
            "through a relay on three transports": {**mint, "TURN_URLS": ",".join(turn.urls.values())},
            "direct, with a relay": {**mint, "TURN_URLS": turn.urls["udp"], "RELAY_ONLY": "false"},
        }
        found = {"with own addresses alone": calls_of(browser, url)}
        for name, environment in configured.items():
            gateway = Gateway(environment=dict(environment))
            gateway.start()
            found[name] = calls_of(browser, gateway.url)
            gateway.stop()
    return [(f"signals of a call {name}", text) for name, text in found.items()]


def calls_of(browser: Browser, url: str) -> str:
    """Say how many signals several calls took, and how long one is."""
    calls = [signals_of_call(browser, url) for _ in range(CALLS)]
    begun, later = (sorted(len(call[part]) for call in calls) for part in (0, 1))
    mean = statistics.mean(length for call in calls for part in call for length in part)
    return f"{begun} until both see each other, {later} in {CALL_SECONDS} s more, of {mean:,.0f} bytes"


def rows(browser: Browser, url: str) -> list[tuple[str, str]]:
    clicks = clicks_to_paired(browser, url)
    lines = lines_among(browser, url)
    return [
        ("click to paired", f"{statistics.median(clicks):.0f} ms (slowest of {ROUNDS}: {max(clicks):.0f})"),
        *(
            (f"Enter to own line among {crowd:,}", f"{statistics.median(each):.1f} ms (slowest: {max(each):.1f})")
            for crowd, each in lines.items()
        ),
        *signals_by_routes(browser, url),
    ]


def figures() -> list[tuple[str, str]]:
    """Measure everything."""
    gateway = Gateway()
    gateway.start()
    try:
        with sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            try:
                return rows(browser, gateway.url)
            finally:
                browser.close()
    finally:
        gateway.stop()
