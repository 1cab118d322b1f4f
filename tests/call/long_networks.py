"""A person walks from one network into another, or pulls the cable: sockets and media die together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Playwright

from tests.call.support import browsers, networks
from tests.call.support.faces import BLUE, RED
from tests.call.support.people import Person, start, wait_for
from tests.call.support.signalling import Signalling

pytestmark = pytest.mark.timeout(150)


@pytest.fixture
def hosts() -> Iterator[None]:
    with networks.two_hosts():
        yield


@pytest.fixture
def pair(
    hosts: None, playwright: Playwright, signalling: Signalling, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Person, Person]]:
    """Red and blue, each in a browser on a host of their own, in a call."""
    origin = f"http://{networks.SERVER}:{signalling.port}"
    with ExitStack() as running:
        people = []
        for face in (RED, BLUE):
            folder = tmp_path_factory.mktemp(face.name)
            executable = networks.browser_on(face.name, folder)
            browser = browsers.launch(playwright, face, folder, executable=executable, secure_origin=origin)
            running.callback(browser.close)
            _, page = browsers.person(browser)
            person = Person(face.name, page, face)
            person.open(signalling.page(face.name).replace(signalling.origin, origin))
            people.append(person)
        red, blue = people
        start(red, blue)
        red.wait_until_sees(BLUE)
        blue.wait_until_sees(RED)
        yield red, blue


@pytest.mark.parametrize("who", ["red", "blue"])
def test_a_change_of_address_is_survived(pair: tuple[Person, Person], who: str) -> None:
    """The first offerer or the other: the socket comes back by itself, and the call with it, within half a minute."""
    red, blue = pair
    moving = red if who == "red" else blue
    networks.change_address(who, "10.77.0.12")
    for person in pair:
        person.wait_for_phase("weak", "reconnecting", seconds=15)
    wait_for("the socket is back", lambda: moving.run("harness.events").count("paired") >= 2, 20)
    for person in pair:
        person.wait_for_phase("connected", seconds=30)
        person.wait_for_more_frames()


def test_a_cable_that_is_pulled_and_plugged_is_survived(pair: tuple[Person, Person]) -> None:
    """Ten seconds without any network at one end."""
    red, _ = pair
    networks.pull_cable("blue")
    for person in pair:
        person.wait_for_phase("weak", "reconnecting", seconds=15)
    red.page.wait_for_timeout(6_000)
    networks.plug_cable("blue")
    for person in pair:
        person.wait_for_phase("connected", seconds=30)
        person.wait_for_more_frames()
