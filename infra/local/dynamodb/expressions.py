"""The parts of DynamoDB's expressions; each node evaluates itself against a `Scope`: item and placeholders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import ge, gt, le, lt
from typing import Any

from infra.local.dynamodb.values import SETS, Item, Value, invalid, order_of

Part = str | int
ORDERED = ("S", "N", "B")
ORDERS: dict[str, Callable[[Any, Any], Any]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(slots=True)
class Scope:
    """The item that an expression is evaluated against, and which placeholders it used."""

    item: Item
    names: dict[str, str]
    values: dict[str, Value]
    used: set[str] = field(default_factory=set)

    def name(self, token: str) -> str:
        if not token.startswith("#"):
            return token
        self.used.add(token)
        if token not in self.names:
            raise invalid(f"An expression attribute name used in the document path is not defined: {token}")
        return self.names[token]

    def value(self, token: str) -> Value:
        self.used.add(token)
        if token not in self.values:
            raise invalid(f"An expression attribute value used in expression is not defined: {token}")
        return self.values[token]


@dataclass(frozen=True, slots=True)
class Path:
    """A document path, `#name.#name[3]`."""

    parts: tuple[Part, ...]

    def resolve(self, scope: Scope) -> tuple[Part, ...]:
        return tuple(scope.name(part) if isinstance(part, str) else part for part in self.parts)

    def evaluate(self, scope: Scope) -> Value | None:
        return value_at({"M": scope.item}, self.resolve(scope))


def value_at(container: Value, target: tuple[Part, ...]) -> Value | None:
    value: Value | None = container
    for part in target:
        if value is None:
            return None
        value = child_of(value, part)
    return value


def child_of(value: Value, part: Part) -> Value | None:
    """Return the member of a map or a list, if there is one."""
    if isinstance(part, str):
        child: Value | None = value.get("M", {}).get(part)
        return child
    members = value.get("L", [])
    return members[part] if part < len(members) else None


@dataclass(frozen=True, slots=True)
class Literal:
    """A value's placeholder, `:name`."""

    token: str

    def evaluate(self, scope: Scope) -> Value | None:
        return scope.value(self.token)


@dataclass(frozen=True, slots=True)
class Call:
    """A function; `size` gives a number, the others the truth."""

    name: str
    operands: tuple[Any, ...]

    def evaluate(self, scope: Scope) -> Any:
        return FUNCTIONS[self.name](*(operand.evaluate(scope) for operand in self.operands))


@dataclass(frozen=True, slots=True)
class Comparison:
    operator: str
    left: Any
    right: Any

    def evaluate(self, scope: Scope) -> bool:
        left, right = self.left.evaluate(scope), self.right.evaluate(scope)
        if self.operator == "=":
            return left is not None and left == right
        # An attribute that is missing differs from every value.
        if self.operator == "<>":
            return bool(left != right)
        return is_ordered(self.operator, left, right)


def is_ordered(operator: str, left: Value | None, right: Value | None) -> bool:
    """Compare two values of one kind; values of different kinds, or missing, are in no order."""
    if left is None or right is None or left.keys() != right.keys() or next(iter(left)) not in ORDERED:
        return False
    return bool(ORDERS[operator](order_of(left), order_of(right)))


@dataclass(frozen=True, slots=True)
class Between:
    operand: Any
    low: Any
    high: Any

    def evaluate(self, scope: Scope) -> bool:
        value = self.operand.evaluate(scope)
        return is_ordered(">=", value, self.low.evaluate(scope)) & is_ordered("<=", value, self.high.evaluate(scope))


@dataclass(frozen=True, slots=True)
class In:
    operand: Any
    choices: tuple[Any, ...]

    def evaluate(self, scope: Scope) -> bool:
        value, choices = self.operand.evaluate(scope), [choice.evaluate(scope) for choice in self.choices]
        return value is not None and value in choices


@dataclass(frozen=True, slots=True)
class Both:
    """AND. Both sides are evaluated, so that every placeholder counts as used."""

    left: Any
    right: Any

    def evaluate(self, scope: Scope) -> bool:
        return bool(self.left.evaluate(scope)) & bool(self.right.evaluate(scope))


@dataclass(frozen=True, slots=True)
class Either:
    left: Any
    right: Any

    def evaluate(self, scope: Scope) -> bool:
        return bool(self.left.evaluate(scope)) | bool(self.right.evaluate(scope))


@dataclass(frozen=True, slots=True)
class Not:
    operand: Any

    def evaluate(self, scope: Scope) -> bool:
        return not self.operand.evaluate(scope)


def begins_with(value: Value | None, prefix: Value | None) -> bool:
    if value is None or prefix is None or value.keys() != prefix.keys():
        return False
    kind = next(iter(value))
    return kind in ("S", "B") and value[kind].startswith(prefix[kind])


def contains(value: Value | None, member: Value | None) -> bool:
    if value is None or member is None:
        return False
    (kind, content), (member_kind, member_content) = next(iter(value.items())), next(iter(member.items()))
    if kind in ("S", "B"):
        return kind == member_kind and member_content in content
    if kind in SETS:
        return SETS[kind] == member_kind and member_content in content
    return kind == "L" and member in content


def size(value: Value | None) -> Value | None:
    if value is None:
        return None
    kind, content = next(iter(value.items()))
    return {"N": str(len(content))} if kind not in ("N", "BOOL", "NULL") else None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "attribute_exists": lambda value: value is not None,
    "attribute_not_exists": lambda value: value is None,
    "attribute_type": lambda value, kind: value is not None and kind["S"] in value,
    "begins_with": begins_with,
    "contains": contains,
    "size": size,
}


@dataclass(frozen=True, slots=True)
class Action:
    """One action of an update: SET a path to an operand, REMOVE it, ADD to it, DELETE from it."""

    verb: str
    path: Path
    operand: Any = None


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Functions that only an update may compute: `+`, `-`, `if_not_exists`, `list_append`."""

    operator: str
    left: Any
    right: Any
