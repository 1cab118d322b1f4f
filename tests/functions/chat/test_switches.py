"""The operator's switches are read every few seconds, and absent ones are open."""

from __future__ import annotations

import pytest

from functions.chat.dynamodb import Table
from functions.chat.record_items import SWITCHES_KEY
from functions.chat.switches import KEPT_SECONDS, SwitchBoard, Switches
from tests.functions.tables import FaultyClient, MotoTable
from tests.functions.world import StillClock


class Board:
    """A switch board, its table and its clock."""

    def __init__(self, table: MotoTable) -> None:
        self.table, self.clock, self.client = table, StillClock(), FaultyClient(table.client)
        self.board = SwitchBoard(Table(self.client, table.name, self.clock))

    def put(self, **attributes: dict[str, object]) -> None:
        pk, sk = SWITCHES_KEY
        item = {"pk": {"S": pk}, "sk": {"S": sk}, "expires_at": {"N": "99999999999"}, **attributes}
        self.table.client.put_item(TableName=self.table.name, Item=item)


@pytest.fixture
def board(table: MotoTable) -> Board:
    return Board(table)


def test_everything_is_open_until_somebody_closes_it(board):
    """Also when the item is there and says nothing."""
    assert board.board.read() == Switches()
    board.put()
    assert board.board.fetch() == Switches()


def test_what_is_closed_and_what_is_said_is_read(board):
    """Each by itself."""
    board.put(video_closed={"BOOL": True}, text_closed={"BOOL": False}, notice={"S": "Back at noon."})

    assert board.board.read() == Switches(frozenset({"video"}), "Back at noon.")


def test_a_process_reads_them_once_in_ten_seconds(board):
    """Whatever it does meanwhile; a change is in effect then."""
    for _ in range(100):
        board.board.read()
    board.put(text_closed={"BOOL": True})
    assert board.board.read() == Switches()
    assert len(board.client.requests) == 1

    board.clock.seconds += KEPT_SECONDS
    assert board.board.read().closed == {"text"}
    assert len(board.client.requests) == 2
