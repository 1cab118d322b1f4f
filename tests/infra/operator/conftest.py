"""People who were reported, and the operator who decides."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pytest

from functions.chat.storage.switches import SwitchBoard
from infra.operator.command import _parser
from infra.operator.office import Office, OperatorError
from infra.operator.output import write
from tests.functions.doorstep import CAFE, come, lock_out, meet
from tests.functions.memory import client_in_memory
from tests.functions.tables import MotoTable
from tests.functions.world import Person, World, with_parts


class Desk:
    """The operator's tool on the table of a world whose time is now."""

    def __init__(self, table: MotoTable) -> None:
        self.world = World(table)
        self.world.clock.seconds = time.time()
        self.office = Office.at(self.world.client, table.name, who="olga", is_local=True)
        board = SwitchBoard(self.world.backend.table)
        self.world.backend = with_parts(self.world.backend, switches=board.read)

    def ask(self, *arguments: str) -> str:
        """Return what the tool prints for people."""
        options = _parser().parse_args(arguments)
        out = io.StringIO()
        write(options.do(self.office, options), out, as_json=options.json)
        return out.getvalue()

    def data(self, *arguments: str) -> Any:
        """Return what the tool prints for scripts."""
        return json.loads(self.ask("--json", *arguments))

    def fails(self, *arguments: str) -> str:
        """Return the sentence with which the tool refuses."""
        with pytest.raises(OperatorError) as problem:
            self.ask(*arguments)
        return str(problem.value)

    def report(self, reason: str = "underage", note: str = "", number: int = 0) -> tuple[Person, Person, str]:
        """Let somebody report a stranger; return both and the number of the case. `underage` was believed at once."""
        ada = come(self.world, f"Ada {number}", address=CAFE)
        eve = come(self.world, f"Eve {number}", address=f"192.0.2.{number + 1}")
        ada.send("report", room=meet(self.world, ada, eve), reason=reason, note=note)
        case = str(ada.last("reported")["case"])
        if reason == "underage":
            lock_out(self.world, eve, reason, case)
        eve.send("leave")
        return ada, eve, case


@pytest.fixture(scope="module")
def dynamodb() -> Any:
    return client_in_memory()


@pytest.fixture
def desk(dynamodb: Any) -> Desk:
    return Desk(MotoTable(dynamodb))
