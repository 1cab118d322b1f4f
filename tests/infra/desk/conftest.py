"""The operator's office of the tests next door."""

from __future__ import annotations

from tests.infra.operator.conftest import desk, dynamodb

__all__ = ["desk", "dynamodb"]
