"""The command line from outside: help that teaches, and one sentence when something is wrong."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import aiohttp
import boto3
import pytest

from functions.chat.storage.table import Busy
from infra.operator import office
from infra.operator.command import run
from tests.gateway import REPOSITORY, Gateway, free_port

COMMANDS = ["cases", "show", "decide", "unwarn", "relist", "numbers", "transparency", "hold", "release", "held",
            "preserve", "ban", "unban", "rotate-keys", "status", "close", "open", "notice"]  # fmt: skip


def operator(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.operator", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)


def test_help_shows_a_days_work_and_every_command():
    """Somebody who never saw it can begin."""
    done = operator("--help")

    assert done.returncode == 0
    assert "A day's work" in done.stdout
    assert [command for command in COMMANDS if command not in done.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    """With --help, and with a complaint about what it does not know."""
    for asked, code in (("--help", 0), ("--nonsense", 2)):
        with pytest.raises(SystemExit) as ended:
            run([command, asked])
        assert ended.value.code == code
    said = capsys.readouterr()
    assert f"usage: python -m infra.operator {command}" in said.out
    assert "error:" in said.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--local", str(free_port()), "status"], "No local gateway answers"),
        (["--endpoint", "http://127.0.0.1:9", "status"], "--endpoint needs --table"),
    ],
)
def test_a_service_that_cannot_be_reached_is_said_in_one_sentence(arguments, sentence):
    """Without a traceback."""
    done = operator(*arguments)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_table_is_asked_three_times_and_ten_seconds_at_most():
    """So that a command on a network that is gone ends within a minute, with a sentence."""
    config = office._client(boto3.Session(), **office.LOCAL).meta.config

    assert (config.connect_timeout, config.read_timeout) == (3, 10)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}


@pytest.mark.parametrize(("problem", "words"), [(Busy(), "the table is busy, try again"), (OSError("no"), "no")])
def test_trouble_outside_always_has_words(problem, words):
    """A busy table says nothing of itself."""
    assert office.sentence_of(problem) == f"AWS did not do it: {words}"


async def _report(url: str) -> str:
    """Let two people meet and one report the other; return the case."""
    async with aiohttp.ClientSession() as http:
        ada, eve = [await http.ws_connect(url) for _ in range(2)]
        for each in (ada, eve):
            await each.send_json({"action": "join", "mode": "text", "interests": ["operators"]})
        async with asyncio.timeout(20):
            while (event := await ada.receive_json())["type"] != "paired":
                pass
            await ada.send_json({"action": "report", "room": event["room"], "reason": "spam", "note": "sells things"})
            while (event := await ada.receive_json())["type"] != "reported":
                pass
        return str(event["case"])


def test_a_report_on_the_local_gateway_is_in_the_list(gateway: Gateway):
    """The whole way: page's frame, handler, table, tool."""
    number = asyncio.run(_report(gateway.websocket_url))
    where = ["--local", str(gateway.port)]

    listed = json.loads(operator(*where, "--json", "cases").stdout)
    assert number in [row["case"] for row in listed]
    assert "sells things" in operator(*where, "show", number).stdout
    assert json.loads(operator(*where, "--json", "status").stdout)["text"] == "open"


def test_the_site_is_the_one_that_is_deployed():
    """The name in cdk.json, or in the site's file: the same words mean the same site to both tools."""
    named = json.loads((REPOSITORY / "cdk.json").read_text())["context"]["stack_name"]

    assert office._stack_of("") == named
    assert office._stack_of("example") == "Passerby-example"
    with pytest.raises(office.OperatorError, match=r"SITE=nowhere needs the file sites/nowhere\.json"):
        office._stack_of("nowhere")
