"""A table in moto, another's DynamoDB, its clock, and the cases in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from functions.chat.storage.cases import Cases
from functions.chat.storage.table import Table
from tests.functions.tables import MotoTable, mocked_client
from tests.functions.world import StillClock


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[Any]:
    with mocked_client() as client:
        yield client


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def store(table: MotoTable, clock: StillClock) -> Table:
    return Table(table.client, table.name, clock)


@pytest.fixture
def book(store: Table) -> Cases:
    return Cases(store)
