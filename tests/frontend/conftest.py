"""A real browser and the uploaded page for the tests of this package; those of a gateway have the written one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.frontend.devices import Devices
from tests.frontend.site import serve, uploaded
from tests.frontend.stage import Stage

browser = chromium.browser  # the fixture, one for this folder

NewStage = Callable[..., Stage]


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(uploaded(tmp_path_factory.mktemp("site"))) as url:
        yield url


@pytest.fixture(scope="module")
def written_site() -> Iterator[str]:
    """The modules at their own addresses, for tests that import one."""
    with serve() as url:
        yield url


@pytest.fixture(scope="package")
def devices(browser: Browser) -> Devices:
    return Devices(browser)


@pytest.fixture
def new_stage(devices: Devices, site: str) -> Iterator[NewStage]:
    """Open a stage on a device that knows nothing; its page must not have complained when the test is over."""
    stages: list[Stage] = []

    def open_stage(**options: Any) -> Stage:
        page = devices.take(**{"locale": "en-US", "service_workers": "block", **chromium.STILL, **options})
        stages.append(Stage(page.context, site, page))
        return stages[-1]

    yield open_stage
    for stage in stages:
        stage.leave()
        devices.give_back(stage.page, stage.site)
    assert [complaint for stage in stages for complaint in stage.complaints] == []


@pytest.fixture
def stage(new_stage: NewStage) -> Stage:
    """One of the usual kind."""
    return new_stage()
