"""The product, rewritten for a while: what would be the wrong order, or a case that is rare otherwise."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType

from tests.simulation.program import forget


@contextmanager
def rewritten(function: Callable[..., object], *changes: tuple[str, str]) -> Iterator[None]:
    """Let a function of the product do something else for a while."""
    assert isinstance(function, FunctionType), "what is written in Python"
    source = textwrap.dedent(inspect.getsource(function))
    for before, after in changes:
        assert source.count(before) == 1, f"{function.__name__} has changed: say here what is to be rewritten now"
        source = source.replace(before, after)
    names: dict[str, FunctionType] = {}
    exec(source, dict(function.__globals__), names)
    code, function.__code__ = function.__code__, names[function.__name__].__code__
    forget()
    try:
        yield
    finally:
        function.__code__ = code
        forget()
