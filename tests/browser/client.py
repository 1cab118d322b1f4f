"""The page's own client without a browser: `client.js` under Node, for what a window would add nothing to."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NODE = Path(sys.executable).with_name("node")
SCRIPT = Path(__file__).with_name("client.js")
SECONDS_MAX = 20.0
POLL_SECONDS = 0.05

View = dict[str, Any]


class Client:
    """A person with the page's session, socket and timers."""

    def __init__(self, websocket_url: str, haste: float = 1.0, renew_after_ms: int | None = None) -> None:
        clock = (str(haste), "" if renew_after_ms is None else str(renew_after_ms))
        command = [str(NODE), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", str(SCRIPT), websocket_url, *clock]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, *interests: str) -> None:
        """Look for a stranger."""
        self._order(do="start", interests=interests)

    def write(self, *texts: str) -> None:
        """Say lines, all at once."""
        self._order(do="write", texts=texts)

    def stop(self) -> None:
        """Want nothing any more."""
        self._order(do="stop")

    def forge(self, token: str) -> None:
        """Hold another token than the one that the server gave."""
        self._order(do="forge", token=token)

    def look(self) -> View:
        """Return what a person would see now, and what lies behind it."""
        view: View = self._order(do="look")
        return view

    def wait(self, what: str, condition: Callable[[View], bool], seconds: float = SECONDS_MAX) -> View:
        """Look until a condition holds, and return what is seen then."""
        deadline = time.monotonic() + seconds
        while not condition(view := self.look()):
            view = {**view, "written": view["written"][-3:], "read": view["read"][-3:], "shown": view["shown"][-20:]}
            assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}; {view}"
            time.sleep(POLL_SECONDS)
        return view

    def close(self) -> None:
        """Be gone, as a killed browser."""
        self._process.kill()
        self._process.communicate()

    def _order(self, **order: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the client ended"
        return json.loads(answer)


def talks(view: View) -> bool:
    """Whether somebody is in an open room, with both connections up."""
    return view["phase"] == "chatting" and view["link"] == "open" and not view["peer_away"]


def meet(one: Client, other: Client, interest: str) -> str:
    """Let two people find each other and return their room."""
    one.start(interest)
    other.start(interest)
    room = one.wait("one is paired", talks)["room"]
    assert other.wait("the other is paired", talks)["room"] == room
    return str(room)
