"""Firefox, driven over WebDriver BiDi: the few commands that a call needs, without another driver to install."""

from __future__ import annotations

import asyncio
import json
import subprocess
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import aiohttp

from tests.call.support.browsers import PROBE, program
from tests.call.support.ports import free_port

ANSWER_SECONDS_MAX = 30.0
START_SECONDS_MAX = 40.0

PREFERENCES = {
    "media.navigator.streams.fake": True,  # a flat colour that changes, and a tone
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.peerconnection.ice.loopback": True,  # the relay of the tests is there
    "network.proxy.type": 0,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "app.update.enabled": False,
    "remote.prefs.recommended": True,
}


class Firefox:
    """One Firefox with one page; it has the methods of Playwright's page that the tests use."""

    def __init__(self, folder: Path) -> None:
        self._numbers = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        profile = folder / "firefox"
        profile.mkdir()
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
        (profile / "user.js").write_text("\n".join(lines))
        port = free_port()
        self._process = subprocess.Popen(
            [program("firefox"), "--headless", "--no-remote", "--profile", profile, f"--remote-debugging-port={port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._run(self._connect(port), START_SECONDS_MAX)
        self._command("session.new", {"capabilities": {}})
        self._context = self._command("browsingContext.getTree", {})["contexts"][0]["context"]
        self._command("script.addPreloadScript", {"functionDeclaration": f"() => {{ {PROBE} }}"})

    def goto(self, url: str) -> None:
        self._command("browsingContext.navigate", {"context": self._context, "url": url, "wait": "complete"})

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """The value of an expression, or of a function called with the argument; promises are awaited."""
        expression = (
            f"(async () => {{ const found = await ({script});"
            f" const value = typeof found === 'function' ? await found({json.dumps(argument)}) : found;"
            " return JSON.stringify(value === undefined ? null : value); })()"
        )
        answer = self._command(
            "script.evaluate",
            {
                "expression": expression,
                "target": {"context": self._context},
                "awaitPromise": True,
                "userActivation": True,
            },
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def wait_for_function(self, script: str) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS_MAX
        while not self.evaluate(f"Boolean({script})"):
            assert time.monotonic() < deadline, f"still not: {script}"
            time.sleep(0.05)

    def wait_for_timeout(self, milliseconds: float) -> None:
        time.sleep(milliseconds / 1000)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._run(self._disconnect(), 10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def _command(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        answer = self._run(self._send(method, parameters), ANSWER_SECONDS_MAX)
        assert answer["type"] == "success", f"{method}: {answer}"
        result: dict[str, Any] = answer["result"]
        return result

    async def _connect(self, port: int) -> None:
        self._session = aiohttp.ClientSession()
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                self._socket = await self._session.ws_connect(f"ws://127.0.0.1:{port}/session", max_msg_size=0)
                break
            except aiohttp.ClientError:
                assert time.monotonic() < deadline, "Firefox did not start"
                await asyncio.sleep(0.1)
        self._listening = asyncio.create_task(self._listen())

    async def _disconnect(self) -> None:
        self._listening.cancel()
        await self._session.close()

    async def _listen(self) -> None:
        async for message in self._socket:
            answer = json.loads(message.data)
            waiting = self._answers.pop(answer.get("id"), None)
            if waiting is not None:
                waiting.set_result(answer)

    async def _send(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self._numbers += 1
        self._answers[self._numbers] = self._loop.create_future()
        answer = self._answers[self._numbers]
        await self._socket.send_json({"id": self._numbers, "method": method, "params": parameters})
        return await answer
