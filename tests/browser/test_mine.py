"""A person sees, saves and erases what is kept of their browser, in a real one."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import NewWindow
from tests.browser.soundness import violations
from tests.browser.window import MILLISECONDS_MAX, Window
from tests.gateway import Gateway

LANGUAGES = ("en", "es", "pt", "fr", "de", "ar", "hi", "zh", "ja", "ru")
NOTE = "They asked for money."


def report(one: Window) -> str:
    """Report the stranger with a note; return the number of the case."""
    one.button("Report").click()
    dialog = one.page.get_by_role("dialog", name="What's wrong?")
    dialog.get_by_role("radio", name="Advertising or scam").check()
    dialog.get_by_role("textbox").fill(NOTE)
    dialog.get_by_role("button", name="Send report").click()
    expect(one.conversation).to_contain_text(re.compile("Case number: [A-Z2-7]{10}"), timeout=MILLISECONDS_MAX)
    return re.findall("Case number: ([A-Z2-7]{10})", one.conversation.inner_text())[-1]


def expect_state(window: Window, words: str) -> None:
    expect(window.page.get_by_role("status")).to_have_text(words, timeout=MILLISECONDS_MAX)


def test_kept_items_are_seen_saved_and_erased(
    new_window: NewWindow, gateway: Gateway, interest: str, tmp_path: Path
) -> None:
    """From a report and settings to a browser of which nothing is known any more."""
    one, other = new_window(), new_window()
    expect(one.page.get_by_role("link", name="Your data")).to_have_attribute("href", "/mine.html")
    for window in (one, other):
        window.start(interest)
    one.expect_paired()
    case = report(one)
    outcome = one.page.get_by_role("link", name="See what comes of it")
    assert (outcome.get_attribute("href"), outcome.get_attribute("target")) == ("/mine.html", "_blank")
    one.page.goto(f"{gateway.url}/mine.html")
    expect_state(one, "This is all there is at the moment.")

    reports = one.page.locator("section", has=one.page.get_by_role("heading", name="Reports you sent"))
    expect(reports).to_contain_text("Nobody has looked at it yet.")
    reports.locator("summary", has_text=case).click()
    expect(reports).to_contain_text(NOTE)
    expect(one.page.locator("section", has_text="Settings and interests")).to_contain_text("Stored:")
    assert violations(one.page, "light") == []
    with one.page.expect_download() as saving:
        one.button("Save as a file").click()
    file = tmp_path / "saved.json"
    saving.value.save_as(file)
    saved = json.loads(file.read_text())
    assert NOTE in [each["fields"].get("note") for each in saved["server"]]
    device = one.page.evaluate("JSON.parse(localStorage['passerby.device'])")
    assert device not in file.read_text()

    one.button("Erase").click()
    assert violations(one.page, "light") == []
    one.page.get_by_role("dialog").get_by_role("button", name="Erase now").click()
    expect_state(one, "Erased. Whatever is still listed stays for the reason given there.")
    expect(reports).not_to_contain_text(NOTE)
    assert one.page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []
    one.page.reload()
    expect_state(one, "This browser keeps no number of this site, so nothing on the server can be found for it.")
    expect(reports).to_contain_text("None stored")


def test_an_erasure_that_the_server_did_not_hear_of_erases_nothing_here(
    new_window: NewWindow, gateway: Gateway, interest: str
) -> None:
    """The browser's number finds what the server holds, so it stays for the next attempt."""
    one = new_window()
    one.start(interest)
    expect(one.page.get_by_role("status")).to_contain_text("Looking", timeout=MILLISECONDS_MAX)
    is_down: list[bool] = []
    one.page.route_web_socket(re.compile("/ws"), lambda ws: ws.close() if is_down else ws.connect_to_server())
    one.page.goto(f"{gateway.url}/mine.html")
    expect_state(one, "This is all there is at the moment.")
    kept = one.page.evaluate("JSON.stringify(localStorage)")
    assert "passerby.device" in kept

    is_down.append(True)
    one.button("Erase").click()
    one.page.get_by_role("dialog").get_by_role("button", name="Erase now").click()
    expect(one.button("Try again")).to_be_visible(timeout=MILLISECONDS_MAX)
    assert one.page.evaluate("JSON.stringify(localStorage)") == kept

    is_down.clear()
    one.button("Try again").click()
    expect_state(one, "This is all there is at the moment.")


def test_it_fits_the_smallest_common_phone_in_every_language(browser: Browser, gateway: Gateway) -> None:
    """Nothing sticks out at 360 pixels, and the person is told how it stands in their own words."""
    page = browser.new_page(viewport={"width": 360, "height": 640})
    told = set()
    for tag in LANGUAGES:
        page.goto(f"{gateway.url}/mine{'' if tag == 'en' else f'.{tag}'}.html")
        expect(page.locator("html[data-ready]")).to_be_attached(timeout=MILLISECONDS_MAX)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, tag
        told.add(page.get_by_role("status").inner_text())
    page.close()

    assert "" not in told
    assert len(told) == len(LANGUAGES)
