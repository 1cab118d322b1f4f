"""DynamoDB's attribute values: their one form, their order, their size.

Values keep DynamoDB's own notation, `{"S": "text"}`. `normalise` brings each to one form on the way in (numbers without
leading or trailing zeros, sets sorted), so that two equal values are equal dictionaries ever after.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Value = dict[str, Any]
Item = dict[str, Value]

NUMBER_DIGITS_MAX = 38
ITEM_BYTES_MAX = 400 * 1024
SETS = {"SS": "S", "NS": "N", "BS": "B"}


class DatabaseError(Exception):
    """An error that DynamoDB answers, with what botocore makes of it."""

    def __init__(
        self, code: str, message: str = "", reasons: list[dict[str, Any]] | None = None, item: Item | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.reasons, self.item = code, message, reasons, item


def invalid(message: str) -> DatabaseError:
    """Return the error of a request that DynamoDB refuses to look at."""
    return DatabaseError("ValidationException", message)


def normalise(value: Value) -> Value:
    """Return the one form of a value, or refuse it."""
    if len(value) != 1:
        raise invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one")
    kind, content = next(iter(value.items()))
    if kind in ("S", "BOOL", "NULL"):
        return value
    if kind == "N":
        return {"N": normalise_number(content)}
    if kind == "B":
        return {"B": base64.b64decode(content) if isinstance(content, str) else bytes(content)}
    if kind in SETS:
        members = [normalise({SETS[kind]: member})[SETS[kind]] for member in content]
        if not members:
            raise invalid("One or more parameter values were invalid: An string set  may not be empty")
        if len(set(members)) < len(members):
            raise invalid("One or more parameter values were invalid: Input collection contains duplicates.")
        return {kind: sorted(members, key=Decimal if kind == "NS" else None)}
    if kind == "L":
        return {"L": [normalise(member) for member in content]}
    if kind == "M":
        return {"M": normalise_item(content)}
    raise invalid(f"Supplied AttributeValue is empty, must contain exactly one of the supported datatypes: {kind}")


def normalise_item(item: Item) -> Item:
    """Return the one form of each value of an item or a map."""
    return {name: normalise(value) for name, value in item.items()}


def normalise_number(text: str) -> str:
    """Return a number as DynamoDB gives it back: no exponent, no zeros that mean nothing."""
    if text.isdigit() and (text[0] != "0" or text == "0") and len(text) <= NUMBER_DIGITS_MAX:
        return text
    try:
        number = Decimal(text)
    except ArithmeticError:
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}") from None
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > NUMBER_DIGITS_MAX:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    return "0" if number == 0 else format(number.normalize(), "f")


def order_of(value: Value) -> Any:
    """Return what a key or an operand is ordered by: strings by their UTF-8 bytes, numbers by value."""
    kind, content = next(iter(value.items()))
    if kind == "S":
        return content.encode()
    return Decimal(content) if kind == "N" else content


def size_of_item(item: Item) -> int:
    """Return the size by which an item is billed (developer guide, "DynamoDB item sizes and formats")."""
    return sum(len(name.encode()) + size_of(value) for name, value in item.items())


def size_of(value: Value) -> int:
    kind, content = next(iter(value.items()))
    if kind == "S":
        return len(content.encode())
    if kind in SETS:
        return sum(size_of({SETS[kind]: member}) for member in content)
    return SIZES[kind](content) if kind in SIZES else 1


def size_of_number(text: str) -> int:
    """Return the size of a number: a byte for two digits, one more, and one for a minus."""
    digits = len(text.replace("-", "").replace(".", "").strip("0"))
    return (digits + 1) // 2 + 1 + text.startswith("-")


SIZES: dict[str, Callable[[Any], int]] = {
    "N": size_of_number,
    "B": len,
    "L": lambda members: 3 + sum(1 + size_of(member) for member in members),
    "M": lambda members: 3 + size_of_item(members) + len(members),
}
