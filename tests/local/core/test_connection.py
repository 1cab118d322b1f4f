"""One connection without a network: its clocks, and when it was last used."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from infra.local.core.connection import Connection
from infra.local.core.counters import Counters
from infra.local.core.events import Client
from infra.local.core.settings import Settings

ADA = Client("here", "192.0.2.1", (), (), "Ada=", "local", 0)


class Socket:
    """Takes every frame at once."""

    closed = False

    async def send_frame(self, data: bytes, kind: Any) -> None:
        """Take a frame."""


class Transport:
    def abort(self) -> None:
        """Cut it off."""

    def close(self) -> None:
        """End it."""


def opened() -> Any:
    connection: Any = Connection(ADA, Settings(), Counters())
    connection.open(Socket(), Transport())
    return connection


async def test_a_closed_connection_leaves_no_clock_behind():
    """Else each would be kept for ten minutes, with all that its client said of itself."""
    connection = opened()
    idle = connection._clock
    connection.close(1000)
    cut_off = connection._clock
    assert idle.cancelled()
    assert not cut_off.cancelled()

    await connection.end()
    assert cut_off.cancelled()


async def test_an_event_for_a_client_is_a_use_of_its_connection():
    """A reader who says nothing is not idle."""
    connection = opened()
    connection._last_active -= 300
    assert connection.idle_seconds >= 300
    assert connection.send(b"{}")

    assert connection.idle_seconds < 300


def test_the_gateway_has_awss_limits_and_as_many_handlers_as_their_clients_keep_connections():
    """Each test says which of them it shortens."""
    settings = asdict(Settings())

    assert {name: settings[name] for name in settings if name.endswith("_max")} == {
        "frame_bytes_max": 32 * 1024,
        "message_bytes_max": 128 * 1024,
        "idle_seconds_max": 600,
        "connection_seconds_max": 7200,
        "integration_seconds_max": 29,
        "invocations_at_once_max": 32,
        "invocations_eager_max": 4,
        "send_buffer_bytes_max": 512 * 1024,
        "close_seconds_max": 1,
        "drain_seconds_max": 1,
    }
    assert settings["host"] == "127.0.0.1"
