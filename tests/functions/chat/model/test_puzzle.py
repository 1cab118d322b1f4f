"""A puzzle is solved by work alone, for one place and for a while, and nothing is remembered of it."""

from __future__ import annotations

import base64
import json
import random
from hashlib import sha256
from typing import Any

import pytest

from functions.chat.model import puzzle
from tests.puzzles import solve, solved_at_once

NOW = 1_800_000_000.0
SECRET, PLACE = "a.k.network.address", "connection ticket"
CHANCE = 0x0123456789ABCDEF0123456789ABCDEF0123


def made(chance: int = CHANCE) -> dict[str, Any]:
    return puzzle.make(SECRET, PLACE, chance, NOW)


def altered(solution: str, **fields: Any) -> str:
    """Return a solution with other fields."""
    return base64.b64encode(json.dumps({**json.loads(base64.b64decode(solution)), **fields}).encode()).decode()


def test_a_puzzle_has_altchas_form():
    """So that its libraries solve it: the challenge is the hash of salt and number, and the salt says until when."""
    found = made()
    number = json.loads(base64.b64decode(solve(found)))["number"]

    assert found.keys() == {"algorithm", "challenge", "maxnumber", "salt", "signature"}
    assert found["challenge"] == sha256(f"{found['salt']}{number}".encode()).hexdigest()
    assert found["salt"].endswith("?expires=1800000600&")
    assert (found["algorithm"], found["maxnumber"]) == ("SHA-256", 50_000)
    assert len(found["salt"]) + 5 <= 55, "one block of the hash, which the page counts on"


def test_the_number_that_tests_with_virtual_time_remember_is_the_one_that_is_found_by_trying():
    with solved_at_once():
        remembered = solve(made())

    assert remembered == solve(made())


def test_a_solution_is_believed_for_ten_minutes():
    solution = solve(made())

    assert puzzle.is_solved(SECRET, PLACE, solution, NOW + 600)
    assert not puzzle.is_solved(SECRET, PLACE, solution, NOW + 601)


@pytest.mark.parametrize("chance", range(6))
def test_no_digit_of_the_number_can_be_moved_into_the_time_or_back(chance: int):
    """The hash of salt and number would be the same, and the time until when it counts ten times as late, or sooner."""
    found = made(random.Random(chance).getrandbits(144))
    solution = solve(found)
    number = str(json.loads(base64.b64decode(solution))["number"])
    moved = [{"salt": found["salt"] + number[:at], "number": int(number[at:])} for at in range(1, len(number))]
    moved.append({"salt": found["salt"][:-1], "number": int(number)})

    for fields in moved:
        assert not puzzle.is_solved(SECRET, PLACE, altered(solution, **fields), NOW + 601)
        assert not puzzle.is_solved(SECRET, PLACE, altered(solution, **fields), NOW)


def test_a_solution_is_worth_nothing_for_another_place_or_at_another_server():
    solution = solve(made())

    assert not puzzle.is_solved(SECRET, "connection another-ticket", solution, NOW)
    assert not puzzle.is_solved("a.k.network.another", PLACE, solution, NOW)


def test_a_puzzle_of_ones_own_making_is_not_accepted():
    """Easy to solve, but not signed."""
    salt = "0?expires=9999999999&"
    own = {"challenge": sha256(f"{salt}1".encode()).hexdigest(), "salt": salt, "number": 1}

    assert not puzzle.is_solved(SECRET, PLACE, altered(solve(made()), **own), NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"number": -1}, {"number": 50_001}, {"number": True}, {"number": "7"}, {"number": None}, {"signature": "ä"},
        {"salt": "x?expires=9999999999&"}, {"salt": 5}, {"challenge": None}, {"signature": ["x"]}, {"salt": "\ud800"},
    ],
)  # fmt: skip
def test_an_altered_solution_is_none(fields: dict[str, Any]):
    assert not puzzle.is_solved(SECRET, PLACE, altered(solve(made()), **fields), NOW)


@pytest.mark.parametrize(
    "text", ["", "!", "e30=", "WzFd", "bnVsbA==", "W" * 400, base64.b64encode(b"[" * 300).decode()]
)
def test_a_text_that_is_no_solution_is_refused_without_an_error(text: str):
    assert not puzzle.is_solved(SECRET, PLACE, text, NOW)


def test_each_number_may_be_the_one():
    """Over the whole range, by chance: nobody begins where it usually is."""
    chances = [random.Random(at).getrandbits(144) for at in range(40)]
    numbers = [json.loads(base64.b64decode(solve(made(chance))))["number"] for chance in chances]

    assert min(numbers) < 10_000
    assert max(numbers) > 40_000
