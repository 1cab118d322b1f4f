"""Real browsers for the tests of this package.

Playwright's synchronous interface keeps an event loop running in the thread as long as it is open, and nothing else may
run one meanwhile; so it is opened for this package only.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.browser.hostile import HostilePeer
from tests.browser.window import Window
from tests.conftest import GRACE_SECONDS
from tests.gateway import Gateway, uploaded

browser = chromium.browser  # the fixture, one for this folder

NewWindow = Callable[..., Window]


@pytest.fixture(scope="package")
def gateway() -> Iterator[Gateway]:
    """One gateway with the uploaded page; tests that start one of their own have the written one."""
    with Gateway(environment={"GRACE_SECONDS": str(GRACE_SECONDS)}, arguments=uploaded()) as running:
        yield running


@pytest.fixture
def peer(gateway: Gateway) -> Iterator[HostilePeer]:
    """A stranger without a page, who may send any frame."""
    stranger = HostilePeer(gateway.websocket_url)
    yield stranger
    stranger.close()


@pytest.fixture
def interest() -> str:
    """An interest that nobody else on the gateway has, so that a test's windows meet only each other."""
    return f"i{secrets.token_hex(6)}"


@pytest.fixture
def windows(browser: Browser) -> Iterator[list[Window]]:
    """The windows of a test; all are closed afterwards, and their pages must not have complained."""
    opened: list[Window] = []
    yield opened
    for window in opened:
        window.close()


@pytest.fixture
def new_window(browser: Browser, gateway: Gateway, windows: list[Window]) -> NewWindow:
    """Open a window on the landing page."""

    def open_window(url: str = gateway.url, **options: Any) -> Window:
        given = {"permissions": ["camera", "microphone"], "locale": "en-US", **chromium.STILL}
        context = browser.new_context(**{**given, **options})
        window = Window(context, url)
        windows.append(window)
        window.expect_landing()
        return window

    return open_window
