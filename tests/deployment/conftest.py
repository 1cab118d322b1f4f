"""One deployment for all tests of this package, and a browser that finds it under its real names."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from infra.tools import node
from tests.browser import chromium
from tests.browser.window import Window
from tests.deployment.deployment import Deployment
from tests.deployment.emulator import Emulator


@pytest.fixture(scope="package")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The product, deployed."""
    folder: Path = tmp_path_factory.mktemp("deployment")
    emulator = Emulator(folder)
    node.install()  # The emulated account has every name for itself, the registry's included.
    try:
        emulator.start()
        deployed = Deployment(emulator, folder)
        deployed.run("bootstrap")
        deployed.run("deploy")
        yield deployed
    finally:
        emulator.stop()
        shutil.rmtree(folder / "cdk.out", ignore_errors=True)


@pytest.fixture
def new_window(deployment: Deployment) -> Iterator[Callable[[], Window]]:
    """Open the deployed page, each time as somebody else."""
    with sync_playwright() as playwright:
        # This one key is trusted, as an authority's would be on AWS; everything else is checked as there.
        trusted = f"--ignore-certificate-errors-spki-list={deployment.emulator.public_key_hash}"
        browser = chromium.launch(playwright, trusted)

        def open_window() -> Window:
            context = browser.new_context(proxy={"server": deployment.emulator.front.url}, locale="en-US")
            return Window(context, deployment.url)

        yield open_window
        browser.close()
