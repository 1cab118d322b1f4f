"""Two browsers, each with a face of its own, and the signalling between them.

Playwright's synchronous interface keeps an event loop running in the thread while it is open, and other suites need
that thread; so it is opened for this package only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.call.support import browsers, relay
from tests.call.support.faces import BLUE, RED, Face
from tests.call.support.people import Person
from tests.call.support.ports import free_port
from tests.call.support.relay import Relay
from tests.call.support.signalling import Signalling
from tests.call.support.visitor import Visit, Visitor, both_see_each_other, wait_until_searching_then_start
from tests.call.support.wire import Wire
from tests.gateway import Gateway, uploaded


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def red_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = browsers.launch(playwright, RED, tmp_path_factory.mktemp("red"))
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def blue_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = browsers.launch(playwright, BLUE, tmp_path_factory.mktemp("blue"))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def running_signalling() -> Iterator[Signalling]:
    server = Signalling(free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def signalling(running_signalling: Signalling) -> Signalling:
    running_signalling.reset()
    return running_signalling


@pytest.fixture(scope="package")
def red_device(red_browser: Browser) -> BrowserContext:
    """The contexts that keep the harness's files; the harness itself keeps nothing that outlives a page."""
    return browsers.person(red_browser)[0]


@pytest.fixture(scope="package")
def blue_device(blue_browser: Browser) -> BrowserContext:
    return browsers.person(blue_browser)[0]


@pytest.fixture
def red(red_device: BrowserContext) -> Iterator[Person]:
    with red_device.new_page() as page:
        yield Person("red", page, RED)


@pytest.fixture
def blue(blue_device: BrowserContext) -> Iterator[Person]:
    with blue_device.new_page() as page:
        yield Person("blue", page, BLUE)


@pytest.fixture
def turn(tmp_path: Path) -> Iterator[Relay]:
    with relay.running(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def place() -> Iterator[Gateway]:
    """A gateway of our own: in another test's place strangers would meet ours. The harness has the written modules."""
    with Gateway(arguments=uploaded()) as running:
        yield running


@pytest.fixture
def visit(red_browser: Browser, blue_browser: Browser, place: Gateway) -> Iterator[Visit]:
    """Opens the page for somebody with a face; all have left after the test, so nobody meets them in the next."""
    visitors: list[Visitor] = []

    def open_page(face: Face, url: str = "", browser: Browser | None = None, **options: object) -> Visitor:
        visitor = Visitor(browser or {RED: red_browser, BLUE: blue_browser}[face], face, **options)  # type: ignore[arg-type]
        visitors.append(visitor)
        visitor.visit(url or place.url)
        return visitor

    yield open_page
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def wire(place: Gateway) -> Iterator[Wire]:
    running = Wire(place.port)
    yield running
    running.close()


@pytest.fixture
def pair(visit: Visit) -> tuple[Visitor, Visitor]:
    red, blue = visit(RED), visit(BLUE)
    wait_until_searching_then_start(red, blue)
    both_see_each_other(red, blue)
    return red, blue
