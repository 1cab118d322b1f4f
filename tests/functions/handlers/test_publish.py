"""The handler that the schedule calls; the published figures are tested with their module."""

from __future__ import annotations

from typing import Any

from functions.routes import PUBLISHING
from tests.functions.entry_points import entry_point
from tests.functions.world import with_parts


def test_the_schedule_has_the_months_written(world):
    written: list[Any] = []
    world.backend = with_parts(world.backend, publish_figures=written.append)

    assert entry_point(PUBLISHING)({}, None, backend=world.backend) is None
    assert [len(each["months"]) for each in written] == [1]
