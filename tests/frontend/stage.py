"""The page on a stage: real files and headers, and a server of a few lines that says what a scene needs."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, ConsoleMessage, Error, Page, WebSocketRoute

SOCKET = re.compile(r"/ws(\?|$)")
SECONDS_MAX = 10.0
ROOM = "room-1"


def _date() -> str:
    return formatdate(usegmt=True)


class Stage:
    """One page and the server's side of its socket."""

    def __init__(self, context: BrowserContext, url: str, page: Page | None = None) -> None:
        self.context = context
        self.site = self.url = url
        self.page: Page = page or context.new_page()
        self._tools: list[CDPSession] = []
        self.frames: list[dict[str, Any]] = []
        self.sockets: list[WebSocketRoute] = []
        self.answers_joins = True
        self.accepts_sockets = True
        self.page.route_web_socket(SOCKET, self._accept)
        self.complaints: list[str] = []
        self.page.on("pageerror", self._hear_error)
        self.page.on("console", self._hear_console)

    def open(self) -> None:
        self.page.goto(self.url)
        self.page.locator("html[data-ready]").wait_for(state="attached")

    def tools(self) -> CDPSession:
        """Return the browser's own tools for this page."""
        self._tools.append(self.context.new_cdp_session(self.page))
        return self._tools[-1]

    def leave(self) -> None:
        """Let go of the page."""
        if not self.page.is_closed():
            for tools in self._tools:
                tools.detach()
        self.page.remove_listener("pageerror", self._hear_error)
        self.page.remove_listener("console", self._hear_console)

    # The actions of the person

    def start(self, mode: str = "text", interests: str = "") -> None:
        if interests:
            self.page.locator("#interests").fill(interests)
        self.page.locator(f"#start-{mode}").click()
        if self.accepts_sockets:
            self.wait_for_frame("join")

    def write(self, text: str) -> None:
        self.page.locator("#message").fill(text)
        self.page.locator("#send").click()

    # The events of the server

    def say(self, kind: str, **fields: Any) -> None:
        self.sockets[-1].send(json.dumps({"type": kind, **fields}))

    def pair(self, mode: str = "text", common: tuple[str, ...] = (), room: str = ROOM, **fields: Any) -> None:
        self.say("paired", room=room, mode=mode, polite=True, common=list(common), resume="token", **fields)
        self.page.locator("#message:read-write").wait_for()

    def hear(self, seq: int, text: str, ack: int | None = None) -> None:
        told = {} if ack is None else {"ack": ack}
        self.say("message", room=ROOM, seq=seq, text=text, stamp="28000000.AAAAAAAAAAAAAAAAAAAAAA", **told)

    def cut(self) -> None:
        """Lose the connection, and let none come back."""
        self.accepts_sockets = False
        self.sockets[-1].close(code=4999)

    def count_people(self, online: int, *, seconds_left: int = 200, busy: list[int] | None = None) -> None:
        """Have the site say how many people are here, and when it is usually busy."""
        until = int(time.time()) + seconds_left
        told = {"online": online, "until": until, **({"busy": busy, "busyUntil": until} if busy else {})}
        self.page.route("**/online.json", lambda route: route.fulfill(json=told, headers={"Date": _date()}))

    def wait_for_frame(self, action: str) -> dict[str, Any]:
        def find() -> dict[str, Any] | None:
            return next((frame for frame in self.frames if frame.get("action") == action), None)

        return self.wait_for(find, f"the frame {action}")

    def wait_for(self, look: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + SECONDS_MAX
        while not (found := look()):
            assert time.monotonic() < deadline, f"{what} did not come"
            self.page.wait_for_timeout(20)
        return found

    def _hear_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "ERR_FAILED" not in message.text:  # which a scene asked for
            self.complaints.append(message.text)

    def _accept(self, socket: WebSocketRoute) -> None:
        if not self.accepts_sockets:
            socket.close(code=4999)
            return
        self.sockets.append(socket)
        socket.on_message(self._receive)

    def _receive(self, message: str | bytes) -> None:
        frame = json.loads(message)
        self.frames.append(frame)
        if frame["action"] == "ping":
            self.say("pong")
        if frame["action"] == "join" and self.answers_joins:
            fields = {"interests": frame.get("interests", []), "widened": frame.get("widen", False)}
            self.say("waiting", mode=frame["mode"], resume="token", **fields)
