"""A conversation outlives what networks and servers do to its sockets: the page's client, real sockets, the gateway.

test_survival_windows.py has the view of a person in a window.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from infra.local import database
from tests.browser.client import Client, View, meet
from tests.browser.network import Network
from tests.browser.ordeal import Ordeal, endure
from tests.gateway import Gateway

# The page's promises, and how many times faster the clocks of these clients run.
TOLD_SECONDS, GIVEN_UP_SECONDS = 30.0, 40.0
HASTE = 8.0
# For a machine that is busy with other tests.
MARGIN_SECONDS = 1.5


@dataclass
class Person:
    """Somebody, and the network between them and the gateway."""

    client: Client
    network: Network


NewPerson = Callable[..., Person]


@pytest.fixture
def new_person() -> Iterator[NewPerson]:
    """Somebody who uses the page's client; gone after the test."""
    people: list[Person] = []

    def open_person(gateway: Gateway, haste: float = 1.0, renew_after_ms: int | None = None) -> Person:
        network = Network(gateway.port)
        people.append(Person(Client(network.websocket_url, haste, renew_after_ms), network))
        return people[-1]

    yield open_person
    for person in people:
        person.client.close()
        person.network.close()


def expect_all_said(one: Person, other: Person, said: tuple[list[str], list[str]]) -> tuple[View, View]:
    """Expect each line of both at the other end once and in order, and that its writer knows."""

    def arrived(own: list[str], theirs: list[str]) -> Callable[[View], bool]:
        return lambda view: view["written"] == [[text, "delivered"] for text in own] and view["read"] == theirs

    return (
        one.client.wait("all is there", arrived(said[0], said[1])),
        other.client.wait("all is there", arrived(said[1], said[0])),
    )


def test_three_hundred_lines_pass_through_ten_cuts(gateway):
    """All arrive, in order and once, in one room; `make survival` does it with ten thousand through two hundred."""
    endure(gateway, Ordeal(lines=300, cuts=10))


@pytest.mark.parametrize(
    "fault",
    [("delay_frame=0.5", "delay_frame_seconds_max=0.4"), ("duplicate_invocation=1.0",)],
    ids=["half of the frames reordered", "every frame delivered twice"],
)
def test_lines_survive_a_platform_at_its_worst(fault):
    """As above, while every second frame is overtaken by others, or each is handled twice; and with cuts."""
    arguments = [argument for each in fault for argument in ("--fault", each)]
    with Gateway(arguments=arguments) as gateway:
        endure(gateway, Ordeal(lines=72, cuts=3))


def test_lines_come_once_where_every_event_is_delivered_twice():
    """Without cuts: a socket that is found closed by the second `paired` is taken for one that never heard of it."""
    with Gateway(arguments=["--fault", "lose_post_answer=1.0"]) as gateway:
        endure(gateway, Ordeal(lines=72, cuts=0))


def test_a_server_that_crashes_and_begins_anew_with_its_table_goes_on(new_person):
    """Nobody is told anything by it, and nothing is written; a waiter keeps their place, too."""
    with database.running() as url, Gateway(environment={"DYNAMODB_URL": url}) as gateway:
        one, other, waiter = (new_person(gateway) for _ in range(3))
        room = meet(one.client, other.client, "server")
        waiter.client.start("nobody else likes this")
        before = waiter.client.wait("waits", lambda view: view["ticket"] is not None)
        gateway.kill()
        one.client.write("said", "while", "nobody was there")
        gateway.start()

        view, _ = expect_all_said(one, other, (["said", "while", "nobody was there"], []))
        assert view["room"] == room
        after = waiter.client.wait("waits again", lambda view: view["link"] == "open")
        assert since(after) == since(before)


def test_a_network_that_drops_everything_for_five_seconds_is_hardly_noticed(gateway, new_person):
    """The lines of both from that time arrive afterwards, in the same room."""
    one, other = new_person(gateway), new_person(gateway)
    room = meet(one.client, other.client, "five seconds")
    one.network.freeze()
    one.client.write("into the void")
    other.client.write("out of it")
    time.sleep(5)
    one.network.thaw()

    view, _ = expect_all_said(one, other, (["into the void"], ["out of it"]))
    assert view["room"] == room


def test_a_network_that_drops_everything_for_forty_seconds_ends_the_room(gateway, new_person):
    """Both ends show it within 30 s, though no socket closes; the peer searches, and the one who was gone is told."""
    one, other = (new_person(gateway, haste=HASTE) for _ in range(2))
    expect_a_dead_network_is_noticed(one, other, HASTE)


def test_the_platforms_longest_connection_is_left_before_it_ends(new_person):
    """The client moves over in time: nobody sees anything of it, nothing is lost, and the platform closes nothing."""
    with Gateway(arguments=["--fault", "connection_seconds_max=5"]) as gateway:
        one, other = (new_person(gateway, renew_after_ms=1_500) for _ in range(2))
        room = meet(one.client, other.client, "two hours")
        said: tuple[list[str], list[str]] = ([], [])
        for number in range(60):
            for own, person in zip(said, (one, other), strict=True):
                own.append(f"line {number}")
                person.client.write(own[-1])
            time.sleep(0.1)

        for view in expect_all_said(one, other, said):
            assert view["room"] == room
            assert view["heard"]["paired"] > 3, "it moved several times"
            chatting = view["shown"][view["shown"].index("chatting open") :]
            assert set(chatting) <= {"chatting open", "chatting moving"}


def test_a_waiter_keeps_the_place_over_a_cut(gateway, new_person):
    """The time since when somebody waits is what the queue is ordered by."""
    person = new_person(gateway)
    person.client.start("nobody likes this")
    before = person.client.wait("waits", lambda view: view["ticket"] is not None)
    time.sleep(1.1)
    person.network.cut()
    person.client.wait("the cut is noticed", lambda view: "searching lost" in view["shown"])

    after = person.client.wait("waits again", lambda view: view["ticket"] != before["ticket"])
    assert since(after) == since(before)


def expect_a_dead_network_is_noticed(one: Person, other: Person, haste: float) -> None:
    """Freeze the first one's network in the midst of a talk, for as long as the page takes to give it up."""
    room = meet(one.client, other.client, f"dead network {haste}")
    one.client.write("hello")
    other.client.wait("hears", lambda view: view["read"] == ["hello"])
    one.client.wait("knows", lambda view: view["written"] == [["hello", "delivered"]])
    one.network.freeze()
    began = time.monotonic()
    told_seconds = TOLD_SECONDS / haste + MARGIN_SECONDS
    one.client.wait("sees the loss", lambda view: view["link"] == "lost", told_seconds)
    other.client.wait("sees that the peer is gone", lambda view: view["peer_away"], told_seconds)
    left_seconds = GIVEN_UP_SECONDS / haste + MARGIN_SECONDS - (time.monotonic() - began)
    view = other.client.wait("searches again", lambda view: view["phase"] == "searching", left_seconds)
    assert (view["room"], view["ends"]) == (room, ["disconnected"])
    one.network.thaw()
    view = one.client.wait("is told", lambda view: view["ends"] != [] and view["link"] == "open")
    # The end of the old socket and the token of the new one were both held. Where the token passes first, the server
    # says that the room is over; where it comes second, it continues a place in the queue, and the page presumes why.
    assert view["ends"] == (["lost"] if view["heard"].get("peer_left") else ["disconnected"])


def since(view: View) -> str:
    """Return the part of a ticket that says since when its owner waits."""
    return str(view["ticket"].partition("-")[0])
