"""A table of one's own for each test, in one DynamoDB in memory for each module."""

from __future__ import annotations

from typing import Any

import pytest

from functions.chat.storage.store import Store
from functions.chat.storage.table import Table
from tests.functions.desk import Desk
from tests.functions.memory import client_in_memory
from tests.functions.tables import MotoTable
from tests.functions.world import StillClock, World


@pytest.fixture(scope="module")
def dynamodb() -> Any:
    return client_in_memory()


@pytest.fixture
def table(dynamodb: Any) -> MotoTable:
    return MotoTable(dynamodb)


@pytest.fixture
def world(table: MotoTable) -> World:
    return World(table)


@pytest.fixture
def desk(table: MotoTable) -> Desk:
    return Desk(Store(Table(table.client, table.name, StillClock())), table)
