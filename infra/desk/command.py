"""`make desk`: arguments in, the address of the desk out."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from infra.desk import demo, guard, server
from infra.desk.desk import Desk
from infra.local import stopping
from infra.local.database import DatabaseError
from infra.local.server import listen
from infra.operator import office
from infra.operator.evidence_key import add_key_option
from infra.operator.office import OUTSIDE_ERRORS, Office, OperatorError, sentence_of

DESCRIPTION = """\
Open the operator's desk: a page on this machine only, which decides cases with your own AWS credentials.
Give its address to nobody: a person who has it acts as you, as long as this runs. Ctrl-C stops it.
"""
MEMORY = Path(".cache") / "desk"  # what this machine has seen of each table's log
DEMO_CASES = 60
DEMO_NAME = "olga"


def run(arguments: Sequence[str]) -> int:
    """Serve the desk until it is told to stop; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        with _desk(options) as desk:
            asyncio.run(_serve(desk, options.port))
    except (OperatorError, DatabaseError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except OUTSIDE_ERRORS as problem:
        sys.stderr.write(f"{sentence_of(problem)}\n")
        return 1
    return 0


@contextmanager
def _desk(options: argparse.Namespace) -> Iterator[Desk]:
    if options.demo is not None:
        with demo.furnished(options.demo, options.who or DEMO_NAME) as desk:
            yield desk
        return
    opened = Office.open(options)
    place = opened.stack_name or opened.table_name
    with tempfile.TemporaryDirectory() as folder:
        # A local database is another one each time, under the same name.
        memory = Path(folder) if opened.is_local else MEMORY
        yield Desk(opened, place, options.key, memory / f"{opened.table_name}.json")


async def _serve(desk: Desk, port: int) -> None:
    with stopping.told() as stopped:
        try:
            listener = listen(server.HOST, port)
        except OSError as problem:
            raise OperatorError(f"Port {port} cannot be had: {problem.strerror}; --port names another.") from None
        own = guard.Own(listener.getsockname()[1], guard.new_token())
        runner = web.AppRunner(server.application(desk, own), access_log=None)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        sys.stdout.write(f"The desk of {desk.office.who} is at {own.url} (Ctrl-C stops it).\n")
        sys.stdout.flush()
        await stopped.wait()
        await runner.cleanup()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.desk", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="where to listen (default: any free port)")
    add_key_option(parser)
    parser.add_argument(
        "--demo", type=int, nargs="?", const=DEMO_CASES, metavar="CASES", help="a database of its own with such cases"
    )
    office.add_options(parser)
    return parser
