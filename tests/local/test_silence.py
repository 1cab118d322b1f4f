"""The local gateway prints and counts no word that people say, however much of it is asked to tell."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from tests.gateway import Gateway

INTEREST, LINE, NOTE, WRONG, AGENT = "xqinterestqx", "xqlineqx", "xqnoteqx", "xqwrongqx", "xqagentqx"
TOLD_OF = ('"paired"', '"reported"', "Refused_invalid_message")


async def hear(socket: ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """Return the next event of this kind."""
    while True:
        event: dict[str, Any] = json.loads((await socket.receive()).data)
        if event["type"] == kind:
            return event


async def test_nothing_that_was_said_is_printed_or_counted_by_a_gateway_that_tells_everything():
    """Neither a line, an interest, a note, a frame that was wrong, nor a header."""
    with Gateway(environment={"LOG_LEVEL": "DEBUG"}, arguments=["--verbose"]) as gateway:
        async with (
            ClientSession(headers={"User-Agent": AGENT}) as http,
            http.ws_connect(gateway.websocket_url) as ada,
            http.ws_connect(gateway.websocket_url) as bo,
        ):
            for each in (ada, bo):
                await each.send_json({"action": "join", "mode": "text", "interests": [INTEREST]})
            room = (await hear(ada, "paired"))["room"]
            await ada.send_json({"action": "message", "room": room, "seq": 1, "text": LINE})
            assert (await hear(bo, "message"))["text"] == LINE
            await ada.send_json({"action": "join", "mode": WRONG})
            await hear(ada, "error")
            await bo.send_json({"action": "report", "room": room, "reason": "other", "note": NOTE})
            await hear(bo, "reported")
            async with http.get(f"{gateway.url}/_local.json") as answer:
                figures = await answer.text()
        log = gateway.whole_log()

    assert [told for told in TOLD_OF if told not in log] == []
    assert [word for word in (INTEREST, LINE, NOTE, WRONG, AGENT) if word in log + figures] == []
