"""The server over real HTTP: the requests that it answers, its headers, and its errors as sentences."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from infra.desk import server
from infra.desk.desk import Desk
from infra.desk.guard import Own
from tests.gateway import free_port


@pytest.fixture
def ask(desk, tmp_path: Path) -> Callable[..., tuple[int, Any, dict[str, str]]]:
    """Send one request to a desk; the answer's status, JSON or text, and headers."""
    own = Own(free_port(), "secret")
    served = Desk(desk.office, "a test", tmp_path / "evidence.key", tmp_path / "seen.json")

    async def once(method: str, path: str, **options: Any) -> tuple[int, Any, dict[str, str]]:
        async with (
            TestServer(server.application(served, own), port=own.port),
            aiohttp.ClientSession() as session,
            session.request(method, f"{own.origin}{path}", **options) as answer,
        ):
            text = await answer.text()
            is_json = answer.content_type == "application/json"
            return answer.status, json.loads(text) if is_json else text, dict(answer.headers)

    def run(method: str, path: str, origin: str | None = own.origin, **options: Any):
        headers = {**({"Origin": origin} if origin else {}), **options.pop("headers", {})}
        return asyncio.run(once(method, path, headers=headers, **options))

    return run


def test_the_page_and_its_files_are_served_under_the_token(ask):
    """With the headers that keep others out of it."""
    for name in ("", "main.js", "desk.css", "styles/colors.css", "strings/en.js"):
        status, text, headers = ask("GET", f"/secret/{name}", origin=None)
        assert status == 200, name
        assert text
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
    assert ask("GET", "/", origin=None)[2]["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/other/", "/main.js", "/api/queue", "/secret/../api/queue"])
def test_without_the_token_nothing_is_told(ask, path):
    status, text, _ = ask("GET", path, origin=None)

    assert (status, text) == (403, "Refused: token.\n")


def test_a_decision_comes_from_the_own_page_only(ask, desk):
    """Neither a form nor another page decides."""
    number = desk.report("spam")[2]
    decision = {"number": number, "verdict": "dismiss"}

    assert ask("POST", "/secret/api/decide", origin=None, json=decision)[0] == 403
    assert ask("POST", "/secret/api/decide", origin="http://evil.example", json=decision)[0] == 403
    assert ask("POST", "/secret/api/decide", data=decision)[0] == 400
    assert (
        ask("POST", "/secret/api/decide", data=json.dumps(decision), headers={"Content-Type": "text/plain"})[0] == 400
    )
    assert ask("GET", "/secret/api/decide")[0] == 405
    assert desk.office.cases.get(number).is_open
    status, told, _ = ask("POST", "/secret/api/decide", json=decision)
    assert (status, told["is_final"]) == (200, True)
    assert desk.office.cases.get(number).verdict == "dismiss"


def test_an_order_is_no_longer_than_a_notice_in_ten_languages(ask):
    """Nothing fills the memory of the operator's machine."""
    notice = {"since": "1", "until": "2", "words.": "x" * 9_000}
    assert ask("POST", "/secret/api/plan", json=notice)[0] == 409
    assert ask("POST", "/secret/api/plan", json=notice | {"words.de": "x" * 9_000})[0] == 413


def test_an_order_that_cannot_be_done_is_a_sentence(ask):
    status, told, _ = ask("GET", "/secret/api/case?number=NOSUCHCASE")

    assert status == 409
    assert "There is no case NOSUCHCASE" in told["problem"]


def test_a_file_outside_the_page_is_not_served(ask):
    for name in ("server.py", "..%2fserver.py", "strings/..%2f..%2findex.html", "demo_still.jpg"):
        assert ask("GET", f"/secret/{name}", origin=None)[0] == 404, name
