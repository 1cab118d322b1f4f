"""Tests that take minutes: ten thousand lines through two hundred cuts, and a dead network by the page's own clock."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing

import pytest

from tests.browser.client import Client, meet
from tests.browser.network import Network
from tests.browser.ordeal import Ordeal, endure
from tests.browser.test_survival import NewPerson, expect_a_dead_network_is_noticed, new_person
from tests.conftest import GRACE_SECONDS
from tests.gateway import Gateway

__all__ = ["new_person"]


@pytest.mark.timeout(1800)
def test_ten_thousand_lines_pass_through_two_hundred_cuts(gateway: Gateway) -> None:
    """All arrive, in order and once, in one room, and their writers know it."""
    began = time.monotonic()
    views = endure(gateway, Ordeal(lines=10_000, cuts=200))
    print(f"\n{time.monotonic() - began:.0f} s; events of both: {[view['heard'] for view in views]}")


def test_forty_seconds_without_a_network_by_the_pages_own_clock(gateway: Gateway, new_person: NewPerson) -> None:
    """As in the fast set, without haste."""
    one, other = new_person(gateway), new_person(gateway)
    expect_a_dead_network_is_noticed(one, other, haste=1.0)


def test_a_token_is_worthless_when_the_grace_is_over(gateway: Gateway) -> None:
    """A person who comes back too late is told that the conversation is over, and searches on."""
    with closing(Network(gateway.port)) as network, ExitStack() as stack:
        one = stack.enter_context(closing(Client(network.websocket_url)))
        other = stack.enter_context(closing(Client(gateway.websocket_url)))
        meet(one, other, "too late")
        network.freeze()
        network.cut()
        time.sleep(GRACE_SECONDS + 1)
        network.thaw()

        view = one.wait("begins anew", lambda view: view["ends"] != [] and view["link"] == "open")
        assert view["heard"]["resume_failed"] == 1
        assert view["ends"] == ["lost"]
