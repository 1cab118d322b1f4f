"""How a command ends by a signal, wherever the signal finds it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local import stopping

REPOSITORY = Path(__file__).parents[2]
NUMBERS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
HIT = "os.kill(os.getpid(), number); time.sleep(9)"
# A dataclass executes a string; an exception that comes up in a finalizer is dropped.
PLACES = {
    "plain": HIT,
    "in a string that is executed": f"exec({HIT!r})",
    "in a finalizer": f"class Mortal:\n  def __del__(self): {HIT}\nMortal(); print('went on')",
}


def ended(number: int, how: str, code: str) -> tuple[int, str, str]:
    """Return exit code, output and errors of a program that is told to end in the middle of such code."""
    program = f"""\
import os, time
from infra.local import stopping
number = {number:d}
stopping.{how}()
try:
    {code.replace(chr(10), chr(10) + "    ")}
finally:
    print("put away")
"""
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, check=False, text=True, timeout=8
    )
    return found.returncode, found.stdout, found.stderr


@NUMBERS
@pytest.mark.parametrize("code", PLACES.values(), ids=PLACES)
def test_the_end_at_once_says_nothing_and_is_no_failure(number, code):
    assert ended(number, "end_at_once", code) == (0, "", "")


@NUMBERS
@pytest.mark.parametrize("code", [PLACES["plain"], PLACES["in a string that is executed"]])
def test_the_end_in_order_puts_everything_away_and_is_no_failure(number, code):
    assert ended(number, "end_in_order", code) == (0, "put away\n", "")


@NUMBERS
async def test_a_command_that_serves_is_told_and_later_signals_do_what_they_did_before(number):
    came: list[int] = []
    before = signal.signal(number, lambda number, _: came.append(number))
    try:
        async with asyncio.timeout(5):
            with stopping.told() as event:
                signal.raise_signal(number)
                await event.wait()
                assert came == []
        signal.raise_signal(number)
    finally:
        signal.signal(number, before)

    assert came == [number]
