"""Each condition of each write is forgotten once, alone, in company and whole, and a history notices."""

from __future__ import annotations

import pytest

from tests.simulation.crowds import History
from tests.simulation.mutants import focused, interrupted, known, notices, observed, refused
from tests.simulation.unnoticed import COMPANIES, HARMLESS_ALONE, HARMLESS_HISTORIES
from tests.simulation.weakened import WHOLE, Term, split

LISTED_HISTORIES = 100
NEW_ROOM = ("pair", "room", 0)


def place_of(name: str) -> tuple[str, str, int]:
    """Return which write of which item a condition belongs to."""
    term = Term.parse(name)
    return term.site, term.kind, term.position


WRITES = sorted({place_of(name) for name in known()})


@pytest.mark.parametrize("name", sorted(known()))
def test_a_forgotten_condition_is_noticed(name: str) -> None:
    """By the history in mutants.txt; if the product changed so that it no longer is, the command finds another."""
    assert notices(known()[name], Term.parse(name))


@pytest.mark.parametrize("name", sorted(COMPANIES))
def test_conditions_that_refuse_only_together_are_noticed_when_they_are_forgotten_together(name: str) -> None:
    """One of them alone would do: in the history all of them refuse one write, and nothing else refuses it."""
    company = COMPANIES[name]
    terms = [Term.parse(each) for each in (name, *company.others)]
    history = History.parse(company.history)

    assert set(terms) in refused(history)
    assert notices(history, *terms)
    assert not notices(history, terms[0])


@pytest.mark.parametrize("place", WRITES, ids=str)
def test_a_write_without_any_condition_is_noticed(place: tuple[str, str, int]) -> None:
    """All but that of a new room, whose id is random: nothing can stand there already."""
    histories = [history for name, history in known().items() if place_of(name) == place]

    assert any(notices(history, Term(*place, WHOLE)) for history in histories)


@pytest.mark.parametrize("name", sorted(HARMLESS_HISTORIES))
def test_a_condition_that_is_said_to_be_harmless_is(name: str) -> None:
    """It refuses a write alone, and every promise is kept without it."""
    history, term = History.parse(HARMLESS_HISTORIES[name]), Term.parse(name)

    assert {term} in refused(history)
    assert not notices(history, term)


def test_every_condition_of_a_connection_or_a_room_is_noticed_or_has_a_reason() -> None:
    """The conditions are read from the product's own requests: a new one is not overlooked, and none is left open."""
    some = [each(number) for number in range(LISTED_HISTORIES) for each in (interrupted, focused)]
    companies = [History.parse(company.history) for company in COMPANIES.values()]
    alone = observed([*known().values(), *companies, *some])
    found = {str(term) for term in alone}

    assert found == known().keys() | COMPANIES.keys() | HARMLESS_ALONE.keys()
    assert {place_of(name) for name in found} - set(WRITES) == {NEW_ROOM}
    assert [name for name in COMPANIES if alone[Term.parse(name)]] == []
    assert all(other in known() for company in COMPANIES.values() for other in company.others)
    assert known().keys().isdisjoint(COMPANIES.keys() | HARMLESS_ALONE.keys())


def test_a_condition_is_split_where_it_joins_its_terms_and_nowhere_else() -> None:
    """Parentheses of calls, of alternatives and of pynamodb's own nesting."""
    assert split("((attribute_exists (#0) AND (#1 = :0 OR #2 < :1)) AND (NOT contains (#3, :2)))") == [
        "attribute_exists (#0)",
        "#1 = :0 OR #2 < :1",
        "NOT contains (#3, :2)",
    ]
