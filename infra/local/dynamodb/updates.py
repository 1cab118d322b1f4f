"""The effect of an update expression on an item: every operand is read before anything is written."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

from infra.local.dynamodb.expressions import Action, Arithmetic, Part, Scope, child_of, value_at
from infra.local.dynamodb.values import SETS, Item, Value, invalid, normalise_number

EXACT = Context(prec=38)
BAD_TYPE = "An operand in the update expression has an incorrect data type"
BAD_PATH = "The document path provided in the update expression is invalid for update"
MISSING = "The provided expression refers to an attribute that does not exist in the item"
Target = tuple[Part, ...]


def apply_update(actions: tuple[Action, ...], scope: Scope, key_names: tuple[str, ...]) -> Item:
    """Return the item after the update; `scope.item` stays as it was."""
    targets = [action.path.resolve(scope) for action in actions]
    refuse_overlaps(targets, key_names)
    operands = [evaluate(action, scope) for action in actions]
    item: Value = {"M": scope.item}
    removals: list[Target] = []
    for action, target, operand in zip(actions, targets, operands, strict=True):
        if action.verb == "SET":
            item = assigned(item, target, operand)
        elif action.verb == "ADD":
            item = assigned(item, target, added(value_at(item, target), operand))
        elif action.verb == "DELETE" and (remaining := subtracted(value_at(item, target), operand)) is not None:
            item = assigned(item, target, remaining)
        elif action.verb == "REMOVE" or value_at(item, target) is not None:
            removals.append(target)
    # Members of one list are removed from its end, so that no removal moves the next one's target.
    for target in sorted(removals, key=lambda path: [(isinstance(part, str), part) for part in path], reverse=True):
        item = removed(item, target)
    after: Item = item["M"]
    return after


def refuse_overlaps(targets: list[Target], key_names: tuple[str, ...]) -> None:
    """Refuse to touch a key attribute, or one place twice."""
    for position, target in enumerate(targets):
        if target[0] in key_names:
            raise invalid(
                f"One or more parameter values were invalid: Cannot update attribute {target[0]}. "
                "This attribute is part of the key"
            )
        for other in targets[:position]:
            shorter = min(len(target), len(other))
            if target[:shorter] == other[:shorter]:
                raise invalid("Invalid UpdateExpression: Two document paths overlap with each other")


def evaluate(action: Action, scope: Scope) -> Value | None:
    """Return the value that an action writes, adds or takes away."""
    return None if action.operand is None else computed(action.operand, scope)


def computed(operand: Any, scope: Scope) -> Value:
    """Return what the right-hand side of an assignment comes to."""
    if not isinstance(operand, Arithmetic):
        value: Value | None = operand.evaluate(scope)
        if value is None:
            raise invalid(MISSING)
        return value
    if operand.operator == "if_not_exists":
        # Both sides count as used, whichever is taken.
        present, fallback = operand.left.evaluate(scope), computed_or_none(operand.right, scope)
        chosen: Value | None = present if present is not None else fallback
        if chosen is None:
            raise invalid(MISSING)
        return chosen
    left, right = computed(operand.left, scope), computed(operand.right, scope)
    if operand.operator == "list_append":
        if "L" not in left or "L" not in right:
            raise invalid(BAD_TYPE)
        return {"L": left["L"] + right["L"]}
    return summed(left, right, negative=operand.operator == "-")


def computed_or_none(operand: Any, scope: Scope) -> Value | None:
    return computed(operand, scope) if isinstance(operand, Arithmetic) else operand.evaluate(scope)


def summed(left: Value, right: Value, negative: bool = False) -> Value:
    if "N" not in left or "N" not in right:
        raise invalid(BAD_TYPE)
    first, second = Decimal(left["N"]), Decimal(right["N"])
    return {"N": normalise_number(str(EXACT.subtract(first, second) if negative else EXACT.add(first, second)))}


def added(present: Value | None, operand: Value | None) -> Value:
    """ADD: a number to a number, members to a set; a missing value counts as nothing."""
    assert operand is not None, "the grammar gives ADD an operand"
    kind = next(iter(operand))
    if kind not in ("N", *SETS):
        raise invalid(BAD_TYPE)
    if present is None:
        return operand
    if kind not in present:
        raise invalid(BAD_TYPE)
    return summed(present, operand) if kind == "N" else set_of(kind, [*present[kind], *operand[kind]])


def subtracted(present: Value | None, operand: Value | None) -> Value | None:
    """DELETE: the set without the members; None when nothing remains, because no set is empty."""
    assert operand is not None, "the grammar gives DELETE an operand"
    kind = next(iter(operand))
    if kind not in SETS or (present is not None and kind not in present):
        raise invalid(BAD_TYPE)
    if present is None:
        return None
    remaining = [member for member in present[kind] if member not in operand[kind]]
    return set_of(kind, remaining) if remaining else None


def set_of(kind: str, members: list[Any]) -> Value:
    return {kind: sorted(set(members), key=Decimal if kind == "NS" else None)}


def assigned(container: Value, target: Target, value: Value | None) -> Value:
    """Return a copy of the container with the value at the target; its parent has to be there."""
    assert value is not None, "only a value is assigned"
    part, rest = target[0], target[1:]
    if rest:
        child = child_of(container, part)
        if child is None:
            raise invalid(BAD_PATH)
        value = assigned(child, rest, value)
    if isinstance(part, str) and "M" in container:
        return {"M": {**container["M"], part: value}}
    if isinstance(part, int) and "L" in container:
        members = list(container["L"])
        # Beyond its end a list grows by one.
        members[part : part + 1] = [value]
        return {"L": members}
    raise invalid(BAD_PATH)


def removed(container: Value, target: Target) -> Value:
    """Return a copy of the container without the target; nothing happens where there is none."""
    part, rest = target[0], target[1:]
    if rest:
        child = child_of(container, part)
        if child is None:
            raise invalid(BAD_PATH)
        return assigned(container, (part,), removed(child, rest))
    if isinstance(part, str) and "M" in container:
        return {"M": {name: value for name, value in container["M"].items() if name != part}}
    if isinstance(part, int) and "L" in container:
        return {"L": [member for position, member in enumerate(container["L"]) if position != part]}
    raise invalid(BAD_PATH)
