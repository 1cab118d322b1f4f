"""A program's requests to DynamoDB beside reading and writing items: tables, their expiry, and everything in one."""

from __future__ import annotations

import time
from typing import Any

from infra.local.dynamodb.operations import Database
from infra.local.dynamodb.requests import Request, Response, project, scope_of, units_of_bytes, used_up, with_units
from infra.local.dynamodb.tables import Table
from infra.local.dynamodb.values import DatabaseError, invalid, size_of_item

ARN_PREFIX = "arn:aws:dynamodb:us-east-1:000000000000:table/"
NAME_LENGTH_MIN, NAME_LENGTH_MAX = 3, 255
SWEEP_SECONDS = 60.0  # how often what has expired is removed; DynamoDB may take days
TOKENS_KEPT_MAX = 10_000  # of transactions that may be sent again; DynamoDB forgets them after ten minutes


class AdministeredDatabase(Database):
    """A database whose tables are made by requests, and that forgets what has expired."""

    def __init__(self) -> None:
        super().__init__()
        self._definitions: dict[str, Request] = {}
        self._expiries: dict[str, Request] = {}
        self._sweeps_at = time.monotonic() + SWEEP_SECONDS

    def call(self, operation: str, request: Request) -> Response:
        if time.monotonic() >= self._sweeps_at:
            self._sweeps_at = time.monotonic() + SWEEP_SECONDS
            self.sweep(time.time())
        if not hasattr(self, f"on_{operation}"):
            raise DatabaseError("UnknownOperationException", f"the local database has no {operation}")
        return super().call(operation, request)

    def sweep(self, now: float) -> None:
        """Remove the items that have expired, and the oldest tokens of transactions."""
        for token in list(self.tokens)[:-TOKENS_KEPT_MAX]:
            del self.tokens[token]
        for name, expiry in self._expiries.items():
            table, attribute = self.tables[name], expiry["AttributeName"]
            if expiry["Enabled"]:
                for key in [key for key, item in table.items.items() if _has_expired(item.get(attribute), now)]:
                    table.delete(key)

    def on_CreateTable(self, request: Request) -> Response:  # noqa: N802 - operations keep the API's names
        name = request["TableName"]
        if name in self.tables:
            raise DatabaseError("ResourceInUseException", f"Table already exists: {name}")
        if not NAME_LENGTH_MIN <= len(name) <= NAME_LENGTH_MAX:
            raise invalid(f"TableName must be at least 3 characters long and at most 255 characters long: {name}")
        kinds = {each["AttributeName"]: each["AttributeType"] for each in request["AttributeDefinitions"]}
        keys = {each["KeyType"]: each["AttributeName"] for each in request["KeySchema"]}
        if set(kinds) != set(keys.values()):
            raise invalid("Number of attributes in KeySchema does not match those in AttributeDefinitions")
        self.tables[name] = Table(keys["HASH"], keys.get("RANGE", keys["HASH"]))
        self._definitions[name] = request
        return {"TableDescription": self._description(name)}

    def on_DescribeTable(self, request: Request) -> Response:  # noqa: N802
        self.table(request["TableName"])
        return {"Table": self._description(request["TableName"])}

    def on_ListTables(self, _: Request) -> Response:  # noqa: N802
        return {"TableNames": sorted(self.tables)}

    def on_DeleteTable(self, request: Request) -> Response:  # noqa: N802
        self.table(request["TableName"])
        description = self._description(request["TableName"])
        for kept in (self.tables, self._definitions, self._expiries):
            kept.pop(request["TableName"], None)
        return {"TableDescription": description}

    def on_UpdateTimeToLive(self, request: Request) -> Response:  # noqa: N802
        self.table(request["TableName"])
        self._expiries[request["TableName"]] = request["TimeToLiveSpecification"]
        return {"TimeToLiveSpecification": request["TimeToLiveSpecification"]}

    def on_DescribeTimeToLive(self, request: Request) -> Response:  # noqa: N802
        expiry = self._expiries.get(request["TableName"])
        if expiry is None or not expiry["Enabled"]:
            return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
        described = {"TimeToLiveStatus": "ENABLED", "AttributeName": expiry["AttributeName"]}
        return {"TimeToLiveDescription": described}

    def on_Scan(self, request: Request) -> Response:  # noqa: N802
        """Return everything at once, however much it is: a local table is small."""
        table, scope = self.table(request["TableName"]), scope_of(request)
        read = list(table.items.values())
        matching = self.filtered(read, request, scope)
        used_up(scope, request)
        answer: Response = {"Count": len(matching), "ScannedCount": len(read)}
        if request.get("Select") != "COUNT":
            answer["Items"] = [project(item, request, scope) for item in matching]
        size = sum(map(size_of_item, read))
        return with_units(answer, request, lambda: units_of_bytes(size, request.get("ConsistentRead", False)))

    def _description(self, name: str) -> dict[str, Any]:
        definition = self._definitions[name]
        return {
            "TableName": name,
            "TableStatus": "ACTIVE",
            "TableArn": ARN_PREFIX + name,
            "KeySchema": definition["KeySchema"],
            "AttributeDefinitions": definition["AttributeDefinitions"],
            "ItemCount": len(self.tables[name].items),
            "BillingModeSummary": {"BillingMode": definition.get("BillingMode", "PROVISIONED")},
        }


def _has_expired(moment: dict[str, str] | None, now: float) -> bool:
    return moment is not None and "N" in moment and float(moment["N"]) < now
