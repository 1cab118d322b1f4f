"""The command says in one sentence what is wrong."""

from __future__ import annotations

import socket

import pytest

from infra.desk.command import run


def test_without_a_gateway_the_desk_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert run(["--local", str(port)]) == 1

    assert "make run" in capsys.readouterr().err


def test_another_database_needs_the_name_of_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--endpoint", "http://127.0.0.1:1"]) == 1

    assert "--table" in capsys.readouterr().err
