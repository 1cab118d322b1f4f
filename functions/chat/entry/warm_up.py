"""The start of a Lambda: every part that its invocations need is loaded, made and connected before the first one.

Lambda runs a start with a full vCPU, at any memory size, and no request waits for it. Work that is left for the first
frame takes three to ten times as long (docs/performance.md). A snapshot keeps no connections, so they are made again
after it was restored.
"""
# ruff: noqa: PLC0415 - nothing is loaded before the garbage collector stands still

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functions.chat.backend import Backend

# No connection has this id: the answer is Gone, over a connection that is there from now on.
NOBODY = "AAAAAAAAAAAAAAA="
SNAPSHOTS = "snap-start"

# By handler: the parts that are used once before the first invocation. A read of the table and `socket` open the two
# connections.
_RELAYING = ("room", "socket")
_OPENING = ("store", "records", "shared_pace", "online", "switches", "keyring", "age_secret")
_TALKING = ("store", "queue", "records", "crowd", "relays", "online", "switches", "socket")
_COMPLAINING = ("store", "shared_pace", "cases", "socket")
_OWNING = ("room", "store", "records", "cases", "queue")
USES: Mapping[str, tuple[str, ...]] = {
    "relay": _RELAYING, "connect": _OPENING, "close": ("switches",), "mine": _OWNING,
    "complain": _COMPLAINING, "publish": ("cases",),
}  # fmt: skip


def make_ready(environment: Mapping[str, str]) -> None:
    """Use each part of this Lambda's handler once, and again whenever a snapshot of it is restored."""
    uses = USES.get(environment.get("_HANDLER", "").split(".")[-2:][0], _TALKING)
    gc.disable()  # nothing loaded now is ever garbage; a search for garbage takes an eighth of the time
    try:
        warm(uses)
    finally:
        gc.enable()
        gc.freeze()
    if environment.get("AWS_LAMBDA_INITIALIZATION_TYPE") == SNAPSHOTS:
        _after_restore()(partial(warm, uses))


def warm(uses: tuple[str, ...], backend: Backend | None = None) -> None:
    """Use each part once; a part that fails here fails again where its client can be told."""
    from functions.chat import backend as backends
    from functions.chat.runtime import telemetry

    ready = backend or backends.default()
    for name in uses:
        try:
            _use(ready, name)
        except Exception:  # noqa: BLE001 - see above
            telemetry.logger.exception("not ready")


def _use(ready: Backend, name: str) -> None:
    match name:
        case "room":
            ready.rooms.get(NOBODY)
        case "socket":
            ready.connections.close(NOBODY)
        case "switches" | "keyring" | "age_secret":
            getattr(ready, name)()
        case _:
            getattr(ready, name)


def _after_restore() -> Callable[[Callable[[], None]], Any]:
    """Return what registers a hook; its module is part of Lambda's runtime and of no package."""
    register: Callable[[Callable[[], None]], Any] = import_module("snapshot_restore_py").register_after_restore
    return register
