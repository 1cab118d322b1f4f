"""Desks on one database, each of a moderator of its own, and a real browser for their pages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from playwright.sync_api import Browser, Page

from functions.chat.model.stamps import bytes_of
from infra.desk import demo
from infra.local import database
from infra.operator.evidence_key import public_key
from infra.operator.office import LOCAL, Office
from tests.browser import chromium
from tests.gateway import REPOSITORY

browser = chromium.browser  # the fixture, one for this folder

CASES = 60
SCREEN = {"width": 1280, "height": 800}


@dataclass
class Site:
    """A database with invented cases."""

    endpoint: str
    table: str
    key: Path
    office: Office


@contextmanager
def furnished(folder: Path, count: int) -> Iterator[Site]:
    with database.running() as endpoint:
        client = boto3.client("dynamodb", endpoint_url=endpoint, **LOCAL)
        client.create_table(**database.table_definition("desk"))
        office = Office.at(client, "desk", who="tests", is_local=True)
        key = folder / "evidence.key"
        demo.fill(office, count, bytes_of(public_key(key)))
        yield Site(endpoint, "desk", key, office)


@contextmanager
def desk_of(site: Site, who: str) -> Iterator[str]:
    """Run somebody's desk and give its address."""
    command = [sys.executable, "-m", "infra.desk", "--endpoint", site.endpoint, "--table", site.table]
    environment = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "us-east-1"}
    process = subprocess.Popen(
        [*command, "--who", who, "--key", str(site.key)],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/\S+/", process.stdout.readline())
        assert found is not None, "the desk says where it is"
        yield found[0]
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with furnished(tmp_path_factory.mktemp("desk"), CASES) as site:
        yield site


@pytest.fixture(scope="module")
def desks(site: Site) -> Iterator[Callable[[str], str]]:
    """Give the address of somebody's desk."""
    with ExitStack() as stack:
        addresses: dict[str, str] = {}

        def address(who: str) -> str:
            if who not in addresses:
                addresses[who] = stack.enter_context(desk_of(site, who))
            return addresses[who]

        yield address


@pytest.fixture
def sit(browser: Browser, desks: Callable[[str], str]) -> Iterator[Callable[..., Page]]:
    """Open somebody's desk; its page must not have complained when the test is over."""
    complaints: list[str] = []
    contexts = []

    def open_desk(who: str = "olga", **options: Any) -> Page:
        context = browser.new_context(**(chromium.STILL | {"locale": "en-GB", "viewport": SCREEN} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.goto(desks(who))
        page.locator("html[data-ready]").wait_for()
        return page

    yield open_desk
    for context in contexts:
        context.close()
    assert complaints == []
