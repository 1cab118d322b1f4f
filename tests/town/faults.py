"""Rules that were weakened on purpose, each with the goal that has to be missed then.

A goal that no fault can miss says nothing. The rules are the product's own functions; a fault puts another one in the
place of one of them for as long as a scene is played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from tests.town import fortnight, guessing, lies, meetings, offences, stalking
from tests.town.goals import Figures
from tests.town.lies import FRESH, KEPT, Liars

MODEL = "functions.chat.model"


class Fault(NamedTuple):
    """What is put in the place of a rule, and the figure of a scene which shows it: more than `limit`, or less."""

    name: str
    module: str
    rule: str
    instead: Any
    play: Callable[[], Figures]
    figure: str
    more_than: float


FAULTS: tuple[Fault, ...] = ()


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """Play with a weakened rule."""
    owner: Any = import_module(fault.module)
    *path, name = fault.rule.split(".")
    for part in path:
        owner = getattr(owner, part)
    before = owner.__dict__[name]
    setattr(owner, name, fault.instead)
    try:
        yield
    finally:
        setattr(owner, name, before)
