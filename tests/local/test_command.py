"""`python -m infra.local` from outside: one line when ready, a clean end, one sentence for each trouble."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import ClientSession

from infra.local import __main__ as entry
from infra.local import command
from infra.options.context import OptionError
from infra.page.dress import Dress
from tests.local.test_database import _children
from tests.local.world import close_code

REPOSITORY = Path(__file__).parents[2]
SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 10.0  # it takes at most 2.5 s on a machine of its own


@contextmanager
def gateway(*arguments: str, python: tuple[str, ...] = (), limit: int | None = None, **environment: str):
    """Start the command on a free port, with at most `limit` descriptors if it is given, and yield the process.

    The shell starts no process of its own before it becomes the command, so a child seen is the command's child.
    """
    limits = f"ulimit -n {limit}; " if limit else ""
    process = subprocess.Popen(
        ["bash", "-c", f'{limits}exec "$@"', "-", sys.executable, *python, "-m", "infra.local", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "PORT": "0", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def port_said(line: str) -> int:
    """Return the port in the line that says where the page is."""
    found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
    assert found is not None, line
    return int(found[1])


def trouble(*arguments: str, **options) -> tuple[int, str]:
    """Return the exit code and the sentence of a command that cannot run."""
    with gateway(*arguments, **options) as process:
        output, errors = process.communicate(timeout=SECONDS_MAX)

    assert output == ""
    assert "Traceback" not in errors
    return process.returncode, errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_where_it_is_serves_and_stops_cleanly(number):
    """One line with the address, then page and socket; a signal ends it within seconds with nothing left.

    Ctrl-C reaches the whole process group of a terminal; there is nobody else in it.
    """
    with gateway() as process:
        line = await asyncio.to_thread(process.stdout.readline)
        url = f"http://127.0.0.1:{port_said(line)}"
        async with ClientSession() as session:
            async with session.get(f"{url}/config.json") as answer:
                address = (await answer.json())["websocketUrl"]
            socket = await session.ws_connect(address)
            assert _children(process.pid) == set()
            begun = time.monotonic()
            os.killpg(process.pid, number)
            assert await close_code(socket) == 1012
            output, errors = await asyncio.to_thread(process.communicate, timeout=SECONDS_MAX)

    assert (process.returncode, errors) == (0, "")
    assert time.monotonic() - begun < STOP_SECONDS_MAX
    assert output.splitlines() == ["Stopped."]


def test_a_signal_before_it_is_ready_ends_it_too():
    """Ctrl-C during the start is no failure and shows no traceback."""
    with gateway(python=("-v",)) as process:
        while "functions/handlers/join" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=SECONDS_MAX)

    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_taken_port_is_a_sentence():
    """It names the port and what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert (1, f"Port {port} is taken by another program; choose a free one with --port or PORT.\n") == trouble(
            "--port", str(port)
        )


def test_a_port_that_is_no_number_is_a_sentence():
    """The usage says what was wrong, as for any wrong argument."""
    code, errors = trouble(PORT="eighty")

    assert code == 2
    assert errors.endswith("argument --port: 'eighty' is no port: a number from 0 to 65535\n")


def test_a_table_that_cannot_be_created_is_a_sentence():
    """A broken definition ends the start before anybody can connect."""
    code, errors = trouble(TABLE_NAME="!")

    assert code == 1
    assert errors.startswith("The table ! of functions/chat/storage cannot be created")
    assert errors.count("\n") == 1


def test_a_database_that_is_not_there_is_a_sentence():
    """DYNAMODB_URL puts another in place of the built-in one; that one has to answer."""
    code, errors = trouble(DYNAMODB_URL="http://127.0.0.1:9")

    assert code == 1
    assert "cannot be created at http://127.0.0.1:9" in errors
    assert errors.count("\n") == 1


def test_a_missing_package_is_a_sentence():
    """Without the locked environment the command names the package and what installs it."""
    code, errors = trouble(python=("-S",))

    assert code == 1
    assert re.fullmatch(r"The Python package \w+ is missing; `make run` installs what is needed\.\n", errors)


def test_an_old_python_is_a_sentence(monkeypatch, capsys):
    """The version is looked at before anything is imported that it could not read."""
    monkeypatch.setattr(entry, "stopping", SimpleNamespace(end_at_once=lambda: None))  # not of the tests' own process
    monkeypatch.setattr(entry, "sys", SimpleNamespace(version_info=(3, 9, 1, "final", 0), stderr=sys.stderr))

    assert entry.main() == 1
    assert capsys.readouterr().err == "Passerby needs Python 3.11 or newer; this is Python 3.9.1.\n"


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("nonsense=1", "there is no fault 'nonsense'"),
        ("lose_disconnect=50", "a chance lies between 0 and 1"),
        ("lose_disconnect=often", "could not convert string to float: 'often'"),
    ],
)
def test_a_fault_that_does_not_exist_is_a_sentence(fault, sentence, capsys):
    """A developer who tests with faults must not test without them by a slip of the pen."""
    with pytest.raises(SystemExit) as ended:
        command.run(["--fault", fault])

    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_help_teaches():
    """It explains what runs, every option, the environment and the faults."""
    with gateway("--help") as process:
        output, _ = process.communicate(timeout=SECONDS_MAX)

    assert process.returncode == 0
    for word in ("Ctrl-C", "--port", "--host", "--verbose", "--fault", "lose_disconnect", "DYNAMODB_URL", "PORT"):
        assert word in output


@pytest.mark.parametrize("milliseconds", [0, 100, 200, 400, 800])
def test_ctrl_c_while_libraries_are_imported_shows_nothing(milliseconds):
    """From the first of them on, of which `-v` tells."""
    with gateway(python=("-v",)) as process:
        while "infra/local/command" not in process.stderr.readline():
            pass
        after = threading.Thread(target=lambda: errors.extend(process.stderr))
        errors: list[str] = []
        after.start()
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS_MAX)
        after.join()

    assert process.returncode == 0
    assert [line for line in errors if "Traceback" in line or "KeyboardInterrupt" in line] == []


def test_used_up_descriptors_are_said_once_and_newcomers_come_when_others_have_left():
    """Not a traceback for each of them, a thousand times a second."""
    with gateway(limit=200) as process:
        port = port_said(process.stdout.readline())
        sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(250)]
        said = process.stdout.readline()
        time.sleep(2.5)  # in which the event loop tries twice more
        for each in sockets:
            each.close()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/config.json", timeout=SECONDS_MAX) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=SECONDS_MAX)

    assert said.startswith("Too many open files: newcomers wait until others have left")
    assert (output, errors) == ("Stopped.\n", "")


def test_a_brand_that_cannot_be_read_is_a_sentence():
    """Of a site's file that is not there, or of a colour; the start ends before anybody can connect."""
    with gateway("--site", "nowhere") as process:
        _, errors = process.communicate(timeout=SECONDS_MAX)

    assert process.returncode == 1
    assert errors.startswith("SITE=nowhere needs the file sites/nowhere.json.")
    assert errors.count("\n") == 1


def test_without_a_brand_the_page_is_the_products():
    """As cdk.json and the example of a site come."""
    assert command.dress_of("") == Dress()
    assert command.dress_of("example") == Dress()


def test_a_site_that_is_not_there_is_one_sentence():
    """The command says it and ends."""
    with pytest.raises(OptionError, match=r"^SITE=nowhere needs the file sites/nowhere\.json\."):
        command.dress_of("nowhere")
