"""Each condition of each write is forgotten once, and a history notices; mutants.py searches for one."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import focused, interrupted, known, notices, observed
from tests.simulation.unnoticed import OPEN, REDUNDANT
from tests.simulation.weakened import Term, split

LISTED_HISTORIES = 100


@pytest.mark.parametrize("name", sorted(known()))
def test_a_forgotten_condition_is_noticed(name: str) -> None:
    """By the history in mutants.txt; if the product changed so that it no longer is, the command finds another."""
    assert notices(known()[name], Term.parse(name))


def test_every_condition_of_a_connection_or_a_room_is_listed() -> None:
    """The conditions are read from the product's own requests: a new one is not overlooked."""
    some = [each(number) for number in range(LISTED_HISTORIES) for each in (interrupted, focused)]
    found = {str(term) for term in observed([*known().values(), *some])}

    assert found - known().keys() - REDUNDANT.keys() - OPEN == set()
    assert known().keys() & (REDUNDANT.keys() | OPEN) == set()


def test_a_condition_is_split_where_it_joins_its_terms_and_nowhere_else() -> None:
    """Parentheses of calls, of alternatives and of pynamodb's own nesting."""
    assert split("((attribute_exists (#0) AND (#1 = :0 OR #2 < :1)) AND (NOT contains (#3, :2)))") == [
        "attribute_exists (#0)",
        "#1 = :0 OR #2 < :1",
        "NOT contains (#3, :2)",
    ]
