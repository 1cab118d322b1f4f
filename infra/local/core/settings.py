"""The settings of the local gateway, with API Gateway's own figures as defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from functions.platform import (
    CONNECTION_SECONDS_MAX,
    FRAME_BYTES_MAX,
    IDLE_SECONDS_MAX,
    INTEGRATION_SECONDS_MAX,
    MESSAGE_BYTES_MAX,
)
from infra.local.core.faults import Faults
from infra.page.dress import Dress

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = REPOSITORY / "frontend"  # as it is written


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one gateway; tests shorten the times and lower the limits."""

    host: str = "127.0.0.1"
    port: int = 8080
    # The management API's path on AWS begins with the stage, so the local one answers under it too.
    stage: str = "local"
    site: Path = PAGE
    dress: Dress = field(default_factory=Dress)  # the operator's brand
    frame_bytes_max: int = FRAME_BYTES_MAX
    message_bytes_max: int = MESSAGE_BYTES_MAX
    idle_seconds_max: float = IDLE_SECONDS_MAX
    connection_seconds_max: float = CONNECTION_SECONDS_MAX
    integration_seconds_max: float = INTEGRATION_SECONDS_MAX
    # Lambda would run a thousand at once; here more only wait for Python's one lock. Not more than the clients of
    # functions/chat/aws/clients.py keep connections, or each further call would open one.
    invocations_at_once_max: int = 32
    # Of these so many begin at once, and each further one when it has waited so long (workers.py).
    invocations_eager_max: int = 4
    invocation_patience_seconds: float = 0.05
    # The bytes that a client may leave unread beyond the kernel's buffers before posts to it are refused. AWS does not
    # say how much it keeps; four of the largest messages are enough for any burst that a reading client catches up
    # with.
    send_buffer_bytes_max: int = 4 * MESSAGE_BYTES_MAX
    # A client answers a close frame at once or is gone.
    close_seconds_max: float = 1.0
    # The time of the last `$disconnect` handlers when the gateway stops; on AWS they are best effort as well.
    drain_seconds_max: float = 1.0
    faults: Faults = field(default_factory=Faults)
