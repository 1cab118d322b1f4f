"""The functions' entry points as tests call them: each takes a backend in place of the one that AWS Lambda's has."""

from __future__ import annotations

from typing import Any, Protocol, cast

from functions.chat.backend import Backend
from functions.routes import ROUTES, Route

FRAMES: tuple[type[Any], ...] = tuple(route.frame for route in ROUTES if route.frame is not None)


class EntryPoint(Protocol):
    """The functions of a handler's module."""

    def __call__(self, event: dict[str, Any], context: object, /, backend: Backend) -> dict[str, Any]:
        """Handle an event."""
        ...


def entry_point(route: Route) -> EntryPoint:
    """Import a route's handler."""
    return cast("EntryPoint", route.load_handler())
