"""A moderator warns somebody at the command line, and their page says so once, between real browsers."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from dataclasses import replace

from playwright.sync_api import expect

from functions.chat.model.record import Record
from infra.operator.office import Office
from tests.browser.conftest import NewWindow
from tests.browser.soundness import violations
from tests.browser.window import MILLISECONDS_MAX, Window
from tests.gateway import REPOSITORY, Gateway


def report(one: Window) -> str:
    """Report the stranger; return the number of the case."""
    one.button("Report").click()
    dialog = one.page.get_by_role("dialog", name="What's wrong?")
    dialog.get_by_role("radio", name="Advertising or scam").check()
    dialog.get_by_role("button", name="Send report").click()
    expect(one.conversation).to_contain_text(re.compile("Case number: [A-Z2-7]{10}"), timeout=MILLISECONDS_MAX)
    return str(re.findall("Case number: ([A-Z2-7]{10})", one.conversation.inner_text())[-1])


def warn(gateway: Gateway, case: str) -> None:
    """Decide as an operator does, and let the minutes be over that a warning waits for."""
    where = ["--local", str(gateway.port)]
    command = [sys.executable, "-m", "infra.operator", *where, "decide", case, "warn"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert "read a warning" in done.stdout
    office = Office.open(argparse.Namespace(local=gateway.port, table=None, who="olga"))
    decided = office.cases.get(case)
    assert decided is not None

    def begun(own: Record) -> Record:
        assert own.warning is not None
        return replace(own, warning=own.warning._replace(since=time.time() - 1))

    office.records.change(decided.subjects[0], begun)


def come_again(window: Window, gateway: Gateway, interest: str) -> None:
    window.expect_searching()
    window.button("Stop").click()
    window.page.goto(gateway.url)
    window.start(interest)


def test_a_warned_person_reads_it_once_and_goes_on(new_window: NewWindow, gateway: Gateway, interest: str) -> None:
    """The reporter notices nothing of it; the next stranger is met after one tap."""
    one, other = new_window(), new_window()
    for window in (one, other):
        window.start(interest)
    for window in (one, other):
        window.expect_paired()
    warn(gateway, report(one))

    come_again(other, gateway, interest)
    page = other.page
    expect(page.get_by_role("heading", name="A warning")).to_be_visible(timeout=MILLISECONDS_MAX)
    expect(page.get_by_role("main")).to_contain_text("No advertising, begging or scams.")
    assert violations(page, "light") == []
    other.button("I've read it").click()
    other.expect_searching()

    come_again(other, gateway, interest)
    other.expect_searching()
    expect(page.get_by_role("heading", name="A warning")).to_be_hidden()
    assert one.page.get_by_role("heading", name="A warning").is_hidden()
