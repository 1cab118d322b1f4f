"""The secret by which a conversation is continued: a page that has not got it begins anew."""

from __future__ import annotations

from contextlib import ExitStack, closing
from functools import partial

import pytest

from tests.browser.client import Client, View, meet
from tests.browser.conftest import NewWindow
from tests.browser.network import Network
from tests.browser.window import Window, expect_meeting


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
