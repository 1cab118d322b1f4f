"""The operator's switches are read every few seconds, and absent ones are open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.chat.storage.store import Store
from functions.chat.storage.switches import Plan, SwitchBoard, Switches
from functions.chat.storage.table import Busy, Table
from tests.functions.tables import FaultyClient, MotoTable
from tests.functions.world import StillClock

KEPT_SECONDS = 10.0


class Board:
    """A switch board, its table and its clock."""

    def __init__(self, table: MotoTable) -> None:
        self.table, self.clock, self.client = table, StillClock(), FaultyClient(table.client)
        self.board = SwitchBoard(Table(self.client, table.name, self.clock))


@pytest.fixture
def board(table: MotoTable) -> Board:
    return Board(table)


def close(mode: str) -> Callable[[Switches], Switches]:
    return lambda now: replace(now, closed=now.closed | {mode})


def test_everything_is_open_until_somebody_closes_it(board):
    """Reading writes nothing."""
    assert board.board.read() == board.board.fetch() == Switches()
    assert board.table.items() == {}


def test_changed_switches_are_read(board):
    """Each change keeps the others."""
    board.board.change(close("video"))
    board.board.change(lambda now: replace(now, notice="Back at noon."))

    assert board.board.fetch() == Switches(frozenset({"video"}), "Back at noon.")
    board.board.change(lambda now: Switches())
    assert board.board.fetch() == Switches()


def test_a_process_reads_them_once_in_ten_seconds(board):
    """With any frames in between; a change is in effect then."""
    other = SwitchBoard(Table(board.table.client, board.table.name, board.clock))
    for _ in range(100):
        board.board.read()
    other.change(close("text"))
    assert board.board.read() == Switches()
    assert len(board.client.requests) == 1

    board.clock.seconds += KEPT_SECONDS
    assert board.board.read().closed == {"text"}
    assert len(board.client.requests) == 2


@pytest.mark.parametrize("begun", [False, True])
def test_two_operators_who_switch_at_once_both_get_what_they_want(board, begun):
    """The slower one looks again."""
    if begun:
        board.board.change(close("video"))
    other = SwitchBoard(Table(board.table.client, board.table.name, board.clock))
    seen: list[Switches] = []

    def alter(now: Switches) -> Switches:
        if not seen:
            other.change(lambda now: replace(now, notice="Hello."))
        seen.append(now)
        return close("text")(now)

    board.board.change(alter)
    assert len(seen) == 2
    assert board.board.fetch() == Switches(frozenset({"text"} | ({"video"} if begun else set())), "Hello.")


@pytest.mark.parametrize("version", [0, 1])
def test_switches_that_are_not_as_they_were_read_are_not_written(board, version):
    """Neither over another's, nor as if there had been none."""
    for mode in ("text", "video"):
        board.board.change(close(mode))
    before = board.table.items()

    assert board.board._put(Switches(), version) is False
    assert board.table.items() == before


def test_a_switcher_that_always_loses_gives_up(board):
    """And is told to try again."""
    other = SwitchBoard(Table(board.table.client, board.table.name, board.clock))

    def alter(now: Switches) -> Switches:
        other.change(lambda now: replace(now, notice=now.notice + "."))
        return now

    with pytest.raises(Busy):
        board.board.change(alter)


def test_the_switches_do_not_expire(board):
    """Nobody opens by accident what an operator closed a year ago."""
    board.board.change(close("video"))
    board.clock.seconds += 50 * 365 * 86_400

    assert board.board.read().closed == {"video"}


def test_they_come_along_with_a_search_when_they_are_due(board):
    """In the round trip that reads the seeker; nobody waits for them alone."""
    store = Store(Table(board.client, board.table.name, board.clock), board.board)
    board.board.change(close("video"))
    for _ in range(3):
        store.get_seeker("Ada=")
        assert board.board.read().closed == {"video"}

    assert [name for name, _ in board.client.requests] == ["GetItem", "PutItem", "BatchGetItem", "GetItem", "GetItem"]


def test_plans_are_kept_as_they_were_made(board):
    """With their words in their order."""
    plan = Plan(1.0, 2.5, ("text", "video"), (("", "Hello."), ("de", "Hallo.")))
    board.board.change(lambda now: replace(now, plans=(plan,)))

    assert board.board.fetch() == Switches(plans=(plan,))


def test_a_process_follows_a_plan_without_reading_again(board):
    """It knows when it begins and ends."""
    now = board.clock.now()
    board.board.change(lambda _: Switches(plans=(Plan(now + 3, now + 6, ("text",)),)))
    board.board.read()
    requests = len(board.client.requests)
    closed = []
    for _ in range(4):
        closed.append(board.board.read().closed)
        board.clock.seconds += 2

    assert closed == [frozenset(), frozenset(), {"text"}, frozenset()]
    assert len(board.client.requests) == requests


@pytest.mark.parametrize(
    ("languages", "said"), [(["fr"], "Newer."), (["de", "fr"], "Neuer."), (["ja"], "Newer."), ([], "Newer.")]
)
def test_of_two_plans_the_one_that_was_made_last_is_told_in_ones_own_language(languages, said):
    """The standing notice is for the time when neither is on."""
    older = Plan(1.0, 9.0, words=(("", "Older."), ("fr", "Ancien."), ("ja", "古い")))
    newer = Plan(2.0, 8.0, words=(("", "Newer."), ("de", "Neuer.")))
    switches = Switches(notice="Standing.", plans=(older, newer))

    assert switches.at(5.0).words_for(languages) == said
    assert switches.at(9.5).words_for(languages) == "Standing."
