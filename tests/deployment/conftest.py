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

# Every option that costs, and that nothing else deploys; `retain` is what an operator has.
GUARDED = {
    "websocket": "cloudfront",
    "edge_secret": "true",
    "waf_requests_per_5_minutes": "500",
    "snap_start": "true",
    "gradual": "canary",
    "smoke_minutes": "60",
    "turn": "coturn",
    "turn_secret_parameter": "/guarded/turn-secret",
    "queue_shards": "4",
    "alarm_email": "somebody@example.org",
    "monthly_budget_usd": "10",
    "tags": "team=chat",
    "pipeline_repository": "somebody/passerby",
    "removal_policy": "retain",
}


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where everything of these tests is written."""
    return tmp_path_factory.mktemp("deployment")


@pytest.fixture(scope="package")
def emulator(folder: Path) -> Iterator[Emulator]:
    """An account that was prepared for the CDK."""
    started = Emulator(folder)
    node.install()  # The emulated account has every name for itself, the registry's included.
    try:
        started.start()
        Deployment(started, folder).run("bootstrap")
        yield started
    finally:
        started.stop()
        for cloud_assembly in folder.glob("cdk.out-*"):
            shutil.rmtree(cloud_assembly, ignore_errors=True)


@pytest.fixture(scope="package")
def deployment(emulator: Emulator, folder: Path) -> Deployment:
    """The product, deployed."""
    deployed = Deployment(emulator, folder)
    deployed.run("deploy")
    return deployed


@pytest.fixture(scope="package")
def guarded(emulator: Emulator, folder: Path) -> Deployment:
    """The same with every option that costs."""
    deployed = Deployment(emulator, folder, "Guarded", **GUARDED)
    deployed.run("deploy")
    return deployed


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
