"""People who were reported, and the operator who decides."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.chat.model.case import Case
from functions.chat.model.record import Record
from functions.chat.storage.cases import Cases
from functions.chat.storage.switches import SwitchBoard
from functions.chat.storage.table import Table
from infra.operator import audit
from infra.operator.command import _parser
from infra.operator.office import Office, OperatorError
from infra.operator.output import write
from tests.functions.doorstep import CAFE, come, device_of, lock_out, meet
from tests.functions.memory import client_in_memory
from tests.functions.tables import MotoTable
from tests.functions.world import Person, World, with_parts


class Desk:
    """The operator's tool on the table of a world whose time is now."""

    def __init__(self, table: MotoTable) -> None:
        self.world = World(table)
        self.world.clock.seconds = time.time()
        self.office = Office.at(self.world.client, table.name, who="olga", is_local=True, clock=self.world.clock)
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
        room = meet(self.world, ada, eve)
        self.world.pass_time(30)  # a conversation of less than 5 s is no ground for a report
        ada.send("report", room=room, reason=reason, note=note)
        case = str(ada.last("reported")["case"])
        if reason == "underage":
            lock_out(self.world, eve, reason, case)
        eve.send("leave")
        return ada, eve, case

    def in_step(self) -> Office:
        """Return the office by the world's own clock, where the order of decisions and appeals matters."""
        table = Table(self.world.client, self.world.table.name, self.world.clock)
        return replace(self.office, table=table, cases=Cases(table))

    def overtaken(self, meanwhile: Callable[[str], object]) -> Office:
        """Return an office in which something happens between a look at a case and the write that takes it."""

        class Overtaken(Cases):
            def hold(self, number: str, holder: str) -> bool:
                meanwhile(number)
                return super().hold(number, holder)

        return replace(self.office, cases=Overtaken(self.office.table))

    def case(self, number: str) -> Case:
        case = self.office.cases.get(number)
        assert case is not None
        return case

    def record(self, person: Person) -> Record:
        return self.office.records.get([device_of(person)])[device_of(person)]

    def log(self) -> list[tuple[str, str, str]]:
        """Return who decided what in which case."""
        return [(entry.who, entry.what, entry.case) for entry, _ in audit.read(self.office)]


@pytest.fixture(scope="module")
def dynamodb() -> Any:
    return client_in_memory()


@pytest.fixture
def desk(dynamodb: Any) -> Desk:
    return Desk(MotoTable(dynamodb))
