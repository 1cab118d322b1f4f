"""A real browser and the uploaded page for the tests of this package; those of a gateway have the written one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
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


@pytest.fixture
def new_stage(browser: Browser, site: str) -> Iterator[NewStage]:
    """Open a stage in a context of its own; its page must not have complained when the test is over."""
    stages: list[Stage] = []

    def open_stage(**options: Any) -> Stage:
        context = browser.new_context(**({"locale": "en-US", "service_workers": "block"} | options))
        stages.append(Stage(context, site))
        return stages[-1]

    yield open_stage
    for stage in stages:
        stage.context.close()
    assert [complaint for stage in stages for complaint in stage.complaints] == []
