"""The table of the town does what DynamoDB does: a town that lives on either of them hears the same, word for word."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.chat.storage.table import Table
from infra.local.dynamodb.operations import Database
from infra.local.dynamodb.values import DatabaseError
from tests.town.kinds import DILIGENT, FALSE_KEPT, GRUMPY, OFFENDER
from tests.town.people import arrive, crowd, with_history
from tests.town.site import Clock
from tests.town.table import MemoryTable
from tests.town.town import MINUTE, Town

NAME = "town"


class Exact:
    """The simulation's exact DynamoDB as a client, which the product's own table is laid on."""

    meta = SimpleNamespace(region_name="us-east-1", events=SimpleNamespace())

    def __init__(self) -> None:
        self.database = Database()
        self.database.create_table(NAME)

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        asked = {name: value for name, value in request.items() if name != "ReturnConsumedCapacity"}
        try:
            return self.database.call(operation, asked)
        except DatabaseError as error:
            response: Any = {"Error": {"Code": error.code, "Message": error.message}, "ResponseMetadata": {}}
            response["CancellationReasons"] = error.reasons or []
            raise ClientError(response, operation) from None


class ExactTable(Table):
    """The product's table, which need not be swept in minutes."""

    def __init__(self, clock: Clock) -> None:
        self.client = Exact()
        super().__init__(self.client, NAME, clock)

    def sweep(self) -> None:
        """Leave what has expired where it is: the product does not see it."""


def lived(make_table: Any) -> Town:
    """Return a town after some days, with reports, bans and floods."""
    town = Town("either", make_table)
    heard: list[tuple[float, str, dict[str, Any]]] = []
    people = crowd(town, DILIGENT, 8, town.networks.home) + crowd(town, GRUMPY, 4, town.networks.home)
    people += crowd(town, OFFENDER, 2, town.networks.home) + crowd(town, FALSE_KEPT, 1, town.networks.home)
    for person in people:
        hear = person.client.hear

        def note(connection: str, event: dict[str, Any], hear: Any = hear) -> None:
            heard.append((town.now(), connection, event))
            hear(connection, event)

        person.client.hear = note  # type: ignore[method-assign]
    with_history(town, people[::2], days=1)
    arrive(town, people, MINUTE)
    town.run(6 * MINUTE)
    for _ in range(1200):
        people[0].client.send(action="nonsense")
    town.run(MINUTE)
    town.heard = heard  # type: ignore[attr-defined]
    return town


@pytest.fixture(scope="module")
def both() -> tuple[Town, Town]:
    return lived(MemoryTable), lived(ExactTable)


def test_a_town_hears_the_same_events_at_the_same_times(both):
    """Each event holds what conditions and updates led to: an item that differs anywhere shows here."""
    memory, exact = both

    assert len(memory.heard) > 300
    assert memory.heard == exact.heard
    assert memory.ledger.reports
    assert any("ban" in raw for raw in memory.site.table.items.values())


def test_both_tables_hold_the_same(both):
    """All that has not expired, value for value."""
    memory, exact = both
    memory.site.table.sweep()
    now = exact.site.clock.now()
    table = exact.site.table.client.database.tables[NAME]
    standing = {
        (raw["pk"]["S"], raw["sk"]["S"]): raw for raw in table.items.values() if float(raw["expires_at"]["N"]) >= now
    }

    assert memory.site.table.items.keys() == standing.keys()
    assert {key: numbers(raw) for key, raw in memory.site.table.items.items()} == {
        key: numbers(raw) for key, raw in standing.items()
    }


def numbers(value: Any) -> Any:
    """Return a raw value whose numbers are compared as numbers."""
    if isinstance(value, dict):
        return {name: float(each) if name == "N" else numbers(each) for name, each in value.items()}
    return [numbers(each) for each in value] if isinstance(value, list) else value
