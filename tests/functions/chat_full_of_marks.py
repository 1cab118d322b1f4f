"""A chat in which every word is marked; its last line says what was said, heard and stored. See test_silence.py."""

from __future__ import annotations

import base64
import json
import logging
import os
import sys
import traceback
from typing import Any

from tests.functions.endpoint import Endpoint, serving
from tests.functions.tables import MotoTable, mocked_client
from tests.functions.world import EVENTS

MARKS: list[str] = []
SECRETS = {"tokens": "resume", "devices": "device"}


def mark(name: str) -> str:
    """Return a word that occurs nowhere else."""
    MARKS.append(f"xq{name}qx")
    return MARKS[-1]


class Stage:
    """Sockets that are only ids, and the handlers behind the table of routes."""

    def __init__(self, endpoint: Endpoint) -> None:
        from functions.routes import BY_KEY, select

        self._routes, self._select, self._endpoint = BY_KEY, select, endpoint

    def connect(self, name: str) -> None:
        self._call("$connect", name, {**EVENTS["connect"]})

    def send(self, name: str, action: str, **fields: Any) -> None:
        self.send_text(name, json.dumps({"action": action, **fields}, ensure_ascii=False), action)

    def send_text(self, name: str, body: str, action: str = "") -> None:
        self._call(self._select(action).key, name, {**EVENTS["message"], "body": body})

    def heard(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(body) for path, body in self._endpoint.asked("POST") if path.endswith(f"/{name}")]

    def room(self, name: str) -> str:
        return str([event for event in self.heard(name) if event["type"] == "paired"][-1]["room"])

    def _call(self, key: str, name: str, event: dict[str, Any]) -> None:
        event["requestContext"] = {**event["requestContext"], "connectionId": name, "routeKey": key}
        try:
            self._routes[key].load_handler()(event, None)
        except Exception:  # noqa: BLE001  # whatever it is, the runtime of Lambda prints it
            traceback.print_exc()


def chat(stage: Stage, table: MotoTable) -> dict[str, Any]:
    """Have two people do everything that can be done, and then some that cannot."""
    interest = mark("interest")
    for name in ("Ada", "Bo"):
        stage.connect(name)
        stage.send(name, "join", mode="video", interests=[interest])
    room = stage.room("Ada")
    said = [mark("line"), mark("sdp"), mark("candidate")]
    stage.send("Ada", "message", room=room, seq=1, text=said[0])
    stage.send("Bo", "signal", room=room, data={"description": {"sdp": said[1]}})
    stage.send("Ada", "signal", room=room, data={"candidates": [said[2]]})
    stage.send("Ada", "typing", room=room, on=True, text=mark("typed"))
    speak_badly(stage, room)
    meet_trouble(stage, room)
    note = mark("note")
    stage.send("Bo", "report", room=room, reason="other", note=note)
    stored = list(table.items().values())
    table.client.delete_table(TableName=table.name)
    stage.send("Ada", "message", room=room, seq=2, text=mark("accident"))
    stage.send("Ada", "join", mode="text", interests=[mark("accidental")])
    return {"said": said, "interest": interest, "note": note, "stored": stored}


def speak_badly(stage: Stage, room: str) -> None:
    """Send frames that are refused."""
    stage.send("Ada", "message", room=room, seq=1, text=mark("long") * 2000)
    stage.send("Ada", "message", room=room, seq=1, text=mark("control") + "\x00")
    stage.send("Ada", "message", room=mark("room"), seq=1, text=mark("stale"))
    stage.send("Ada", mark("action"), text=mark("unrouted"))
    stage.send_text("Ada", f"{{not json {mark('broken')}")
    stage.send("Ada", "join", mode=mark("mode"))
    stage.send("Ada", "join", mode="text", languages=[mark("language") + "!"])
    stage.send("Ada", "resume", token=base64.urlsafe_b64encode(f"{mark('secret')} Bo".encode()).decode())


def meet_trouble(stage: Stage, room: str) -> None:
    """Speak to somebody who is slow, and to somebody whose socket makes the API fail."""
    stage._endpoint.answer("Bo", 429, "LimitExceededException")
    stage.send("Ada", "message", room=room, seq=3, text=mark("slow"))
    stage._endpoint.answer("Bo", 403, "ForbiddenException")
    stage.send("Ada", "message", room=room, seq=4, text=mark("forbidden"))
    stage._endpoint.answer("Bo")


def main() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    logging.getLogger("operator").debug("everything is logged")
    with serving() as endpoint, mocked_client() as client:
        table = MotoTable(client)
        os.environ["TABLE_NAME"] = table.name
        os.environ["AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"] = endpoint.url
        stage = Stage(endpoint)
        facts = chat(stage, table)
        heard = {name: stage.heard(name) for name in ("Ada", "Bo")}
    told = [event for events in heard.values() for event in events]
    secrets = {kind: [event[name] for event in told if name in event] for kind, name in SECRETS.items()}
    address = EVENTS["connect"]["requestContext"]["identity"]["sourceIp"]
    print(json.dumps({**facts, "heard": heard, "marks": MARKS, "address": address, **secrets}))


if __name__ == "__main__":
    main()
