"""Logs and numbers: JSON lines with ids, codes and timings, and embedded metrics. Never what people say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

SERVICE = "passerby"

logger = Logger(service=SERVICE)

# One collector for each invocation: the local gateway runs many at once in one process.
_metrics: ContextVar[EphemeralMetrics | None] = ContextVar("metrics", default=None)


@contextmanager
def collecting(namespace: str) -> Iterator[None]:
    """Collect the numbers of one invocation and print them as one embedded metric line, when there are any."""
    metrics = EphemeralMetrics(namespace=namespace, service=SERVICE)
    token = _metrics.set(metrics)
    try:
        yield
    finally:
        _metrics.reset(token)
        if metrics.metric_set:
            metrics.flush_metrics()


def count(name: str, value: float = 1) -> None:
    """Add to a number of this invocation, for instance `PairingsLost`."""
    _add(name, MetricUnit.Count, value)


def observe_milliseconds(name: str, milliseconds: float) -> None:
    """Add one duration to this invocation's numbers."""
    _add(name, MetricUnit.Milliseconds, milliseconds)


def _add(name: str, unit: MetricUnit, value: float) -> None:
    metrics = _metrics.get()
    if metrics is not None:
        metrics.add_metric(name=name, unit=unit, value=value)
