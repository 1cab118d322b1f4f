"""The visitor behind a request to connect, and the facts of them that are kept."""

from __future__ import annotations

import pytest

from functions.chat.entry import visitors
from functions.chat.runtime.settings import EDGE, NOWHERE
from tests.functions.doorstep import CAFE, HOME, come, token_of
from tests.functions.world import World


def address_of(world: World, address_source: str | None = None, source: str = HOME, **headers: str) -> tuple[str, ...]:
    """Return the pseudonyms of the address that a request seems to come from."""
    lowered = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitors.see(world.backend, {}, lowered, source).addresses


def test_a_newcomer_is_told_a_token_and_known_by_it_the_next_time(world):
    """Once per connection that waits; a device that has one is told none."""
    ada = come(world, "Ada")
    ada.join()
    again = come(world, "Ada again", token=token_of(ada))
    again.join()

    connections = [world.backend.store.get_connection(person.id) for person in (ada, again)]
    assert connections[0].device == connections[1].device
    assert "device" not in again.last("paired")


def test_a_joiner_is_told_its_device_token_with_the_pairing(world):
    """Neither of two who come at once may ever hear `waiting`."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    ada.join()
    bo.join()

    assert "device" in ada.last("waiting")
    assert "device" in bo.last("paired")
    assert ada.last("paired")["device"] == ada.last("waiting")["device"]


@pytest.mark.parametrize("token", ["x", "test.AAAA", "x" * 3000, "\x00", "🙂"])
def test_a_token_that_is_none_of_ours_makes_a_newcomer(world, token):
    """As if none had been shown."""
    ada = come(world, "Ada", token=token)
    ada.join()

    assert token_of(ada) != token


def test_a_successor_of_a_lost_connection_stays_the_device_that_it_was(world):
    """With any token that the new connection showed."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    ada.join()
    bo.join()
    device = world.backend.store.get_connection(ada.id).device
    ada.disconnect(1006)
    back = come(world, "Ada is back", address=CAFE)
    own = world.backend.store.get_connection(back.id)
    back.send("resume", token=ada.token)

    now = world.backend.store.get_connection(back.id)
    assert (now.device, now.address) == (device, own.address)
    assert now.device_token != own.device_token


def test_a_socket_says_where_it_comes_from(world):
    """A client's claims in headers count for nothing."""
    honest = address_of(world)

    assert address_of(world, x_forwarded_for=CAFE, cloudfront_viewer_address=f"{CAFE}:443") == honest


@pytest.mark.parametrize(
    ("viewer", "like"),
    [
        (f"{CAFE}:46532", CAFE),
        ("2001:db8:1:2:3:4:5:6:46532", "2001:db8:1:2::"),
        ("[2001:db8:1:2:3:4:5:6]:46532", "2001:db8:1:2::"),
        ("", ""),
        ("nonsense", ""),
        (CAFE, ""),
    ],
)
def test_behind_cloudfront_its_word_counts(table, viewer, like):
    """Its secret was checked before; IPv6 comes with and without brackets."""
    world, direct = World(table, address_source=EDGE), World(table)

    assert address_of(world, cloudfront_viewer_address=viewer) == address_of(direct, source=like)


def test_where_nobody_can_prove_an_address_nobody_has_one(table):
    """CloudFront without a secret: its own address would be everybody's."""
    world = World(table, address_source=NOWHERE)

    assert address_of(world, cloudfront_viewer_address=f"{CAFE}:1") == ()
    come(world, "Ada").join()


def test_an_event_without_a_query_or_an_address_is_let_in(world):
    """API Gateway says null for an empty query string."""
    person = come(world, "Ada")
    event = person.event("connect")
    event["queryStringParameters"] = None
    event["requestContext"]["identity"] = {}
    event["requestContext"]["connectionId"] = "Other="

    assert world.call("$connect", event) == {"statusCode": 200}
