"""The first call of each client, made before anybody waits for it: its connection, its caches, its credentials."""

from __future__ import annotations

from functions.chat import backend as backends
from functions.chat import telemetry
from functions.chat.backend import Backend
from functions.chat.connections import Delivery
from functions.chat.readiness import NOBODY


def warm(*, opens: bool, backend: Backend | None = None) -> None:
    """Use everything once that an invocation uses. `opens`: it opens connections, and may not speak to any.

    What fails here fails again where somebody can be told.
    """
    ready = backend or backends.default()
    uses = (ready.switches, ready.keyring, ready.age_secret) if opens else (ready.switches, lambda: _reach(ready))
    for use in uses:
        try:
            use()
        except Exception:  # noqa: BLE001 - see above
            telemetry.logger.exception("not ready")


def _reach(backend: Backend) -> Delivery:
    return backend.connections.close(NOBODY)
