"""The figures that the site publishes of itself, month by month."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from functions.chat.moderation.figures import count
from tests.frontend.site import FOLDER
from tests.frontend.stage import Stage

DASH = "\N{EN DASH}"
FILES = sorted(FOLDER.glob("transparency*.html"))
TOLD = {
    "step": 5,
    "months": [
        {"month": "2026-10", "figures": {"reports": 1230, "reports: spam": 0}},
        {"month": "2026-09", "figures": {"reports": 5}},
    ],
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_count_has_its_row(path) -> None:
    """In every language; a median is no count. The reasons of reports come with the figures."""
    shown = re.findall(r'data-figure="([^"]+)"', path.read_text())

    counted = [name for name, value in count([]).items() if value is not None]
    assert sorted(shown) == sorted(name for name in counted if not name.startswith("reports: "))


def test_each_month_is_shown_in_steps(stage: Stage) -> None:
    stage.url = f"{stage.url.rstrip('/')}/transparency.html"
    stage.page.route("**/transparency.json", lambda route: route.fulfill(body=json.dumps(TOLD)))
    stage.open()

    reports = stage.page.locator('[data-figure="reports"]')
    expect(reports).to_have_text(f"1,230{DASH}1,234")
    spam = stage.page.get_by_role("row", name="Advertising or scam")
    expect(spam.get_by_role("cell")).to_have_text(f"0{DASH}4")
    stage.page.locator("#month").select_option(label="September 2026")
    expect(reports).to_have_text(f"5{DASH}9")
    expect(stage.page.locator("#state")).to_be_hidden()


def test_before_anything_is_published_that_is_said(stage: Stage) -> None:
    stage.url = f"{stage.url.rstrip('/')}/transparency.html"
    stage.page.route("**/transparency.json", lambda route: route.fulfill(body=json.dumps({"step": 5, "months": []})))
    stage.open()

    expect(stage.page.locator("#state")).to_have_text("Nothing has been published yet.")
    expect(stage.page.locator("#figures")).to_be_hidden()
