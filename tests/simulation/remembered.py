"""The table's answers, remembered: a call is a function of its request and of the items that it can see.

Schedules pass through many states that differ only elsewhere, and handlers that stand there make the same call.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from infra.local.dynamodb.tables import Key, Table
from infra.local.dynamodb.values import Item
from tests.simulation.endpoints import partition_of, places_of
from tests.simulation.schedule import Operation, intern, remembering

Answer = Any


@dataclass(frozen=True, slots=True)
class Effect:
    """The result of a call: its answer, and the items as it left them."""

    answer: Answer
    written: tuple[tuple[Key, Item | None], ...]

    def apply(self, table: Table) -> None:
        """Let another table, with the same items in sight, become what that one became."""
        for key, item in self.written:
            if item is None:
                table.delete(key)
            else:
                table.place(key, item)


@dataclass(frozen=True, slots=True)
class Call:
    """An operation on the table, and its effect for each content of the items that it can see."""

    operation: Operation
    keys: tuple[Key, ...]
    partition: bytes | None
    effects: dict[tuple[Hashable, ...], Effect] = field(default_factory=dict)

    @staticmethod
    def of(operation: Operation) -> Call:
        name, request = operation.name, operation.arguments
        keys = tuple((pk.encode(), sk.encode()) for pk, sk in places_of(name, request))
        return Call(operation, keys, partition_of(request).encode() if name == "Query" else None)

    def perform(self, table: Table, ask: Callable[[], Answer]) -> Answer:
        """Return the answer, which is asked for where these items were never seen; the table is written in any case."""
        keys = self.keys
        if self.partition is not None:
            keys = tuple((self.partition, sort_key) for sort_key in table.sort_orders.get(self.partition, ()))
        before = [table.items.get(key) for key in keys]
        seen = tuple(None if item is None else token_of(item) for item in before)
        effect = self.effects.get(seen)
        if effect is not None:
            effect.apply(table)
            return effect.answer
        answer = ask()
        after = ((key, table.items.get(key)) for key in keys)
        written = tuple(each for each, item in zip(after, before, strict=True) if each[1] is not item)
        self.effects[seen] = Effect(answer, written)
        return answer


_calls: dict[int, Call] = remembering()
_tokens: dict[int, tuple[Item, int]] = remembering()


def perform(operation: Operation, table: Table, ask: Callable[[], Answer]) -> Answer:
    """Return what the table answers to an operation; the same as ever where it can see the same."""
    call = _calls.get(id(operation))
    if call is None or call.operation is not operation:
        call = _calls[id(operation)] = Call.of(operation)
    return call.perform(table, ask)


def token_of(item: Item) -> int:
    """Return a number that stands for an item's content; items are never changed in place."""
    known = _tokens.get(id(item))
    if known is not None and known[0] is item:
        return known[1]
    token = intern(repr(sorted(item.items())))
    _tokens[id(item)] = (item, token)
    return token
