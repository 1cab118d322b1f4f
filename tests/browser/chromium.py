"""How the Chromium of this machine is started for tests; `tests/tools/programs.py` knows where it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.tools import programs

# Decorations that move are drawn sixty times a second, by the processor; tests of movement ask for them.
STILL: dict[str, Any] = {"reduced_motion": "reduce"}
ARGUMENTS = (
    "--no-sandbox",  # containers have no user namespaces, and only our own page is opened
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream=fps=10",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",  # calls work where the loopback is the only network
)


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """Start a browser without a screen; each person gets a context of their own in it."""
    programs.ensure(["chromium"])
    return playwright.chromium.launch(executable_path=programs.find("chromium"), args=[*ARGUMENTS, *arguments])


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for a folder of tests, whose conftest.py imports it; people are contexts in it."""
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()
