"""The functions find what they find on AWS, and nobody's real account."""

from __future__ import annotations

import pytest

from functions.routes import EXPIRY, FREQUENT, ROUTES, TALKING, Route
from infra.local import environment
from infra.local.environment import HandlerError

DATABASE, MANAGEMENT, QUEUE = "http://127.0.0.1:1", "http://127.0.0.1:2/local", "http://127.0.0.1:2/queue"


def test_the_functions_get_table_region_and_every_address():
    """These are the variables that the stack sets too."""
    variables = environment.for_functions(DATABASE, MANAGEMENT, QUEUE, keep_credentials=False, present={})

    assert (variables["TABLE_NAME"], variables["AWS_REGION"]) == ("passerby", "us-east-1")
    assert variables["AWS_ENDPOINT_URL_DYNAMODB"] == DATABASE
    assert variables["AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"] == MANAGEMENT
    assert QUEUE == variables["AWS_ENDPOINT_URL_SQS"] == variables["EXPIRY_QUEUE_URL"]


def test_the_built_in_database_never_sees_the_operators_credentials():
    """A key of a real account stays out of requests to an emulator; only a database of one's own gets it."""
    present = {"AWS_ACCESS_KEY_ID": "AKIAREAL", "AWS_SECRET_ACCESS_KEY": "real"}

    built_in = environment.for_functions(DATABASE, MANAGEMENT, QUEUE, keep_credentials=False, present=present)
    own = environment.for_functions(DATABASE, MANAGEMENT, QUEUE, keep_credentials=True, present=present)

    assert built_in["AWS_ACCESS_KEY_ID"] == "local"
    assert "AWS_ACCESS_KEY_ID" not in own


def test_a_proxy_of_the_machine_is_not_used_for_the_machine():
    """Loopback is added to what the operator excludes already."""
    variables = environment.for_functions(
        DATABASE, MANAGEMENT, QUEUE, keep_credentials=False, present={"NO_PROXY": "intra"}
    )

    assert {"intra", "127.0.0.1", "localhost", "::1"} == set(variables["NO_PROXY"].split(","))


def test_the_environment_is_put_back():
    """After the gateway everything is as it was."""
    found = {"TABLE_NAME": "mine"}
    with environment.applied({"TABLE_NAME": "passerby", "AWS_REGION": "here"}, found):
        assert found == {"TABLE_NAME": "passerby", "AWS_REGION": "here"}

    assert found == {"TABLE_NAME": "mine"}


def test_every_route_with_a_module_gets_its_handler():
    """All rows of the route table are there but those that the gateway answers itself."""
    handlers = environment.load_handlers()

    assert {route.key for route in (*ROUTES, EXPIRY) if route.module is not None} == set(handlers)


def test_a_handler_that_does_not_load_is_named_in_a_sentence():
    """The person at the console reads which route, which file and why."""
    with pytest.raises(HandlerError, match=r"handler of nap \(functions\.handlers\.nap\.handler\).*No module named"):
        environment.load_handlers((Route("nap", "nap", FREQUENT, TALKING, "nothing"),))
