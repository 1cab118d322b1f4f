"""No log lines and no numbers of a million handlers: nobody reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from functions.chat.runtime import telemetry

DISABLED = "POWERTOOLS_METRICS_DISABLED"


@contextmanager
def quiet() -> Iterator[None]:
    """Silence telemetry for a while."""
    level, before = telemetry.logger.log_level, os.environ.get(DISABLED)
    telemetry.logger.setLevel("CRITICAL")
    os.environ[DISABLED] = "true"
    try:
        yield
    finally:
        telemetry.logger.setLevel(level)
        del os.environ[DISABLED]
        if before is not None:
            os.environ[DISABLED] = before
