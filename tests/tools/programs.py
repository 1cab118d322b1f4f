"""Finds the programs that tests need beside Python, and installs the missing ones from the system's packages.

`python -m tests.tools.programs chromium` is quiet when all is there. A test is never skipped because a program is
missing: this installs it, or says in one sentence what to do.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INSTALL_SECONDS_MAX = 900  # a browser is 300 MB; a slow mirror takes minutes


@dataclass(frozen=True)
class Program:
    """A program, under every name that will do, and the packages that bring it."""

    executables: tuple[str, ...]
    debian: tuple[str, ...]
    homebrew: tuple[str, ...]


WHOLE_CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PROGRAMS = {
    "chromium": Program(
        # The shell starts twice as fast and is all that tests without a screen need.
        ("chromium-headless-shell", *WHOLE_CHROMIUM),
        ("chromium-headless-shell",),
        ("--cask", "google-chrome"),
    ),
    # The shell answers no permission prompt, so refusals need the whole browser.
    "whole-chromium": Program(
        WHOLE_CHROMIUM,
        ("chromium",),
        ("--cask", "google-chrome"),
    ),
    "firefox": Program(
        ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"),
        ("firefox-esr",),
        ("--cask", "firefox"),
    ),
    "turnserver": Program(("turnserver",), ("coturn",), ("coturn",)),
    "ip": Program(("ip",), ("iproute2",), ("iproute2mac",)),
}


class MissingProgramError(Exception):
    """A program is not there and could not be installed; the message is a sentence."""


def find(name: str) -> str | None:
    """Return the path of a program, or None."""
    for executable in PROGRAMS[name].executables:
        path = shutil.which(executable) or (executable if Path(executable).is_file() else None)
        if path is not None:
            return path
    return None


def ensure(names: Sequence[str]) -> None:
    """Install what is missing of `names`, or raise MissingProgramError."""
    missing = [name for name in names if find(name) is None]
    if not missing:
        return
    print(f"Installing {', '.join(missing)} from the system's packages ...", file=sys.stderr)
    for command in _commands(missing):
        _run(command)
    still_missing = [name for name in missing if find(name) is None]
    if still_missing:
        raise MissingProgramError(_sentence(still_missing))


def _commands(missing: Sequence[str]) -> list[list[str]]:
    if platform.system() == "Darwin" and shutil.which("brew"):
        return [["brew", "install", *PROGRAMS[name].homebrew] for name in missing]
    if shutil.which("apt-get"):
        administrator = [] if os.geteuid() == 0 else ["sudo"]
        packages = [package for name in missing for package in PROGRAMS[name].debian]
        install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
        return [[*administrator, "apt-get", "update", "--quiet"], [*administrator, *install]]
    raise MissingProgramError(_sentence(missing))


def _run(command: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(
            command,
            check=True,
            env=environment,
            timeout=INSTALL_SECONDS_MAX,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError) as problem:
        raise MissingProgramError(f"`{' '.join(command)}` failed: {problem}.") from problem


def _sentence(names: Sequence[str]) -> str:
    packages = ", ".join(package for name in names for package in PROGRAMS[name].debian)
    return f"The tests need {', '.join(names)}: install it so that it is on PATH (on Debian and Ubuntu: {packages})."


def main(names: Sequence[str]) -> int:
    """Run as a command."""
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown or not names or {"-h", "--help"} & set(names):
        print(f"{__doc__}\nPrograms: {', '.join(PROGRAMS)}")
        return 2 if unknown else 0
    try:
        ensure(names)
    except MissingProgramError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
