"""The rules for any frame: no exception, no reply but the contract's, and no change by a refused frame."""

from __future__ import annotations

from tests.conformance import contract
from tests.security.fuzz.town import Outcome, Town

# A frame that is answered so has changed nothing and reached nobody.
HARMLESS = frozenset({"invalid_message", "unknown_action", "too_long", "stale_room", "resume_failed", "unknown_case"})
PEERS = {"talking": "listening", "listening": "talking", "calling": "called", "called": "calling"}


def check(town: Town, person: str, body: str) -> Outcome:
    """Send a frame and check what it did."""
    outcome = town.send(person, body)
    for who, event in outcome.told:
        faults = contract.faults(event)
        assert not faults, faults
        unknown = set(event) - {"type"} - _known_fields(event)
        assert not unknown, f"fields that the contract does not name: {unknown} in {event}"
        assert who == person or event["type"] != "error" or event["code"] == "banned", f"{who} is told of {event}"
        if event["type"] in contract.RELAYED:
            assert PEERS.get(person) == who, f"{person} reached {who} with {event}"
    errors = [event["code"] for who, event in outcome.told if who == person and event["type"] == "error"]
    assert len(errors) <= 1, f"one frame, several errors: {errors}"
    if errors and errors[0] in HARMLESS:
        assert not outcome.has_written, f"{errors[0]} wrote something"
        assert len(outcome.told) == 1, f"{errors[0]} told others: {outcome.told}"
        assert not outcome.closed
    return outcome


def _known_fields(event: contract.Event) -> set[str]:
    kind = event["type"]
    known = {**contract.EVENT_FIELDS.get(kind, {}), **contract.OPTIONAL_FIELDS.get(kind, {})}
    return set(known) | set(contract.VIDEO_FIELDS)
