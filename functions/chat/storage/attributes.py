"""Attributes that read and write the product's own values, so that conditions and updates take them as they are.

Each is stored as a list of short strings, which keeps a ticket below the kilobyte of a write unit.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pynamodb.attributes import Attribute
from pynamodb.expressions.update import RemoveAction, SetAction

from functions.chat.model.people import Ban, GivenWarning, Meeting

Value = TypeVar("Value")
Stored = list[dict[str, str]]


class _Whole(list[Any]):
    """A whole value, for pynamodb, which takes anything but a list for one element of a list."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class _ListOfTexts(Attribute[Value]):
    attr_type = "L"

    def __eq__(self, other: object) -> Any:
        return super().__eq__(_Whole(other))

    __hash__ = Attribute.__hash__

    def set(self, value: Any) -> SetAction | RemoveAction:
        """Return the action that writes a value."""
        whole: Any = _Whole(value)
        return super().set(whole)

    def serialize(self, value: Any) -> Stored:
        """Return the stored form of a value, or of a list of its elements."""
        return [{"S": text} for text in self.texts_of(value.value if isinstance(value, _Whole) else value)]

    def deserialize(self, value: Any) -> Value:
        """Return the value in its stored form."""
        return self.value_of([each["S"] for each in value])

    def texts_of(self, value: Value) -> list[str]:
        raise NotImplementedError

    def value_of(self, texts: list[str]) -> Value:
        raise NotImplementedError


class TextsAttribute(_ListOfTexts[tuple[str, ...]]):
    """Texts in their order."""

    def texts_of(self, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def value_of(self, texts: list[str]) -> tuple[str, ...]:
        return tuple(texts)

    def with_one_more(self, text: str) -> SetAction | RemoveAction:
        """Return the action that adds a text behind the texts that are there, if any."""
        return Attribute.set(self, (self | []).append([text]))


class NamesAttribute(_ListOfTexts[frozenset[str]]):
    """Names without an order."""

    def texts_of(self, value: frozenset[str]) -> list[str]:
        return sorted(value)

    def value_of(self, texts: list[str]) -> frozenset[str]:
        return frozenset(texts)


class MeetingsAttribute(_ListOfTexts[tuple[Meeting, ...]]):
    """With whom a person talked, and until when."""

    def texts_of(self, value: tuple[Meeting, ...]) -> list[str]:
        return [f"{each.name}@{each.ended_at:.3f}{each.network and '~' + each.network}" for each in value]

    def value_of(self, texts: list[str]) -> tuple[Meeting, ...]:
        return tuple(map(_meeting_from, texts))


class BanAttribute(_ListOfTexts[Ban]):
    """A ban: one attribute, so that one condition compares all of it."""

    def texts_of(self, value: Ban) -> list[str]:
        by = ["person"] if value.by_person else []
        return [value.case, value.reason, repr(value.since), repr(value.until), *by]

    def value_of(self, texts: list[str]) -> Ban:
        case, reason, since, until, *by = texts
        return Ban(case, reason, float(since), float(until), by_person=bool(by))


class WarningAttribute(_ListOfTexts[GivenWarning]):
    """A warning that was not read yet."""

    def texts_of(self, value: GivenWarning) -> list[str]:
        return [value.case, value.reason, repr(value.since), repr(value.until)]

    def value_of(self, texts: list[str]) -> GivenWarning:
        case, reason, since, until = texts
        return GivenWarning(case, reason, float(since), float(until))


def _meeting_from(text: str) -> Meeting:
    name, _, rest = text.rpartition("@")
    ended_at, _, network = rest.partition("~")
    return Meeting(name, float(ended_at), network)
