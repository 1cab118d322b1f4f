"""Logs and numbers: JSON lines with ids, codes and timings, and embedded metrics. Never what people say.

A change of state is one line at INFO; the steps before it are lines at DEBUG, which an operator can have for a share of
the invocations (`debug_sample_percent`). Numbers are collected and printed as one line when the invocation ends: no
call is made for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics

from functions.chat.runtime import settings
from functions.chat.runtime.metrics import BY_NAME, COUNT, MILLISECONDS, metric_of_call

SERVICE = "passerby"
STACK_LEVEL = 3  # a line says where the state changed, and not that `tell` logged it

logger = Logger(service=SERVICE)
# Lambda's level (AWS_LAMBDA_LOG_LEVEL) says what is kept, and Powertools puts it above LOG_LEVEL: with a sample it is
# DEBUG, and every invocation would tell everything.
logger.initial_log_level = settings.log_level()
logger.refresh_sample_rate_calculation()


class Collection:
    """The numbers of one invocation. Most have none, as a line has, and make no collector."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._metrics: EphemeralMetrics | None = None

    def add(self, name: str, unit: str, value: float) -> None:
        """Add to a number."""
        if self._metrics is None:
            self._metrics = EphemeralMetrics(namespace=self._namespace, service=SERVICE)
        self._metrics.add_metric(name=name, unit=unit, value=value)

    def flush(self) -> None:
        """Print them as one line, when there are any."""
        if self._metrics is not None:
            self._metrics.flush_metrics()


# One for each invocation: the local gateway runs many at once in one process.
_metrics: ContextVar[Collection | None] = ContextVar("metrics", default=None)


@contextmanager
def collecting(namespace: str) -> Iterator[None]:
    """Collect the numbers of one invocation and print them as one embedded metric line, when there are any."""
    metrics = Collection(namespace)
    token = _metrics.set(metrics)
    if logger.sampling_rate:
        logger.refresh_sample_rate_calculation()
    try:
        yield
    except Exception:
        count("Failures")
        raise
    finally:
        _metrics.reset(token)
        metrics.flush()


def count(name: str, value: float = 1) -> None:
    """Add to a number of this invocation, one of metrics.py."""
    _add(name, COUNT, value)


def observe_milliseconds(name: str, milliseconds: float) -> None:
    """Add one duration to this invocation's numbers."""
    _add(name, MILLISECONDS, milliseconds)


def count_relay(name: str) -> None:
    """Count an outcome of the relay's provider; a failure's code goes to the log, as there is no end of codes."""
    kind, _, code = name.partition("_")
    if code:
        logger.warning("relay failed", reason=code)
    count(kind)


def tell(change: str, **facts: Any) -> None:
    """Log one change of state; a fact that is None is left out."""
    known = {name: fact for name, fact in facts.items() if fact is not None}
    logger.info(change, stacklevel=STACK_LEVEL, **known)


def tell_call(room_id: str, went: str | None) -> None:
    """Log and count how the call of a room went, where the member that ended the room says so."""
    if went is not None:
        count(metric_of_call(went))
        logger.info("call went", stacklevel=STACK_LEVEL, room=room_id, reason=went)


def milliseconds(seconds: float) -> int:
    """Return a duration as the log and the metrics have it."""
    return round(seconds * 1000)


def _add(name: str, unit: str, value: float) -> None:
    metric = BY_NAME.get(name)
    assert metric is not None, f"{name} is in metrics.py"
    assert metric.unit == unit, f"{name} is a number of {metric.unit}"
    metrics = _metrics.get()
    if metrics is not None:
        metrics.add(name, unit, value)
