"""One deployment for all tests of this package, and a browser that finds it under its real names."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from infra import node
from tests.browser import chromium
from tests.browser.window import Window
from tests.deployment.deployment import Deployment
from tests.deployment.emulator import Emulator


@pytest.fixture(scope="package")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The product, deployed."""
    folder: Path = tmp_path_factory.mktemp("deployment")
    node.install()
    emulator = Emulator(folder)
    try:
        emulator.start()
        deployed = Deployment(emulator, folder)
        deployed.bootstrap()
        deployed.deploy()
        yield deployed
    finally:
        emulator.stop()
        shutil.rmtree(folder / "cdk.out", ignore_errors=True)


@pytest.fixture
def new_window(deployment: Deployment) -> Iterator[Callable[[], Window]]:
    """Open the deployed page, each time as somebody else."""
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)

        def open_window() -> Window:
            # The certificate is the test's own; everything else is as it would be on AWS.
            context = browser.new_context(
                proxy={"server": deployment.emulator.front.url}, ignore_https_errors=True, locale="en-US"
            )
            return Window(context, deployment.url)

        yield open_window
        browser.close()
