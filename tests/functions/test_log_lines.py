"""Each change of state is one line, with ids, reasons and timings, and nothing of what people say."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from tests.functions.child import output_of

# The facts of each line beside its own time and place. A new fact is seen here: it may be no word of anybody.
FACTS = {
    "connected": {"connection", "newcomer"},
    "disconnected": {"connection", "code"},
    "refused": {"connection", "route", "reason"},
    "waiting": {"connection", "mode"},
    "claimed": {"seeker", "candidate", "reason"},
    "paired": {"room", "waiter", "joiner", "mode", "waited_ms"},
    "room ended": {"room", "by", "peer", "reason", "mode", "lasted_ms"},
    "connection lost": {"connection", "room"},
    "resumed": {"connection", "before", "room"},
    "stopped": {"connection", "room"},
    "closed": {"connection", "room", "lost"},
    "call went": {"room", "reason"},
    "reported": {"room", "case", "reason"},
    "evidence": {"case", "lines", "refused", "still"},
    "banned": {"case", "reason", "until"},
    "cut off": {"connection"},
    "relay failed": {"reason"},
}
ALWAYS = {"level", "location", "message", "timestamp", "service"}


@lru_cache(maxsize=1)
def lines() -> list[dict[str, Any]]:
    """Return the log's lines of a chat in which everything happens."""
    printed = output_of(
        "from tests.functions.story_of_lines import main; main()",
        AWS_ACCESS_KEY_ID="nobody",
        AWS_SECRET_ACCESS_KEY="nobody",
        AWS_DEFAULT_REGION="eu-central-1",
    )
    found = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return [line for line in found if "_aws" not in line]


def test_every_change_of_state_has_its_line():
    """And no line is of anything else."""
    assert {line["message"] for line in lines()} == set(FACTS)


def test_a_line_has_the_facts_of_its_change_and_no_others():
    """Somebody in no room has none; everything else is always there."""
    for line in lines():
        facts = set(line) - ALWAYS
        assert facts <= FACTS[line["message"]], line
        assert FACTS[line["message"]] - facts <= {"room"}, line


def test_a_line_is_small_and_says_where_it_comes_from():
    """CloudWatch takes money for each byte."""
    for line in lines():
        assert len(json.dumps(line)) < 400
        assert not line["location"].startswith(("tell:", "tell_call:"))


def test_the_steps_before_a_change_are_told_at_debug_only():
    """Only the few invocations that an operator samples tell the tickets that a search tried."""
    assert {line["message"] for line in lines() if line["level"] == "DEBUG"} == {"claimed"}
