"""A chat in which everything happens that the log has a line for; it prints those lines, and the numbers' ones."""

from __future__ import annotations

from dataclasses import replace

from functions.chat.evidence import x25519
from functions.chat.model.stamps import text_of
from functions.chat.runtime import telemetry
from functions.chat.runtime.leaky_bucket import Meter
from tests.functions.doorstep import come, knock, meet, metered, talk
from tests.functions.memory import client_in_memory
from tests.functions.tables import MotoTable
from tests.functions.world import DEAD, World


def tell(world: World) -> None:
    """Let everything happen once."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address="203.0.113.9")
    meet(world, ada, bo)
    ada.send("message", room="another", seq=1, text="Hello")  # refused
    bo.disconnect(DEAD)
    again = come(world, "Again", address="203.0.113.9")
    again.send("resume", token=bo.token)
    ada.send("skip", room=ada.room, call="no_connection")
    ada.send("leave")
    ada.disconnect()
    again.send("leave")
    world.ring()
    telemetry.count_relay("RelayFailed_http_503")
    _report(world)
    _flood(world)


def _report(world: World) -> None:
    """Report somebody from four networks, of which a ban comes; each report hands over a line without proof."""
    rude = come(world, "Rude", address="192.0.2.1")
    for number in range(4):
        reporter = come(world, f"Reporter {number}", address=f"198.18.{number}.2")
        room = talk(world, rude, reporter)
        own = {"seat": int(reporter.last("paired")["polite"]), "seq": 1, "text": "Hello"}
        reporter.send("report", room=room, reason="underage", lines=[own])


def _flood(world: World) -> None:
    limited = metered(world, Meter())
    flooding = come(limited, "Flood", address="198.51.100.99")
    while flooding.id in world.sockets.open:
        flooding.send("typing", room="x", on=True)
    world.backend = replace(
        world.backend, settings=replace(world.backend.settings, allowed_origins=frozenset({"https://x"}))
    )
    knock(world, "Stranger")


def main() -> None:
    telemetry.logger.setLevel("DEBUG")
    tell(World(MotoTable(client_in_memory()), evidence_key=text_of(x25519.public_key(bytes(32)))))


if __name__ == "__main__":
    main()
