"""The command line of the local gateway: arguments in, one plain sentence out when something is wrong."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import fields
from pathlib import Path
from typing import Any

from functions.chat.aws import clients
from functions.routes import Handler
from infra.local import database, environment, stopping
from infra.local.core.bucket import BUCKET_PATH
from infra.local.core.counters import Counters
from infra.local.core.delay_queue import QUEUE_PATH
from infra.local.core.faults import Faults
from infra.local.core.settings import PAGE, REPOSITORY, Settings
from infra.local.database import DatabaseError
from infra.local.dynamodb.service import DYNAMODB_PATH, DynamoDB
from infra.local.environment import HandlerError
from infra.local.figures.console import Console, route_library_logs
from infra.local.figures.figures import Figures
from infra.local.figures.logs import LogSink
from infra.local.server import Server, listen
from infra.options.context import OptionError, read
from infra.options.site_file import context_of
from infra.page import dress
from infra.page.brand import BrandError

DESCRIPTION = """\
Run Passerby on this machine: the page, its WebSocket at /ws, the handlers and a database in memory.
Open the address in two windows to meet yourself. Ctrl-C stops everything.
"""
EPILOG = """\
Environment:
  PORT           the default of --port
  DYNAMODB_URL   another DynamoDB in place of the built-in one, for instance http://127.0.0.1:8000; its table is kept
  TABLE_NAME     the table (default: passerby)
  ONLINE_THRESHOLD   from so many people on the page says how many are here (default: 2; 0: never)
  QUEUE_SHARDS, ALLOWED_ORIGINS, LOG_LEVEL ... are read by the functions, as on AWS

Live figures: /_local in a browser, /_local.json for programs
"""
HOSTS = ("127.0.0.1", "0.0.0.0")  # noqa: S104 - a choice; the handlers reach the gateway through loopback in both
OPEN_FILES_MIN = 8192  # a socket for each client; many systems begin with 256 or 1,024
# Threads hand Python's lock over after this. A tenth of the default: the event loop waits less behind busy handlers.
SWITCH_SECONDS = 0.0005

PORT_SENTENCES = {
    errno.EADDRINUSE: "Port {port} is taken by another program; choose a free one with --port or PORT.",
    errno.EACCES: "Port {port} needs more rights than you have; choose one above 1023 with --port or PORT.",
}


class PortError(Exception):
    """The port cannot be had; the message is a sentence."""


def run(arguments: Sequence[str]) -> int:
    """Run the gateway until it is told to stop; return the exit code."""
    options = _parse(arguments)
    log = LogSink(echo=sys.stdout if options.verbose else None)
    console = Console(sys.stdout, log)
    try:
        with redirect_stdout(log):
            _serve(options, console, log)
    except (PortError, DatabaseError, HandlerError, OptionError, BrandError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _serve(options: argparse.Namespace, console: Console, log: LogSink) -> None:
    _raise_open_files()
    sys.setswitchinterval(SWITCH_SECONDS)
    route_library_logs(log, sys.stderr)
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(options.host, options.port))
        port = listener.getsockname()[1]
        settings = Settings(
            host=options.host,
            port=port,
            site=options.page,
            dress=dress_of(options.site),
            faults=options.faults,
            connection_seconds_max=options.faults.connection_seconds_max,
        )
        own_url = os.environ.get("DYNAMODB_URL")
        own = f"http://127.0.0.1:{port}"
        variables = environment.for_functions(
            own_url or f"{own}{DYNAMODB_PATH}",
            f"{own}/{settings.stage}",
            f"{own}{QUEUE_PATH}",
            f"{own}{BUCKET_PATH}",
            keep_credentials=own_url is not None,
        )
        stack.enter_context(environment.applied(variables))
        table = None if own_url else DynamoDB()
        if table is not None:
            table.lead(clients.dynamodb())
        database.create_table(clients.dynamodb(), variables["TABLE_NAME"])
        figures = Figures(log)
        handlers = figures.ledger.timed(environment.with_resting_clock(environment.load_handlers()))
        for client in (clients.dynamodb(), clients.queues()):
            figures.ledger.watch(client)
        asyncio.run(_serve_until_stopped(settings, handlers, listener, console, figures, table))


def dress_of(site: str) -> dress.Dress:
    """Return what the page wears: the brand of cdk.json, or of a site's file; raise where that cannot be."""
    options = read({"brand": context_of(REPOSITORY, site).get("brand")})
    return dress.make(options.brand, PAGE, REPOSITORY)


async def _serve_until_stopped(
    settings: Settings,
    handlers: Mapping[str, Handler],
    listener: socket.socket,
    console: Console,
    figures: Figures | None,
    table: DynamoDB | None,
) -> None:
    """Serve until a signal comes."""
    with stopping.told() as stopped:
        asyncio.get_running_loop().set_exception_handler(console.report_trouble)
        server = Server(settings, handlers, console.report_failure, Counters(), figures, table)
        await server.start(listener)
        server.shorten(clients.management())
        console.say(f"Passerby is at http://127.0.0.1:{settings.port} (Ctrl-C stops it).")
        await stopped.wait()
        console.expect_the_end()
        await server.stop()
        console.say("Stopped.")


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as problem:
        sentence = PORT_SENTENCES.get(problem.errno or 0, "Port {port} cannot be used: {problem}.")
        raise PortError(sentence.format(port=port, problem=problem.strerror)) from problem


def _raise_open_files() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, which has no such limit
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES_MIN if hard == resource.RLIM_INFINITY else min(OPEN_FILES_MIN, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    port = os.environ.get("PORT") or "8080"
    parser.add_argument("--port", type=_port, default=port, help="where to listen, 0 for any free port (default: 8080)")
    parser.add_argument(
        "--host", choices=HOSTS, default=HOSTS[0], help=f"{HOSTS[1]} lets other machines in (default: {HOSTS[0]})"
    )
    parser.add_argument("--site", default="", help="whose brand the page has: its file of options in sites/")
    parser.add_argument("--page", type=Path, default=PAGE, help="the folder of the page, as one of build/bundle")
    parser.add_argument("--verbose", action="store_true", help="show what the functions and the database log")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="let things go wrong, for tests; may be given several times. NAME: "
        + ", ".join(item.name for item in fields(Faults)),
    )
    options = parser.parse_args(arguments)
    try:
        options.faults = _faults(options.fault)
    except ValueError as problem:
        parser.error(f"argument --fault: {problem}")
    return options


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535")
    return int(text)


def _faults(assignments: Sequence[str]) -> Faults:
    names = {item.name for item in fields(Faults)}
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        if name not in names:
            raise ValueError(f"there is no fault {name!r}")
        values[name] = int(value) if name == "seed" else float(value)
    return Faults(**values)
