"""The two languages that CloudWatch reads and no emulator knows, as grammars of what AWS's references say of them.

Logs Insights: "CloudWatch Logs Insights language query syntax" with its pages `fields`, `filter`, `stats`, `sort`,
`limit` and "Boolean, comparison, numeric, datetime, and other functions". Metric math: "Using math expressions with
CloudWatch metrics". Only what is written there is taken: what is used and not listed here is to be looked up first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

TOKEN = re.compile(
    r"""\s*(?:(?P<comment>\#[^\n]*)|(?P<text>"[^"\\\n]*")|(?P<pattern>/[^/\n]+/)|(?P<duration>\d+[smhdw]\b)
    |(?P<number>\d+(?:\.\d+)?)|(?P<name>@?[A-Za-z_][\w.]*)|(?P<mark><=|>=|!=|[-+*/^%=<>()\[\],|]))""",
    re.VERBOSE,
)


class LanguageError(ValueError):
    """Where a text is none of its language."""


@dataclass(frozen=True)
class Token:
    """A word, and of which kind."""

    kind: str
    text: str


def tokens(text: str, *, patterns: bool) -> Iterator[Token]:
    """Yield the words of a text; comments are none. `patterns`: a slash may begin a regular expression."""
    at, text = 0, text.rstrip()
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None or (found["pattern"] and not patterns):
            found = re.compile(r"\s*(?P<mark>/)").match(text, at)
        if found is None:
            raise LanguageError(f"{text[at : at + 20]!r} is no word")
        at = found.end()
        kind = str(found.lastgroup)
        if kind != "comment":
            yield Token(kind, str(found[kind]))


class Reader:
    """Reads words one after another; `is_next` looks, `take` demands."""

    def __init__(self, words: Iterator[Token]) -> None:
        self.words = [*words, Token("end", "the end")]
        self.at = 0

    @property
    def next(self) -> Token:
        return self.words[self.at]

    def is_next(self, *texts: str) -> bool:
        return self.next.kind in {"mark", "name"} and self.next.text in texts

    def take(self, *texts: str, kind: str = "") -> str:
        if (texts and not self.is_next(*texts)) or (kind and self.next.kind != kind):
            raise LanguageError(f"{' or '.join(texts) or kind} is expected, not {self.next.text!r}")
        self.at += 1
        return self.words[self.at - 1].text

    def listed(self, read: Callable[[], object]) -> int:
        """Read one or more, separated by commas, and return how many."""
        read()
        number = 1
        while self.is_next(","):
            self.take(",")
            read()
            number += 1
        return number


class Insights(Reader):
    """A query of Logs Insights; numbers of arguments by function, `*` of `count` is one."""

    AGGREGATES: Mapping[str, int] = {
        **dict.fromkeys(("avg", "count", "count_distinct", "max", "min", "stddev", "sum", "earliest", "latest"), 1),
        "pct": 2,
    }
    FUNCTIONS: Mapping[str, int] = {
        **dict.fromkeys(("abs", "ceil", "floor", "log", "sqrt", "bin", "ispresent", "isempty", "isblank", "strlen"), 1),
        **dict.fromkeys(("datefloor", "dateceil", "strcontains"), 2),
    }

    def __init__(self, words: Iterator[Token]) -> None:
        super().__init__(words)
        self.asked: set[str] = set()
        self.made: set[str] = set()

    def query(self) -> None:
        self.command()
        while self.next.kind != "end":
            self.take("|")
            self.command()

    def command(self) -> None:
        {"fields": self.fields, "filter": self.condition, "stats": self.stats, "sort": self.sort, "limit": self.limit}[
            self.take("fields", "filter", "stats", "sort", "limit")
        ]()

    def fields(self) -> None:
        self.listed(self.aliased)

    def aliased(self, read: Callable[[], None] | None = None) -> None:
        (read or self.sum)()
        if self.is_next("as"):
            self.take("as")
            self.made.add(self.take(kind="name"))

    def stats(self) -> None:
        self.listed(lambda: self.aliased(self.aggregate))
        if self.is_next("by"):
            self.take("by")
            self.listed(self.aliased)

    def aggregate(self) -> None:
        name = self.take(*self.AGGREGATES)
        self.take("(")
        if name == "count" and self.is_next("*"):
            self.take("*")
        else:
            self._count(name, self.AGGREGATES[name])
        self.take(")")

    def sort(self) -> None:
        self.listed(self._sorted)

    def _sorted(self) -> None:
        self.asked.add(self.take(kind="name"))
        if self.is_next("asc", "desc"):
            self.take()

    def limit(self) -> None:
        if not 1 <= int(self.take(kind="number")) <= 10_000:
            raise LanguageError("limit is from 1 to 10,000")

    def condition(self) -> None:
        """`or` binds least, then `and`, then `not`."""
        self._joined("or", lambda: self._joined("and", self._negated))

    def _joined(self, word: str, read: Callable[[], None]) -> None:
        read()
        while self.is_next(word):
            self.take(word)
            read()

    def _negated(self) -> None:
        if self.is_next("not"):
            self.take("not")
        self.comparison()

    def comparison(self) -> None:
        """A field on the left: that is how every example of the reference has it."""
        if self.is_next("("):
            self.take("(")
            self.condition()
            self.take(")")
            return
        if self.next.kind == "text":
            raise LanguageError("a field stands on the left of a comparison")
        self.sum()
        if self.is_next("like"):
            self.take("like")
            self.take(kind="pattern" if self.next.kind == "pattern" else "text")
        elif self.is_next("in"):
            self.take("in")
            self.take("[")
            self.listed(self._constant)
            self.take("]")
        elif self.is_next("=", "!=", "<", "<=", ">", ">="):
            self.take()
            self.sum()

    def _constant(self) -> None:
        self.take(kind="number" if self.next.kind == "number" else "text")

    def sum(self) -> None:
        self._operand()
        while self.is_next("+", "-", "*", "/", "^", "%"):
            self.take()
            self._operand()

    def _operand(self) -> None:
        if self.next.kind in {"text", "number", "duration"}:
            self.take()
            return
        name = self.take(kind="name")
        if self.is_next("("):
            if name not in self.FUNCTIONS:
                raise LanguageError(f"{name} is no function of Logs Insights")
            self.take("(")
            self._count(name, self.FUNCTIONS[name])
            self.take(")")
        else:
            self.asked.add(name)

    def _count(self, name: str, wanted: int) -> None:
        if self.listed(self.comparison) != wanted:
            raise LanguageError(f"{name} takes {wanted} arguments")


class Math(Reader):
    """A metric math expression over the ids of other metrics; functions with their least and most arguments."""

    FUNCTIONS: Mapping[str, tuple[int, int]] = {
        "FILL": (2, 2),
        "IF": (2, 3),
        "MAX": (1, 1),
        "MIN": (1, 1),
        "SUM": (1, 1),
        "RATE": (1, 1),
        "PERIOD": (1, 1),
    }
    COMPARED = ("<", "<=", ">", ">=", "!=", "=")

    def __init__(self, words: Iterator[Token], ids: frozenset[str]) -> None:
        super().__init__(words)
        self.ids = ids
        self.used: set[str] = set()

    def expression(self) -> None:
        self.sum()
        if self.is_next(*self.COMPARED):
            self.take()
            if self.is_next("="):
                self.take("=")
            self.sum()

    def sum(self) -> None:
        self._operand()
        while self.is_next("+", "-", "*", "/", "^"):
            self.take()
            self._operand()

    def _operand(self) -> None:
        if self.is_next("("):
            self.take("(")
            self.expression()
            self.take(")")
        elif self.next.kind == "number":
            self.take()
        elif self.next.text in self.FUNCTIONS:
            least, most = self.FUNCTIONS[self.take()]
            self.take("(")
            if not least <= self.listed(self.expression) <= most:
                raise LanguageError("a function has other arguments")
            self.take(")")
        else:
            name = self.take(kind="name")
            if name not in self.ids:
                raise LanguageError(f"{name} is no id of a metric here")
            self.used.add(name)


# Docs: "MetricDataQuery", Id: a lower-case letter first, then letters, digits and underscores.
ID = re.compile(r"[a-z][A-Za-z0-9_]{0,254}")


def fields_of(text: str) -> set[str]:
    """Return the fields that a query asks for and does not make; raises `LanguageError` for a text that is no query."""
    reader = Insights(tokens(text, patterns=True))
    reader.query()
    return reader.asked - reader.made


def check_expression(text: str, ids: frozenset[str]) -> None:
    """Raise `LanguageError` for a text that is no expression over these ids, or leaves one of them out."""
    if wrong := [each for each in ids if not ID.fullmatch(each)]:
        raise LanguageError(f"{wrong} cannot be ids")
    reader = Math(tokens(text, patterns=False), ids)
    reader.expression()
    if reader.next.kind != "end":
        raise LanguageError(f"{reader.next.text!r} comes after the end")
    if reader.used != ids:
        raise LanguageError(f"{ids - reader.used} are fetched and not used")
