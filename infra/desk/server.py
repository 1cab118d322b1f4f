"""The desk's server: on loopback only, for one page; it answers nobody who was not given its address."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web

from infra.desk import guard
from infra.desk.desk import ASKED, DONE, Desk
from infra.desk.guard import Own
from infra.operator.office import OUTSIDE_ERRORS, OperatorError, sentence_of

HOST = "127.0.0.1"
BODY_BYTES_MAX = 10_000  # a decision is a hundred bytes, and a notice in ten languages a few thousand
FOLDER = Path(__file__).parent / "page"
FRONTEND = Path(__file__).parents[2] / "frontend"
# Files that the desk shares with the visitors' page: its colours, its controls, and the rules that people read.
SHARED = ("styles/colors.css", "styles/base.css", "images/icon.svg", "sentences.js", "view/rules.js")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(desk: Desk, own: Own) -> web.Application:
    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        reason = guard.refusal(own, request.method, request.path, headers)
        if reason is not None:
            return web.Response(status=HTTPStatus.FORBIDDEN, text=f"Refused: {reason}.\n", headers=guard.HEADERS)
        try:
            response = await handler(request)
        except web.HTTPException as problem:
            response = web.Response(status=problem.status, text=f"{problem.reason}\n")
        response.headers.update(guard.HEADERS)
        return response

    app = web.Application(middlewares=[guarded], client_max_size=BODY_BYTES_MAX)
    root = f"/{own.token}"
    for name, ask in ASKED.items():
        app.router.add_get(f"{root}/api/{name}", partial(_answer_asked, desk, ask))
    for name, do in DONE.items():
        app.router.add_post(f"{root}/api/{name}", partial(_answer_done, desk, do))
    for name, path in files().items():
        app.router.add_get(f"{root}/{name}", partial(_send, path))
    app.router.add_get(f"{root}/", partial(_send, FOLDER / "index.html"))
    return app


def files() -> dict[str, Path]:
    """Return the files of the page, by the names at which it finds them."""
    own = {path.name: path for path in FOLDER.iterdir()}
    words = {f"strings/{path.name}": path for path in (FRONTEND / "strings").glob("*.js")}
    return own | words | {name: FRONTEND / name for name in SHARED}


async def _answer_asked(desk: Desk, ask: Callable[..., dict[str, Any]], request: web.Request) -> web.Response:
    return await _carry_out(partial(ask, desk, dict(request.query)))


async def _answer_done(desk: Desk, do: Callable[..., dict[str, Any]], request: web.Request) -> web.Response:
    try:
        asked = await request.json()
    except ValueError:
        asked = None
    if not isinstance(asked, dict) or request.content_type != "application/json":
        return _json(HTTPStatus.BAD_REQUEST, {"problem": "This is no question of the page."})
    return await _carry_out(partial(do, desk, {str(name): str(value) for name, value in asked.items()}))


async def _carry_out(work: Callable[[], dict[str, Any]]) -> web.Response:
    """Answer in a thread, for AWS takes its time; an error is a sentence."""
    try:
        return _json(HTTPStatus.OK, await asyncio.to_thread(work))
    except OperatorError as problem:
        return _json(HTTPStatus.CONFLICT, {"problem": str(problem)})
    except OUTSIDE_ERRORS as problem:
        return _json(HTTPStatus.BAD_GATEWAY, {"problem": sentence_of(problem)})


def _json(status: HTTPStatus, value: Mapping[str, Any]) -> web.Response:
    return web.Response(status=status, text=json.dumps(value), content_type="application/json")


async def _send(path: Path, _: web.Request) -> web.Response:
    body = await asyncio.to_thread(path.read_bytes)
    return web.Response(body=body, content_type=TYPES[path.suffix], charset="utf-8")
