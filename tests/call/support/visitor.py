"""A person on the product's own page, who knows only what the page says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Route, WebSocket, expect

from tests.call.support import browsers
from tests.call.support.faces import Face
from tests.call.support.people import DEADLINE_SECONDS, Person, wait_for

MILLISECONDS_MAX = DEADLINE_SECONDS * 1000


def promise_to_hide(route: Route) -> None:
    """Let the site say that video hides addresses, as it does while its relay is out of order."""
    answer = route.fetch()
    config = answer.json()
    route.fulfill(response=answer, json={**config, "video": {**config.get("video", {}), "hidesAddresses": True}})


# A browser that asks each time, and a person who answers after a while: they see the green room.
GREEN = """
navigator.permissions.query = async () => ({ state: 'prompt' });
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((done) => { setTimeout(done, 1_200); });
    if (window.refuses) throw new DOMException('', 'NotAllowedError');
    return open(wanted);
};
"""


class Visitor(Person):
    """One window of the product; `promised` is somebody to whom the site said that video hides addresses."""

    def __init__(
        self,
        browser: Browser,
        face: Face,
        *,
        promised: bool = False,
        **options: Any,
    ) -> None:
        self.context: BrowserContext
        self.context, page = browsers.person(browser, **options)
        super().__init__(face.name, page, face)
        page.set_default_timeout(MILLISECONDS_MAX)
        self.signals: dict[str, int] = {}
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("websocket", self._listen)
        if promised:
            page.route("**/config.json", promise_to_hide)

    def visit(self, url: str) -> None:
        self.page.goto(url)
        expect(self.button("Video chat")).to_be_enabled(timeout=MILLISECONDS_MAX)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def start_video(self) -> None:
        self.button("Video chat").click()

    def skip(self) -> None:
        self.button("Skip").click()
        self.button("Really?").click()

    def say(self, text: str) -> None:
        box = self.page.get_by_role("textbox", name="Message", exact=True)
        expect(box).to_be_editable(timeout=MILLISECONDS_MAX)
        box.fill(text)
        self.button("Send").click()

    def reads(self, text: str) -> None:
        line = self.page.get_by_role("log", name="Conversation", exact=True).get_by_text(text, exact=True)
        expect(line).to_be_visible(timeout=MILLISECONDS_MAX)

    def is_told(self, text: str) -> None:
        expect(self.page.get_by_text(text, exact=True).filter(visible=True).first).to_be_visible(
            timeout=MILLISECONDS_MAX
        )

    def stranger(self) -> Locator:
        return self.page.get_by_label("Stranger's video", exact=True)

    def searches(self) -> None:
        status = self.page.get_by_role("status").filter(has_text="Looking")
        expect(status.first).to_be_visible(timeout=MILLISECONDS_MAX)

    def sees_somebody(self) -> bool:
        """Whether pictures of anybody arrive."""
        return self.frames() > 0

    def leave(self) -> None:
        """Close the page; the server is told, so that nobody meets somebody who is not there.

        Stop may be hidden meanwhile: a page that was loaded anew searches no more once its stranger has left.
        """
        stop = self.page.locator("#stop")
        try:
            for _ in ("Stop", "Really?"):  # a talk is ended by a second press
                if stop.is_visible():
                    stop.dispatch_event("click")
            expect(stop).to_be_hidden(timeout=MILLISECONDS_MAX)
        finally:
            self.context.close()

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda payload: self._count(str(payload)))

    def _count(self, payload: str) -> None:
        frame = json.loads(payload)
        if frame.get("action") == "signal":
            self.signals[frame["room"]] = self.signals.get(frame["room"], 0) + 1


def both_see_each_other(red: Visitor, blue: Visitor) -> None:
    """Each has the other's face."""
    for one, other in ((red, blue), (blue, red)):
        assert other.face is not None, "visitors have faces"
        one.wait_until_sees(other.face)


def wait_until_searching_then_start(waiter: Visitor, joiner: Visitor) -> None:
    waiter.start_video()
    waiter.searches()
    joiner.start_video()


def settle(*visitors: Visitor) -> None:
    """Wait until nobody's pictures stand still."""
    for visitor in visitors:
        wait_for(f"{visitor.name} gets pictures", visitor.sees_somebody)


Visit = Callable[..., Visitor]
