"""$connect: a visitor from the site is let in."""

from __future__ import annotations

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import PynamoDBException

from functions.chat.aws.identity_keys import KeyUnavailableError
from tests.functions.tables import refusal
from tests.functions.world import EVENTS, World, with_parts

ATTEMPTS_MAX = 5

ORIGIN = EVENTS["connect"]["headers"]["Origin"]
OTHER = "https://evil.example"
SITE = frozenset({ORIGIN, "https://www.passerby.example"})


def connect(world: World, **headers: str | None) -> int:
    """Send the recorded event with other headers, or without those given as None."""
    event = {**EVENTS["connect"]}
    changed = {**event["headers"], **{name.replace("_", "-"): value for name, value in headers.items()}}
    event["headers"] = {name: value for name, value in changed.items() if value is not None}
    return int(world.call("$connect", event)["statusCode"])


def test_a_new_connection_is_kept_idle(world):
    """It waits for nobody and is in no room; nothing is said to it, which cannot hear yet."""
    assert connect(world) == 200

    connection = world.backend.store.get_connection(EVENTS["connect"]["requestContext"]["connectionId"])
    assert connection is not None
    assert (connection.ticket_id, connection.room_id, connection.wish, connection.lost_at) == (None, None, None, None)
    assert world.sockets.posted == []


def test_a_repeated_connect_changes_nothing(world):
    """Invocations may come twice."""
    connect(world)
    before = world.items()

    assert connect(world) == 200
    assert world.items() == before


@pytest.mark.parametrize(
    ("allowed", "origin", "status"),
    [
        (SITE, ORIGIN, 200),
        (SITE, OTHER, 403),
        (SITE, None, 403),
        (SITE, "", 403),
        (SITE, "null", 403),
        (SITE, ORIGIN + ".evil.example", 403),
        (SITE, ORIGIN.upper(), 403),
        (frozenset(), OTHER, 200),
        (frozenset(), None, 200),
    ],
)
def test_other_sites_may_not_use_this_ones_visitors(table, allowed, origin, status):
    """Browsers always say where a page comes from; without a list any page may connect."""
    world = World(table, allowed_origins=allowed)

    assert connect(world, Origin=origin) == status
    assert bool(world.items()) is (status == 200)


@pytest.mark.parametrize(
    ("name", "shown", "status"),
    [
        ("x_passerby_edge", "s3cret", 200),
        ("X_Passerby_Edge", "s3cret", 200),
        ("x_passerby_edge", "s3cre", 403),
        ("x_passerby_edge", "s3cret ", 403),
        ("x_passerby_edge", "sécret", 403),
        ("x_passerby_edge", "", 403),
        ("x_passerby_edge", None, 403),
        ("x_other", "s3cret", 403),
    ],
)
def test_a_client_that_goes_round_the_edge_is_refused_when_it_has_a_secret(table, name, shown, status):
    """Header names have no case; a shown token may be anything and never fails."""
    world = World(table, edge_secret="s3cret")

    assert connect(world, **{name: shown}) == status
    assert bool(world.items()) is (status == 200)


@pytest.mark.parametrize(("shown", "status"), [("n,w", 200), ("old", 200), ("n,wold", 403), ("", 403), ("n", 403)])
def test_two_secrets_are_known_while_one_replaces_the_other(table, shown, status):
    """CloudFront tells the one or the other, for minutes; nothing of both together is one."""
    assert connect(World(table, edge_secret="n,w", edge_secret_before="old"), x_passerby_edge=shown) == status


def test_a_busy_table_refuses_and_the_client_tries_again(world):
    """503 for the moment; it has nobody to post an error to yet."""
    world.client.fail("PutItem", *[refusal("ThrottlingException")] * ATTEMPTS_MAX)

    assert connect(world) == 503
    assert world.sockets.posted == []


def test_a_visitor_whom_nobody_can_know_for_the_moment_tries_again(world):
    """The keys of pseudonyms cannot be read: nobody is let in as a stranger to all bans."""

    def unavailable():
        raise KeyUnavailableError

    world.backend = with_parts(world.backend, keyring=unavailable)

    assert connect(world) == 503


def test_an_accident_refuses_too(world):
    """The platform answers for a handler that fails."""
    world.client.fail("PutItem", ReadTimeoutError(endpoint_url="https://dynamodb.example"))

    with pytest.raises(PynamoDBException):
        connect(world)
