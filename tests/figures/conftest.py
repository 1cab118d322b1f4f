"""People around the real handlers, for the figures that show in what these do."""

from __future__ import annotations

from tests.functions.conftest import dynamodb, table, world

__all__ = ["dynamodb", "table", "world"]
