"""The live figures: what is counted, what it would cost, and that the page shows it."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from typing import Any

import aiohttp
import pytest
from playwright.sync_api import expect, sync_playwright

from functions.chat.runtime.metrics import BY_NAME
from infra import prices
from infra.local.core.counters import Counters
from infra.local.figures.figures import PAGE_PATHS
from infra.local.figures.happenings import Happenings
from infra.local.figures.ledger import Ledger
from infra.local.figures.logs import LogSink
from tests.browser import chromium
from tests.functions.test_log_lines import lines
from tests.gateway import Gateway
from tests.local.world import Recorder, receive, world

REQUESTS_OF_MESSAGE = 3

SECONDS_MAX = 20.0


def line(message: str, **facts: Any) -> dict[str, Any]:
    return {"level": "INFO", "message": message, "timestamp": "2026-11-22 20:00:00,000+0000", **facts}


def paired(room: str, waiter: str, joiner: str, waited_ms: int = 0, mode: str = "text") -> dict[str, Any]:
    return line("paired", room=room, waiter=waiter, joiner=joiner, mode=mode, waited_ms=waited_ms)


def test_waiting_and_talking_people_are_read_from_the_log():
    """From the lines of each change of state."""
    seen = Happenings()
    for name in ("Ada", "Bo", "Cy", "Dan"):
        seen.take_line(line("waiting", connection=name, mode="video" if name == "Dan" else "text"))
    seen.take_line(paired("r1", "Ada", "Bo", 1500))
    seen.take_line(line("connection lost", connection="Dan"))
    assert (seen.snapshot()["waiting"], seen.snapshot()["rooms"]) == ({"text": 1}, {"text": 1})

    seen.take_line(line("room ended", room="r1", reason="skipped", lasted_ms=60_000))
    seen.take_line(line("waiting", connection="Ada", mode="text"))
    seen.take_line(line("stopped", connection="Cy"))
    found = seen.snapshot()
    assert (found["waiting"], found["rooms"], found["ended"]) == ({"text": 1}, {}, {"skipped": 1})
    assert (found["waited_ms"]["p50"], found["lasted_ms"]["p50"]) == (1500, 60_000)


VISIT = (
    line("waiting", connection="Ada", mode="text"),
    paired("r1", "Ada", "Bo"),
    line("room ended", room="r1", by="Ada", peer="Bo", reason="disconnected", lasted_ms=1),
    line("disconnected", connection="Ada", code=1000),
    line("disconnected", connection="Bo", code=1006),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(VISIT)))), ids=str)
def test_nobody_is_left_waiting_or_talking_when_all_are_gone_in_whatever_order_lines_come(order):
    """Handlers run at once, and each writes its line when it gets to it."""
    seen = Happenings()
    for at in order:
        seen.take_line(VISIT[at])

    found = seen.snapshot()
    assert (found["waiting"], found["rooms"]) == ({}, {})


def test_the_handlers_real_lines_are_understood():
    """A whole story leaves nobody waiting who left, and no room open that ended."""
    seen = Happenings()
    for each in lines():
        seen.take_line(each)
    found = seen.snapshot()

    assert found["changes"]["paired"] == 5  # Ada and Bo; a rude one and four reporters
    assert found["rooms"] == {}
    assert all(change["change"] != "claimed" for change in found["recent"])


def test_numbers_are_added_up_and_the_last_count_of_people_is_kept():
    """As CloudWatch would, from the embedded lines; durations have no sum."""
    seen = Happenings()
    for here in (7, 5):
        metrics = [{"Name": "Reports", "Unit": "Count"}, {"Name": "PeopleHere", "Unit": "Count"}]
        metrics.append({"Name": "Waited", "Unit": "Milliseconds"})
        numbers = {"Reports": [1.0, 1.0], "PeopleHere": [here], "Waited": [9.0]}
        seen.take_metrics({"_aws": {"CloudWatchMetrics": [{"Metrics": metrics}]}, **numbers})

    assert (seen.snapshot()["numbers"], seen.snapshot()["people_here"]) == ({"Reports": 4.0}, 5)


def test_the_cost_is_what_was_used_at_the_prices_of_the_one_table():
    """Each message, unit, second and request at its price."""
    ledger, counters = Ledger(), Counters(frames_received=600_000, frames_sent=400_000)
    counters.invocations["message"] = 1_000_000
    ledger.units = {"read": 1e6, "write": 2e6}
    ledger.requests["SendMessage"] = 1_000_000
    ledger.handler_seconds = 7200.0

    assert ledger.dollars(counters, connection_seconds=6e7, log_bytes=10**9) == pytest.approx(
        {
            "messages": 1e6 * prices.MESSAGE,
            "connections": 1e6 * prices.CONNECTION_MINUTE,
            "lambda": 1e6 * prices.INVOCATION + 3600 * prices.GIGABYTE_SECOND,
            "table": 1e6 * prices.READ_UNIT + 2e6 * prices.WRITE_UNIT,
            "queue": REQUESTS_OF_MESSAGE * 1e6 * prices.QUEUE_REQUEST,
            "logs": prices.LOG_GIGABYTE,
        }
    )


def test_lines_are_handed_on_and_weighed():
    """As CloudWatch weighs them: with 26 bytes for each."""
    heard: list[Any] = []
    sink = LogSink()
    sink.on_line = heard.append
    print('{"level": "INFO", "message": "paired"}', file=sink)
    print('{"_aws": {}}', file=sink)

    assert [each["message"] for each in heard] == ["paired"]
    assert sink.bytes == 38 + 26 + 12 + 26


async def test_the_page_is_for_this_machine_and_asks_nobody_else():
    """Its files are there, with a policy that allows only themselves."""
    async with world() as w:
        for path, (_, content_type) in PAGE_PATHS.items():
            async with w.session.get(w.url + path) as answer:
                assert (answer.status, answer.content_type) == (200, content_type)
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_handlers_are_timed_and_connections_aged():
    """Lambda and the open sockets would be paid for these."""
    async with world({"join": Recorder()}) as w:
        socket = await w.connect()
        await socket.send_str('{"action":"ping"}')
        await receive(socket)
        async with w.session.get(w.url + "/_local.json") as answer:
            found = await answer.json()

    assert 0 < found["connection_seconds"] < SECONDS_MAX
    assert found["dollars"]["together"] > 0
    assert set(found["numbers"]) <= set(BY_NAME)


def test_a_real_conversation_is_seen_on_the_page():
    """In a browser, with units of the table and without a complaint, on a phone's screen too."""
    gateway = Gateway()
    gateway.start()
    complaints: list[str] = []
    try:
        asyncio.run(_talk(gateway.websocket_url))
        with sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            for width in (1280, 360):
                page = browser.new_page(viewport={"width": width, "height": 800})
                page.on("console", lambda message: complaints.append(message.text))
                page.goto(f"{gateway.url}/_local")
                expect(page.locator("#recent")).to_contain_text("paired", timeout=SECONDS_MAX * 1000)
                # One pairing is one transaction, or two where both came at once and one lost the race.
                transactions = page.locator("#requests tr", has_text="TransactWriteItems").locator("td").last
                expect(transactions).to_have_text(re.compile("^[12]$"))
                expect(page.locator("#dollars tr.sum td").last).not_to_have_text("0.00")
                expect(page.locator("#failures")).to_have_text("None.")
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            browser.close()
    finally:
        gateway.stop()
    assert complaints == []


async def _talk(url: str) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(SECONDS_MAX):
        sockets = [await session.ws_connect(url) for _ in range(2)]
        for socket in sockets:
            await socket.send_str('{"action":"join","mode":"text"}')
        for socket in sockets:
            while json.loads((await socket.receive()).data)["type"] != "paired":
                pass
        for socket in sockets:
            await socket.close()
