"""The view of a person in a real window while their network breaks, and that they can go on talking."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from infra.local import database
from tests.browser.network import Network
from tests.browser.window import MILLISECONDS_MAX, RECONNECTING, Window, expect_meeting, talk
from tests.gateway import Gateway

STRANGER_AWAY = re.compile(r"stranger lost their connection\. Waiting", re.IGNORECASE)
TALKING = re.compile(r"connected to a stranger", re.IGNORECASE)
NewNetwork = Callable[[Gateway], Network]
# Everything that the status line has said, which a glance would miss.
REMEMBER_STATUS = """() => {
    const status = document.querySelector('[role=status][data-link]');
    window.said = [status.textContent];
    new MutationObserver(() => window.said.push(status.textContent))
        .observe(status, {childList: true, characterData: true, subtree: true});
}"""


@pytest.fixture
def new_network() -> Iterator[NewNetwork]:
    """A way to a gateway that can be cut; gone after the test."""
    networks: list[Network] = []

    def open_network(gateway: Gateway) -> Network:
        networks.append(Network(gateway.port))
        return networks[-1]

    yield open_network
    for network in networks:
        network.close()


def meet(one: Window, other: Window, interest: str) -> None:
    one.start(interest)
    other.start(interest)
    expect_meeting(one, other)
    for window in (one, other):
        window.page.evaluate(REMEMBER_STATUS)


def expect_one_conversation(*windows: Window) -> None:
    """Expect that nobody was paired anew: the conversation begins only once."""
    talk(windows[0], windows[1])
    for window in windows:
        expect(window.conversation.get_by_text("You're talking to a stranger")).to_have_count(1)
        expect(window.status(TALKING)).to_be_visible(timeout=MILLISECONDS_MAX)


def said(window: Window) -> str:
    return "\n".join(window.page.evaluate("window.said"))


def test_a_socket_that_is_killed_from_outside(new_window, new_network, gateway, interest):
    """Both are told while it lasts, and then go on as if nothing had been."""
    network = new_network(gateway)
    one, other = new_window(network.url), new_window()
    meet(one, other, interest)
    network.freeze()  # so that it lasts: nothing gets through before it is seen
    network.cut()
    one.expect_told(RECONNECTING)
    other.expect_told(STRANGER_AWAY)
    network.thaw()

    expect_one_conversation(one, other)


def test_a_server_that_begins_anew_with_its_table(new_window, interest):
    """A deploy in the midst of a conversation: what was said is still there, and what is said meanwhile arrives."""
    with database.running() as url, Gateway(environment={"DYNAMODB_URL": url}) as gateway:
        one, other = new_window(gateway.url), new_window(gateway.url)
        meet(one, other, interest)
        gateway.stop()
        for window in (one, other):
            window.expect_told(RECONNECTING)
        one.say("said into the void")
        gateway.start()

        other.expect_line("said into the void")
        expect_one_conversation(one, other)


def test_a_device_that_goes_offline_and_comes_back(new_window, new_network, gateway, interest):
    """The browser's own word is taken at once, both ways: no wait for a silence to be noticed."""
    network = new_network(gateway)
    one, other = new_window(network.url), new_window()
    meet(one, other, interest)
    one.context.set_offline(True)
    network.freeze()
    one.expect_told(re.compile(r"you're offline", re.IGNORECASE))
    one.say("written offline")
    network.thaw()
    one.context.set_offline(False)

    other.expect_line("written offline")
    expect_one_conversation(one, other)


def test_a_window_moves_over_before_the_longest_connection_ends(new_window, interest):
    """With the two hours shortened: no word of it, at either end."""
    with Gateway(arguments=["--fault", "connection_seconds_max=5"]) as gateway:
        windows = [new_window(gateway.url), new_window(gateway.url)]
        for window in windows:
            window.page.route("**/session/limits.js", renew_early)
            window.page.reload()
        meet(windows[0], windows[1], interest)
        for _ in range(3):
            windows[0].page.wait_for_timeout(1_000)
            talk(windows[0], windows[1])

        for window in windows:
            assert said(window).strip() == "Connected to a stranger"
        expect_one_conversation(*windows)


def renew_early(route) -> None:
    answer = route.fetch()
    text, count = re.subn(r"(RENEW_AFTER_MS =) [^;]+", r"\1 1_500", answer.text())
    assert count == 1
    route.fulfill(response=answer, body=text)
