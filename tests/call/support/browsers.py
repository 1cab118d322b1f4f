"""Chromium with a face, and the programs that the tests need, installed when they are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.browser.chromium import STILL
from tests.call.support.faces import Face
from tests.tools import programs

PROBE = Path(__file__).with_name("probe.js").read_text()

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
    # Calls also connect where the loopback is the only network.
    "--allow-loopback-in-peer-connection",
    # A face's pages follow one another: each has the process of the one before.
    "--renderer-process-limit=1",
    # The relay's certificate is made by the test that starts it.
    "--ignore-certificate-errors",
]


def program(name: str) -> str:
    """The path of a program; it is installed when it is missing, because a test that is skipped proves nothing."""
    programs.ensure([name])
    found = programs.find(name)
    assert found is not None, f"{name} was just installed"
    return found


def launch(
    playwright: Playwright, face: Face | None, folder: Path, *, executable: str | None = None, secure_origin: str = ""
) -> Browser:
    """A browser whose camera shows a face and whose microphone hums; without a face it has no devices at all."""
    arguments = [*ARGUMENTS]
    if secure_origin:
        arguments.append(f"--unsafely-treat-insecure-origin-as-secure={secure_origin}")
    if face is not None:
        picture, tone = face.write(folder)
        arguments += [
            "--use-fake-device-for-media-stream",
            # The headless shell has no permission prompt of its own; this answers it with a yes.
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={picture}",
            f"--use-file-for-fake-audio-capture={tone}",
        ]
    return playwright.chromium.launch(executable_path=executable or program("chromium"), args=arguments)


def launch_asking(playwright: Playwright) -> Browser:
    """A whole Chromium with devices, whose permission prompts a test answers: the headless shell has none."""
    arguments = [*ARGUMENTS, "--use-fake-device-for-media-stream=device-count=2,fps=10"]
    return playwright.chromium.launch(executable_path=program("whole-chromium"), args=arguments)


def person(
    browser: Browser, *, permissions: tuple[str, ...] = ("camera", "microphone"), **device: Any
) -> tuple[BrowserContext, Page]:
    """A fresh person with one page, which the probe watches, on a device of some kind."""
    context = browser.new_context(**{"permissions": list(permissions), **STILL, **device})
    context.add_init_script(PROBE)
    page = context.new_page()
    return context, page
