"""The first call of each client, made before anybody waits for it: its connection, its caches, its credentials."""

from __future__ import annotations

from collections.abc import Callable

from functions.chat import backend as backends
from functions.chat.backend import Backend
from functions.chat.entry.readiness import NOBODY
from functions.chat.runtime import telemetry


def warm(*, opens: bool, speaks: bool, backend: Backend | None = None) -> None:
    """Use everything once that an invocation uses: `opens` connections with their keys, `speaks` to sockets.

    What fails here fails again where somebody can be told.
    """
    ready = backend or backends.default()
    uses: list[Callable[[], object]] = [ready.switches]
    uses += [ready.keyring, ready.age_secret] if opens else []
    uses += [lambda: ready.connections.close(NOBODY)] if speaks else []
    for use in uses:
        try:
            use()
        except Exception:  # noqa: BLE001 - see above
            telemetry.logger.exception("not ready")
