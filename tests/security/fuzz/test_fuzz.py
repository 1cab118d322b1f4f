"""A short run of the fuzzers in every test run; `make fuzz` runs them for long."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from functions.chat.protocol.frames import rules
from tests.conformance.contract import ERROR_CODES, RELAYED
from tests.functions.entry_points import FRAMES
from tests.security.fuzz import frames, oracle
from tests.security.fuzz.town import WISHES, Town

FRAMES_SHORT = 10_000
TOWN = Town()
QUICKLY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
TEXT = some.text(alphabet=some.characters(codec=None), max_size=80)  # lone surrogates too
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | TEXT | some.sampled_from(frames.ODD_STRINGS),
    lambda inner: some.lists(inner, max_size=6) | some.dictionaries(TEXT, inner, max_size=6),
    max_leaves=20,
)
WORDS = some.sampled_from([*TOWN.rooms.values(), *TOWN.tokens.values(), TOWN.case, "text", "video", "spam"])


def test_every_field_of_every_frame_is_tried():
    """A new field is fuzzed from the day it exists, and the guided fuzzer has a good frame of each kind."""
    known = {name for kind in FRAMES for name in rules(kind)}

    assert set(frames.good_fields(random.Random(1), TOWN)) == known


@given(chance=some.randoms(use_true_random=False))
@QUICKLY
def test_any_frame_is_answered_by_the_contract_and_a_refused_one_changes_nothing(chance: random.Random):
    """Nearly right frames, which reach deepest."""
    oracle.check(TOWN, frames.person(chance), frames.frame(chance, TOWN))


@pytest.mark.parametrize("kind", FRAMES, ids=lambda kind: kind.__name__)
@given(data=some.data())
@settings(QUICKLY, max_examples=60)
def test_any_values_in_the_fields_of_a_frame_break_nothing(kind: type, data: some.DataObject):
    """Each field of each frame, with any JSON."""
    import json

    fields = {name: data.draw(JSON | WORDS, label=name) for name in rules(kind)}
    body = json.dumps({"action": kind.__name__.lower(), **fields})

    oracle.check(TOWN, data.draw(some.sampled_from(WISHES), label="who"), body)


@given(body=TEXT)
@QUICKLY
def test_any_text_breaks_nothing(body: str):
    """Most of it is no JSON."""
    oracle.check(TOWN, "talking", body)


def test_thousands_of_frames_reach_every_answer():
    """The fuzzer is worth nothing when everything it sends is refused at the door."""
    chance = random.Random(20_261_122)
    seen: Counter[str] = Counter()
    for _ in range(FRAMES_SHORT):
        outcome = oracle.check(TOWN, frames.person(chance), frames.frame(chance, TOWN))
        seen.update(event.get("code", event["type"]) for _, event in outcome.told)
        seen["written"] += outcome.has_written

    wanted = (ERROR_CODES - {"rate_limited", "busy", "age_required", "closed"}) | RELAYED
    wanted |= {"waiting", "paired", "peer_left", "peer_back", "reported", "appealed", "pong", "written"}
    assert wanted - set(seen) == set(), seen


def test_the_fuzzer_sees_a_change_by_a_refused_frame():
    """A check that cannot fail would prove nothing."""
    town = Town()
    store, rooms = town.backend.store, town.backend.rooms
    original = rooms.get
    rooms.get = lambda room_id: (store.mark_lost("waiting"), original(room_id))[1]  # type: ignore[method-assign]

    with pytest.raises(AssertionError, match="wrote something"):
        oracle.check(town, "idle", '{"action":"typing","room":"none","on":true}')
