"""A chat in which every word is marked; its last line says what was said, heard and stored. See test_silence.py."""

from __future__ import annotations

import base64
import json
import logging
import os
import sys
import traceback
from argparse import Namespace
from typing import Any

from functions.chat.runtime.settings import EDGE_HEADER
from infra.operator import people
from infra.operator.office import Office
from tests import sealing
from tests.functions.endpoint import Endpoint, serving
from tests.functions.tables import MotoTable, mocked_client
from tests.functions.world import EVENTS

MARKS: list[str] = []
SEALED_LINES = 1000
SECRETS = {"tokens": "resume", "devices": "device"}
EDGE_SECRET = "known to the edge only"


def mark(name: str) -> str:
    """Return a word that occurs nowhere else."""
    MARKS.append(f"xq{name}qx")
    return MARKS[-1]


class Stage:
    """Sockets that are only ids, and the handlers behind the table of routes."""

    def __init__(self, endpoint: Endpoint) -> None:
        from functions.routes import BY_KEY, select

        self._routes, self._select, self._endpoint = BY_KEY, select, endpoint
        self.taken: list[str] = []

    def connect(self, name: str) -> None:
        headers = {EDGE_HEADER: EDGE_SECRET, "User-Agent": mark("agent"), "Cookie": f"session={mark('cookie')}"}
        event = {**EVENTS["connect"], "queryStringParameters": {"other": mark("query")}}
        self._call("$connect", name, {**event, "headers": {**event["headers"], **headers}})

    def send(self, name: str, action: str, /, **fields: Any) -> None:
        self.send_text(name, json.dumps({"action": action, **fields}, ensure_ascii=False), action)

    def send_text(self, name: str, body: str, action: str = "") -> None:
        self._call(self._select(action).key, name, {**EVENTS["message"], "body": body})

    def heard(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(body) for path, body in self._endpoint.asked("POST") if path.endswith(f"/{name}")]

    def room(self, name: str) -> str:
        return str([event for event in self.heard(name) if event["type"] == "paired"][-1]["room"])

    def _call(self, key: str, name: str, event: dict[str, Any]) -> None:
        event["requestContext"] = {**event["requestContext"], "connectionId": name, "routeKey": key}
        self.taken.append(str(event.get("body")))
        try:
            self._routes[key].load_handler()(event, None)
        except Exception:  # noqa: BLE001  # the runtime of Lambda prints any exception
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
    notes = write_notes(stage, table, room)
    stored = list(table.items().values())
    table.client.delete_table(TableName=table.name)
    stage.send("Ada", "message", room=room, seq=2, text=mark("accident"))
    stage.send("Ada", "join", mode="text", interests=[mark("accidental")])
    return {"said": said, "interest": interest, "notes": notes, "stored": stored}


def write_notes(stage: Stage, table: MotoTable, room: str) -> list[str]:
    """Have people say what is kept: a report's note, the appeal of whom an operator locked out for it, a complaint."""
    notes = [mark(kind) for kind in ("note", "appeal", "complaint", "place", "name", "contact")]
    stage.send("Bo", "report", room=room, reason="other", note=notes[0])
    number = stage.heard("Bo")[-1]["case"]
    office = Office.at(table.client, table.name, who="olga", is_local=True)
    people.ban(office, Namespace(subject=number, address=False, length=86_400))
    stage.send("Ada", "join", mode="text")
    stage.send("Ada", "appeal", case=number, text=notes[1])
    signed = dict(zip(("text", "place", "name", "contact"), notes[2:], strict=True))
    stage.send("Ada", "complain", kind="illegal", **signed, honest=True)
    stage.send("Bo", "mine", do="show")
    return notes


def chat_sealed(stage: Stage) -> dict[str, Any]:
    """Have two people whose pages seal say 1,000 lines; one of them hands some over, with a still."""
    own = {name: sealing.new_key() for name in ("Cy", "Dee")}
    for name, key in own.items():
        stage.connect(name)
        stage.send(name, "join", mode="video", key=sealing.public(key))
    paired = {name: next(each for each in stage.heard(name) if each["type"] == "paired") for name in own}
    assert all(event["ownKey"] == sealing.public(own[name]) for name, event in paired.items())
    room = stage.room("Cy")
    keys = [sealing.derive(own[name], paired[name]["key"], room, seat) for seat, name in enumerate(own)]
    said: list[tuple[int, int, str]] = []
    for number in range(SEALED_LINES):
        seat, seq = number % 2, number // 2 + 1
        text = mark(f"sealed{number}ü🐢")
        said.append((seat, seq, text))
        stage.send(
            list(own)[seat], "message", room=room, seq=seq, **sealing.seal(keys[seat], seat, seq, text)._asdict()
        )
    heard = {
        (1 - seat, event["seq"]): event
        for seat, name in enumerate(own)
        for event in stage.heard(name)
        if event["type"] == "message"
    }
    for seat, seq, text in said:
        event = heard[seat, seq]
        line = sealing.Sealed(event["sealed"], event["commitment"])
        assert sealing.open_line(keys[1 - seat], seat, seq, line) == text
    before = list(stage.taken)
    lines = [
        {"seat": seat, "seq": seq, "text": text}
        | ({"opening": sealing.text_of(sealing.opening(keys[0], seat, seq, text)), "stamp": heard[seat, seq]["stamp"]}
           if seat == 1 else {})
        for seat, seq, text in said[10:20]
    ]  # fmt: skip
    still = "_9j_" + mark("still" + "A" * 99)
    stage.send("Cy", "report", room=room, reason="hate", lines=lines, still=still)
    return {"sealed": [text for _, _, text in said], "still": still, "taken": before}


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


def readable(data: bytes) -> list[str]:
    """Return bytes of the table as a person who opens them has them, and as any text that they hold."""
    return [base64.b64encode(data).decode(), data.decode(errors="replace")]


def main() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    logging.getLogger("operator").debug("everything is logged")
    with serving() as endpoint, mocked_client() as client:
        table = MotoTable(client)
        os.environ["TABLE_NAME"] = table.name
        os.environ["AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"] = endpoint.url
        stage = Stage(endpoint)
        sealed = chat_sealed(stage)
        facts = {**chat(stage, table), **sealed}
        posted = [body.decode() for _, body in endpoint.asked("POST")]
        heard = {name: stage.heard(name) for name in ("Ada", "Bo")}
    told = [event for events in heard.values() for event in events]
    secrets = {kind: [event[name] for event in told if name in event] for kind, name in SECRETS.items()}
    address = EVENTS["connect"]["requestContext"]["identity"]["sourceIp"]
    everything = {**facts, "posted": posted, "heard": heard, "marks": MARKS, "address": address, **secrets}
    print(json.dumps(everything, default=readable))


if __name__ == "__main__":
    main()
