"""The month's budget calls this when it is used up: nobody is paired until the operator opens the queues again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from functions.chat import backend as backends
from functions.chat.backend import Backend
from functions.chat.protocol.fields import MODES
from functions.chat.runtime import telemetry
from functions.chat.storage.switches import SwitchBoard, Switches

NOTICE = "This site has used up its budget for this month and is closed for now."


def handler(_event: dict[str, Any], _context: object, /, backend: Backend | None = None) -> None:
    """Close every queue and say why; conversations go on. A second call changes nothing."""
    chosen = backend or backends.default()
    with telemetry.collecting(chosen.settings.metrics_namespace):
        SwitchBoard(chosen.table).change(_closed)
        telemetry.tell("closed", reason="budget")


def _closed(switches: Switches) -> Switches:
    return replace(switches, closed=frozenset(MODES), notice=NOTICE)
