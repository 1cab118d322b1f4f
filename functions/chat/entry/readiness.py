"""Making ready, on Lambda only, what every invocation needs: modules, clients, and a connection of each.

Lambda loads a handler with a whole processor, whatever its memory, and not within anybody's wait: what is left for the
first frame takes three to ten times as long (docs/performance.md). Nowhere else does importing a handler do anything.

A snapshot keeps no connections, so they are made again after it was restored.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

# No connection has this id: the answer is Gone, over a connection that is there from now on.
NOBODY = "AAAAAAAAAAAAAAA="
# The two that speak to no socket, and so may not (infra/stack/permissions.py).
CONNECT = "functions.handlers.connect.handler"
CLOSE = "functions.handlers.close.handler"
SNAPSHOTS = "snap-start"


def make_ready(environment: Mapping[str, str]) -> None:
    """Do it, if this is a Lambda."""
    if not environment.get("AWS_LAMBDA_FUNCTION_NAME"):
        return
    handler = environment.get("_HANDLER")
    gc.disable()  # nothing of what is loaded now is ever garbage, and looking for some is an eighth of the time
    try:
        warm = partial(
            import_module("functions.chat.entry.warm_up").warm,
            opens=handler == CONNECT,
            speaks=handler not in (CONNECT, CLOSE),
        )
        warm()
    finally:
        gc.enable()
        gc.freeze()
    if environment.get("AWS_LAMBDA_INITIALIZATION_TYPE") == SNAPSHOTS:
        _after_restore()(warm)


def _after_restore() -> Callable[[Callable[[], None]], Any]:
    """Return what registers a hook; its module is part of Lambda's runtime and of no package."""
    register: Callable[[Callable[[], None]], Any] = import_module("snapshot_restore_py").register_after_restore
    return register
