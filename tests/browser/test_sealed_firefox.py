"""Firefox with Chromium: what the one seals the other opens."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from tests.browser.conftest import NewWindow
from tests.browser.test_sealed import words_of
from tests.call.support.firefox import Firefox
from tests.gateway import Gateway

WRITE = """(text) => {
  const box = document.querySelector("#message");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  document.querySelector("#send").click();
}"""
WORDS = "document.querySelector('.words')?.textContent ?? ''"


def test_two_engines_read_each_other_and_show_the_same_words(
    gateway: Gateway, new_window: NewWindow, interest: str, tmp_path: Path
) -> None:
    window = new_window()
    fox = Firefox(tmp_path)
    try:
        fox.goto(gateway.url)
        fox.wait_for_function("document.documentElement.dataset.ready !== undefined")
        fox.evaluate("(interest) => { document.querySelector('#interests').value = interest; }", interest)
        fox.evaluate("() => document.querySelector('#start-text').click()")
        fox.wait_for_function("document.querySelector('#status').dataset.phase === 'searching'")
        window.start(interest)
        window.expect_paired()
        mine, theirs = f"chromium {secrets.token_hex(4)} ü🐢", f"firefox {secrets.token_hex(4)} ü🐢"
        window.say(mine)
        fox.wait_for_function(f"document.querySelector('#lines').textContent.includes({json.dumps(mine)})")
        fox.evaluate(WRITE, theirs)
        window.expect_line(theirs)

        fox.wait_for_function(f"{WORDS} !== ''")
        assert fox.evaluate(WORDS) == words_of(window)
    finally:
        fox.close()
