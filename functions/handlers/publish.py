"""A schedule calls this once a day: the figures of the months that are over stand on the site."""

from __future__ import annotations

from typing import Any

from functions.chat import backend as backends
from functions.chat.backend import Backend
from functions.chat.moderation import publishing
from functions.chat.runtime import telemetry


def handler(_event: dict[str, Any], _context: object, /, backend: Backend | None = None) -> None:
    """Publish the last month if that was not done. A second call changes nothing."""
    chosen = backend or backends.default()
    with telemetry.collecting(chosen.settings.metrics_namespace):
        month = publishing.publish(chosen)
        if month is not None:
            telemetry.tell("published", reason=month)
