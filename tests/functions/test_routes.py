"""The table of routes is whole: it names every handler, and every name exists."""

from __future__ import annotations

import inspect
import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from functions import handlers, routes
from functions.routes import BY_KEY, CLOSING, EXPIRY, LIFECYCLE_KEYS, PUBLISHING, ROUTES, Route
from tests.functions.entry_points import FRAMES

FILES = {path.stem for path in Path(handlers.__path__[0]).glob("*.py")} - {"__init__"}
WITH_HANDLER = [route for route in (*ROUTES, EXPIRY, CLOSING, PUBLISHING) if route.module is not None]
ACTIONS = {route.key for route in ROUTES} - LIFECYCLE_KEYS


def test_every_route_has_a_file_and_every_file_a_route():
    """A handler that nobody calls, or a route that nobody answers, is a mistake."""
    assert {route.module for route in WITH_HANDLER} == FILES


def test_no_two_routes_have_one_key_and_only_relayed_ones_share_a_handler():
    """Each is a Lambda of its own."""
    assert len(BY_KEY) == len(ROUTES)
    alone = [route.module for route in WITH_HANDLER if route.module != "relay"]
    assert len(set(alone)) == len(alone)


@pytest.mark.parametrize("route", WITH_HANDLER, ids=lambda route: route.name)
def test_a_handler_takes_an_event_and_a_context(route: Route):
    """As Lambda calls it; tests hand in a backend, which Lambda never does."""
    handler = route.load_handler()
    required = [
        each
        for each in inspect.signature(handler).parameters.values()
        if each.default is each.empty and each.kind is not each.VAR_KEYWORD
    ]

    assert len(required) == 2
    assert route.handler_path == f"functions.handlers.{route.module}.handler"


# A handler's calls to the sockets, each with the method of the @connections API that permits it.
METHODS = {"post": "POST", "close": "DELETE", "last_used": "GET"}


@pytest.mark.parametrize("route", WITH_HANDLER, ids=lambda route: route.name)
def test_a_handler_may_do_with_sockets_what_it_does(route: Route):
    """On localhost everybody may; on AWS it would be denied, and a client that resumes would find it."""
    asked = re.findall(
        r"\.connections\.(\w+)\(", inspect.getsource(import_module(f"functions.handlers.{route.module}"))
    )

    assert {METHODS[each] for each in asked} <= route.permissions.connections


# The rights of each Lambda, and why it needs the more unusual ones: a right more is a way for one who breaks into it.
EVERY_ITEM = "GetItem BatchGetItem Query PutItem UpdateItem DeleteItem BatchWriteItem"
TALKING = (EVERY_ITEM, "POST DELETE", "SendMessage", "", "relays")
RELAYING = ("GetItem BatchGetItem PutItem UpdateItem BatchWriteItem", "POST DELETE", "SendMessage",
            "connection pace queue room", "")  # fmt: skip
RIGHTS: dict[str, tuple[str, str, str, str, str]] = {
    "$connect": ("GetItem BatchGetItem PutItem UpdateItem", "", "", "", "people"),
    **dict.fromkeys(("$disconnect", "$default", "join", "skip", "leave", "appeal"), TALKING),
    "report": (*TALKING[:4], "relays people"),  # its number is made with the key of pseudonyms
    "resume": (EVERY_ITEM, "POST DELETE GET", "SendMessage", "", "relays"),  # asks whether a socket is open
    "mine": ("GetItem BatchGetItem Query PutItem UpdateItem DeleteItem", "POST", "SendMessage",
             "case connection history online pace queue recent record room", ""),
    "complain": ("GetItem PutItem UpdateItem BatchWriteItem", "POST", "SendMessage", "", ""),
    "ping": ("", "", "", "", ""),
    # Counts people by their sockets; and reads its own queue.
    "expire": (EVERY_ITEM, "POST DELETE GET", "SendMessage ReceiveMessage DeleteMessage GetQueueAttributes", "",
               "relays"),
    "close": ("GetItem PutItem", "", "", "", ""),
    "publish": ("BatchGetItem PutItem Query", "", "", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("route", [*ROUTES, EXPIRY, CLOSING, PUBLISHING], ids=lambda route: route.name)
def test_a_lambda_may_do_this_and_no_more(route: Route):
    """A new right stands here as well, with its reason."""
    may = route.permissions
    *listed, others = RELAYING if route.module == "relay" else RIGHTS[route.key]

    assert [may.table, may.connections, may.queue, may.items] == [set(each.split()) for each in listed]
    assert [may.pairs, may.knows_people] == [each in others for each in ("relays", "people")]


@pytest.mark.parametrize("route", [route for route in ROUTES if route.module is None], ids=lambda route: route.name)
def test_a_route_without_a_handler_has_an_answer(route: Route):
    """The gateway gives it by itself."""
    assert route.answer is not None
    assert json.loads(route.answer)["type"]
    with pytest.raises(AssertionError, match="answered by the gateway"):
        _ = route.handler_path


def test_every_frame_has_a_route_and_every_action_that_needs_one_a_frame():
    """A frame that API Gateway sends nowhere could never arrive."""
    assert {kind.__name__.lower() for kind in FRAMES} == ACTIONS - {
        route.key for route in ROUTES if route.module is None
    }


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action_is_answered_by_its_route(action):
    """As `$request.body.action` selects it."""
    assert routes.select(action).key == action


@pytest.mark.parametrize(
    "action", ["", "JOIN", "join ", "dance", *sorted(LIFECYCLE_KEYS), None, 5, True, ["join"], {}, "\ud800"]
)
def test_anything_else_goes_to_default(action):
    """No frame reaches a lifecycle route by naming it."""
    assert routes.select(action).key == "$default"


@pytest.mark.parametrize("route", [*ROUTES, EXPIRY, CLOSING, PUBLISHING], ids=lambda route: route.name)
def test_a_route_can_be_used_at_all(route: Route):
    """Its throttle lets somebody through, and its name is one that AWS takes."""
    assert route.throttle.rate_per_second > 0
    assert route.throttle.burst > 0
    assert route.name.isalpha()
