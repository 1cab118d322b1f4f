"""A real client of DynamoDB whose requests end in the local database: ten times as fast as moto.

`tests/simulation/test_dynamodb.py` holds that database against moto and a server. All that is written and read in
`functions/chat/storage` is tested on moto all the same.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator

from infra.local.dynamodb.operations import Database
from infra.local.dynamodb.values import DatabaseError
from tests.simulation.program import Refusal

REGION = "eu-central-1"


def client_in_memory() -> Any:
    """Return a client of an empty DynamoDB."""
    client = _session().create_client(
        "dynamodb", region_name=REGION, aws_access_key_id="nobody", aws_secret_access_key="nobody"
    )
    client._make_api_call = _Requests(client).make
    return client


@cache
def _session() -> Any:
    """Return the session that has read botocore's files once."""
    return botocore.session.get_session()


class _Requests:
    """The requests of a client, checked by botocore as always."""

    def __init__(self, client: Any) -> None:
        self._database = Database()
        self._model = client.meta.service_model

    def make(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        faults = ParamValidator().validate(request, self._model.operation_model(operation).input_shape)
        if faults.has_errors():
            raise ParamValidationError(report=faults.generate_report())
        if operation == "CreateTable":
            self._database.create_table(request["TableName"])
            return {}
        if operation == "Scan":
            return {"Items": list(self._database.tables[request["TableName"]].items.values())}
        try:
            return self._database.call(operation, request)
        except DatabaseError as error:
            raise Refusal(operation, error.code, error.message, error.reasons, error.item).exception() from None
