"""Both kinds of device together, in every order of fifteen acts up to depth 5."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.call.test_modules import ARGUMENTS, FOLDER

DEPTH = 5
SECONDS_MAX = 1_200

pytestmark = pytest.mark.timeout(SECONDS_MAX + 10)


def test_in_every_order_of_both_devices_a_stranger_gets_only_what_the_person_wants() -> None:
    """As the fast set has it up to depth 3."""
    run = subprocess.run(
        [*ARGUMENTS, str(FOLDER / "every_order.js"), str(DEPTH)],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["both"] > 200_000, run.stdout
