"""A tab that is closed ends its room at once; a page that is loaded again goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import NewWindow
from tests.browser.hostile import HostilePeer
from tests.browser.window import MILLISECONDS_MAX, Window
from tests.gateway import Gateway

PAGE_LEFT_SECONDS = 5

# Far below the shortest time of grace, and enough for a busy machine.
AT_ONCE_SECONDS = 2.0
WORKER_AT_WORK = """async () => {
    while (navigator.serviceWorker.controller === null) await new Promise((resolve) => setTimeout(resolve, 20));
}"""


@pytest.fixture
def patient() -> Iterator[Gateway]:
    """A gateway with the product's own time of grace; the shared one's is hardly longer than a reload."""
    with Gateway() as running:
        yield running


@pytest.fixture
def talking(new_window: NewWindow, peer: HostilePeer, interest: str) -> Callable[..., Window]:
    """Somebody with the product's page in a room with the peer, whose service worker is at work."""

    def open_window(**options: object) -> Window:
        window = new_window(**options)
        window.page.evaluate(WORKER_AT_WORK)
        window.start(interest)
        peer.join(interest)
        window.expect_paired()
        return window

    return open_window


@pytest.mark.parametrize("way", ["closed", "closed as by hand", "killed", "elsewhere"])
def test_a_tab_that_is_closed_ends_its_room_at_once(talking, peer, way):
    """Nobody waits for a stranger who went; the tab, its window, or another site in its place."""
    window = talking()
    began = time.monotonic()
    if way == "elsewhere":
        window.page.goto("about:blank")
    elif way == "killed":
        window.context.close()
    else:
        window.page.close(run_before_unload=way == "closed as by hand")

    assert peer.hear("peer_left")["reason"] == "disconnected"
    assert time.monotonic() - began < AT_ONCE_SECONDS


@pytest.mark.parametrize("by_hand", [False, True], ids=["closed", "closed as by hand"])
def test_a_person_who_closes_the_tab_has_said_which_lines_came(talking, peer, by_hand):
    """A line that they read a moment ago is not shown to its writer as undelivered."""
    window = talking()
    peer.send("message", room=peer.room, seq=1, text="hello")
    window.expect_line("hello")
    window.page.close(run_before_unload=by_hand)

    assert peer.hear("peer_left")["ack"] == 1


def test_a_reload_is_waited_for_however_slow_the_page_is(new_window, patient, interest):
    """The service worker announced it: it takes longer than a page is waited for that does not know."""
    with closing(HostilePeer(patient.websocket_url)) as peer:
        window = new_window(patient.url)
        window.page.evaluate(WORKER_AT_WORK)
        window.start(interest)
        peer.join(interest)
        window.expect_paired()

        def slowly(route: Route) -> None:
            time.sleep(PAGE_LEFT_SECONDS + 0.5)
            route.continue_()

        window.page.route("**/session/session.js", slowly)
        window.page.reload()

        peer.hear("peer_away")
        peer.hear("peer_back")
        window.expect_paired()


def test_keys_that_reload_past_the_service_worker_are_seen(talking, peer):
    """Ctrl+Shift+R asks no service worker; the keys are all that tells it from a tab that is closed."""
    window = talking()
    window.page.keyboard.press("Control+Shift+R")
    devtools = window.context.new_cdp_session(window.page)
    devtools.send("Page.reload", {"ignoreCache": True})

    peer.hear("peer_away")
    peer.hear("peer_back")


def test_without_a_service_worker_a_reload_is_waited_for(new_window, peer, interest):
    """Some private windows have none: then nobody knows, and the peer is told at once."""
    window = new_window(service_workers="block")
    window.start(interest)
    peer.join(interest)
    window.expect_paired()
    window.page.reload()

    peer.hear("peer_away")
    peer.hear("peer_back")


def test_a_person_who_goes_back_to_a_page_that_the_browser_kept_goes_on(talking, peer):
    """The back-forward cache: the page is frozen, not closed, and finds its room when it is shown again."""
    window = talking()
    window.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    peer.hear("peer_away")
    window.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    peer.hear("peer_back")
    expect(window.message_box).to_be_editable(timeout=MILLISECONDS_MAX)
