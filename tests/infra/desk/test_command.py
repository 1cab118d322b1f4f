"""The command says in one sentence what is wrong."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from infra.desk.command import _desk, _parser, run

REPOSITORY = Path(__file__).parents[3]
SECONDS_MAX = 30.0


def test_without_a_gateway_the_desk_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert run(["--local", str(port)]) == 1

    assert "make run" in capsys.readouterr().err


def test_another_database_needs_the_name_of_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--endpoint", "http://127.0.0.1:1"]) == 1

    assert "--table" in capsys.readouterr().err


def test_the_memory_of_a_local_log_is_forgotten_with_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one has the same name, and another log, which nobody has edited."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    where = ["--endpoint", "http://127.0.0.1:1", "--table", "passerby", "--who", "olga"]
    with _desk(_parser().parse_args(where)) as desk:
        kept = desk.memory.parent
        assert kept.is_dir()
        assert kept.resolve() != Path(".cache/desk").resolve()

    assert not kept.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["infra/desk/command", "infra/desk/server", ""])
def test_a_signal_ends_the_desk_without_a_traceback(number: int, moment: str) -> None:
    """While its libraries are imported, of which `-v` tells, and once it serves."""
    with subprocess.Popen(
        [sys.executable, *(["-v"] if moment else []), "-m", "infra.desk", "--demo", "1"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        source = process.stderr if moment else process.stdout
        assert source is not None
        while (line := source.readline()) and (moment or "The desk of olga") not in line:
            pass
        if not moment:
            _assert_only_this_machine_is_answered(line)
        process.send_signal(number)
        _, errors = process.communicate(timeout=SECONDS_MAX)

    assert line != ""
    assert process.returncode == 0
    assert "Traceback" not in errors


def _assert_only_this_machine_is_answered(line: str) -> None:
    """Knock at another address of the machine, which a desk that listens to the network would hear as well."""
    port = int(line.partition("http://127.0.0.1:")[2].partition("/")[0])
    socket.create_connection(("127.0.0.1", port), SECONDS_MAX).close()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", port), SECONDS_MAX)
