"""DynamoDB's expression language: conditions, key conditions, updates, projections.

A recursive-descent parser of the published grammar (developer guide, "Condition and filter expressions, operators, and
functions" and "Update expressions"). Parsing is cached by text, because the same few expressions come thousands of
times.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from infra.local.dynamodb.expressions import (
    FUNCTIONS,
    Action,
    Arithmetic,
    Between,
    Both,
    Call,
    Comparison,
    Either,
    In,
    Literal,
    Not,
    Part,
    Path,
)
from infra.local.dynamodb.values import invalid

TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+\-.\[\]]|[:#]?\w+)")
END = ""


class Parser:
    """The grammar, one method a rule."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.position = text, list(tokenise(text)), 0

    @property
    def next(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else END

    def take(self, *expected: str) -> str:
        token = self.next
        if expected and token.upper() not in expected:
            raise invalid(f"Syntax error; token: {token!r}, near: {self.text!r}")
        self.position += 1
        return token

    def taken(self, *expected: str) -> bool:
        if self.next.upper() in expected:
            self.position += 1
            return True
        return False

    def finish(self) -> None:
        if self.next is not END:
            raise invalid(f"Syntax error; token: {self.next!r}, near: {self.text!r}")

    def condition(self) -> Any:
        node = self.conjunction()
        while self.taken("OR"):
            node = Either(node, self.conjunction())
        return node

    def conjunction(self) -> Any:
        node = self.negation()
        while self.taken("AND"):
            node = Both(node, self.negation())
        return node

    def negation(self) -> Any:
        return Not(self.negation()) if self.taken("NOT") else self.primary()

    def primary(self) -> Any:
        if self.taken("("):
            node = self.condition()
            self.take(")")
            return node
        operand = self.operand()
        if isinstance(operand, Call) and operand.name != "size":
            return operand
        operator = self.take("=", "<>", "<", "<=", ">", ">=", "BETWEEN", "IN").upper()
        if operator == "BETWEEN":
            low = self.operand()
            self.take("AND")
            return Between(operand, low, self.operand())
        return In(operand, self.arguments()) if operator == "IN" else Comparison(operator, operand, self.operand())

    def operand(self) -> Any:
        token = self.next
        if token.startswith(":"):
            return Literal(self.take())
        if token in FUNCTIONS:
            return Call(self.take(), self.arguments())
        return self.path()

    def arguments(self) -> tuple[Any, ...]:
        self.take("(")
        operands = [self.operand()]
        while self.taken(","):
            operands.append(self.operand())
        self.take(")")
        return tuple(operands)

    def path(self) -> Path:
        parts: list[Part] = [self.name()]
        while self.next in (".", "["):
            if self.taken("."):
                parts.append(self.name())
            else:
                self.take("[")
                parts.append(int(self.take()))
                self.take("]")
        return Path(tuple(parts))

    def name(self) -> str:
        token = self.take()
        if not re.fullmatch(r"#?\w+", token):
            raise invalid(f"Syntax error; token: {token!r}, near: {self.text!r}")
        return token

    def update(self) -> tuple[Action, ...]:
        actions: list[Action] = []
        while self.next:
            verb = self.take("SET", "REMOVE", "ADD", "DELETE").upper()
            actions.append(self.action(verb))
            while self.taken(","):
                actions.append(self.action(verb))
        return tuple(actions)

    def action(self, verb: str) -> Action:
        path = self.path()
        if verb == "REMOVE":
            return Action(verb, path)
        if verb != "SET":
            return Action(verb, path, Literal(self.take()))
        self.take("=")
        return Action(verb, path, self.assigned())

    def assigned(self) -> Any:
        operand = self.assigned_operand()
        return Arithmetic(self.take(), operand, self.assigned_operand()) if self.next in ("+", "-") else operand

    def assigned_operand(self) -> Any:
        if self.next not in ("if_not_exists", "list_append"):
            return Literal(self.take()) if self.next.startswith(":") else self.path()
        operator = self.take()
        self.take("(")
        left = self.assigned_operand()
        self.take(",")
        right = self.assigned_operand()
        self.take(")")
        return Arithmetic(operator, left, right)


def tokenise(text: str) -> list[str]:
    """Split an expression into its tokens; any other character is refused."""
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise invalid(f"Invalid expression: {text!r}")
        tokens.append(match[1])
        position = match.end()
    return tokens


@cache
def parse_condition(text: str) -> Any:
    parser = Parser(text)
    node = parser.condition()
    parser.finish()
    return node


@cache
def parse_update(text: str) -> tuple[Action, ...]:
    parser = Parser(text)
    actions = parser.update()
    parser.finish()
    return actions


@cache
def parse_projection(text: str) -> tuple[Path, ...]:
    parser = Parser(text)
    paths = [parser.path()]
    while parser.taken(","):
        paths.append(parser.path())
    parser.finish()
    return tuple(paths)
