"""The secret by which a conversation is continued: whoever has it goes on, once; whoever has not begins anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial

import pytest

from tests.browser.client import Client, View, meet
from tests.browser.conftest import NewWindow
from tests.browser.hostile import HostilePeer
from tests.browser.network import Network
from tests.browser.window import Window, expect_meeting
from tests.gateway import Gateway

NewSocket = Callable[[], HostilePeer]


@pytest.fixture
def new_socket(gateway: Gateway) -> Iterator[NewSocket]:
    """A socket of a client that is no page."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(HostilePeer(gateway.websocket_url)))


def pair(new_socket: NewSocket, interest: str) -> tuple[HostilePeer, HostilePeer, str, str]:
    """Return two people, the room they are in, and the first one's token."""
    one, other = new_socket(), new_socket()
    one.send("join", mode="text", interests=[interest])
    one.hear("waiting")
    other.join(interest)
    event = one.hear("paired")
    return one, other, event["room"], event["resume"]


def test_of_two_sockets_with_one_token_the_newer_wins(new_socket, interest):
    """The older is closed and does nothing; the peer talks to the newer; the token is used up."""
    older, peer, room, token = pair(new_socket, interest)
    newer = new_socket()
    newer.send("resume", token=token)

    assert newer.hear("paired")["room"] == room
    assert peer.hear("peer_back")["room"] == room
    older.expect_closed()
    assert older.close_code == 1000
    newer.send("message", room=room, seq=1, text="it is me")
    assert peer.hear("message")["text"] == "it is me"
    third = new_socket()
    third.send("resume", token=token)
    assert third.hear("error")["code"] == "resume_failed"
    peer.send("message", room=room, seq=1, text="still you?")
    assert newer.hear("message")["text"] == "still you?"


@pytest.mark.parametrize("kind", ["malformed", "used"])
def test_a_client_with_a_worthless_token_begins_anew(gateway, interest, kind):
    """It says that the conversation is over and looks for the next stranger; nothing else is wrong."""
    with closing(Network(gateway.port)) as network, ExitStack() as stack:
        one = stack.enter_context(closing(Client(network.websocket_url)))
        other = stack.enter_context(closing(Client(gateway.websocket_url)))
        room = meet(one, other, interest)
        token = one.look()["token"]
        if kind == "malformed":
            one.forge("nonsense")
        else:
            _resume_twice(one, network)
            one.forge(token)
        network.cut()

        view = one.wait("begins anew", lambda view: view["ends"] != [] and view["link"] == "open")
        assert view["heard"]["resume_failed"] == 1
        assert view["ends"] == ["lost"]
        assert view["phase"] == "searching" or view["room"] != room, "the two may meet again"
        assert set(view["heard"]) <= {"waiting", "paired", "resume_failed", "peer_away", "peer_back", "ack"}


def _resume_twice(client: Client, network: Network) -> None:
    """Use a token, and then the one that its answer carried: so the answer is known to have come."""
    for _ in range(2):
        token = client.look()["token"]
        network.cut()
        client.wait("resumed", partial(has_another_token, token))


def has_another_token(used: str, view: View) -> bool:
    return view["link"] == "open" and view["token"] != used


def test_a_window_with_a_worthless_token_begins_anew(new_window: NewWindow, interest: str) -> None:
    """After a reload: a sentence, a search, and no error."""
    one, other = new_window(), new_window()
    one.start(interest)
    other.start(interest)
    expect_meeting(one, other)
    one.page.add_init_script(FORGE)
    one.page.reload()

    one.expect_told()
    one.expect_searching()
    assert complaints(one) == []


FORGE = """{
    const kept = JSON.parse(sessionStorage.getItem("passerby.session"));
    kept.session.token = "nonsense";
    sessionStorage.setItem("passerby.session", JSON.stringify(kept));
}"""


def complaints(window: Window) -> list[str]:
    return [each for each in window.complaints if "WebSocket" not in each]
