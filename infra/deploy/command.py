"""`python -m infra.deploy COMMAND`: what `make deploy`, `diff`, `destroy`, `synth` and `bootstrap` run.

The CDK's command line does the work; before it, what is missing is said in words, and after it, what to do next.
Arguments that are not ours go to the command line as they are, for instance `-c queue_shards=4`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import boto3

from infra.deploy import prerequisites
from infra.options.context import OptionError, read
from infra.options.options import Options
from infra.tools import node

ROOT = Path(__file__).parents[2]
OUTPUTS = ROOT / "build" / "outputs.json"

# Our own stacks: what the operator approves is in `make diff`, and a deployment must not wait for a keyboard.
DEPLOY = ("deploy", "--all", "--require-approval", "never")
EVERYTHING = {"diff": ("diff",), "destroy": ("destroy", "--all"), "synth": ("synth", "--quiet")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(
        allow_abbrev=False, prog="python -m infra.deploy", description=__doc__, epilog="See docs/deploying.md."
    )
    # The command line has an --output of its own, which is no abbreviation of ours.
    parser.add_argument("command", choices=["bootstrap", "deploy", "diff", "destroy", "synth"])
    parser.add_argument("--outputs", type=Path, default=OUTPUTS, help="where the addresses are written")
    ours, rest = parser.parse_known_args(arguments)
    try:
        options = read(_context(rest))
        node.install()
        return _run(ours.command, options, rest, ours.outputs)
    except (OptionError, node.ToolsMissing, prerequisites.NotReadyError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


def _run(command: str, options: Options, rest: list[str], outputs: Path) -> int:
    if command == "synth":
        return _cdk(*EVERYTHING["synth"], *rest)
    session = boto3.Session()
    account = prerequisites.account(session.client)
    if command == "bootstrap":
        return _cdk("bootstrap", f"aws://{account}/{session.region_name}", *rest, folder=node.TOOLS)
    if command == "destroy":
        return _cdk(*EVERYTHING["destroy"], *rest) or _remove_the_rest(session, options)
    prerequisites.check(session.client, str(session.region_name), options)
    if command == "diff":
        return _cdk(*EVERYTHING["diff"], *rest)
    for warning in prerequisites.warnings(session.client):
        sys.stderr.write(f"{warning}\n")
    outputs.parent.mkdir(parents=True, exist_ok=True)
    return _cdk(*DEPLOY, "--outputs-file", str(outputs), *rest) or _say_where(options, outputs)


def _say_where(options: Options, outputs: Path) -> int:
    found = json.loads(outputs.read_text())[options.stack_name]
    sys.stdout.write(
        f"\nYour site is at {found['Url']}\n"
        f"Check it with: make conformance URL={found['WebsocketUrl']} ARGS='--origin {found['Url']}'\n"
    )
    return 0


def _remove_the_rest(session: Any, options: Options) -> int:
    """Remove what CloudFormation cannot make and so cannot remove, or say what stays and why."""
    names = [options.identity_parameter, options.turn_secret_parameter]
    if options.removal_policy == "destroy":
        session.client("ssm").delete_parameters(Names=names)
        return 0
    sys.stdout.write(
        "\nThe table stays (bans and reports are in it), and so do the keys that it is read with: the encrypted "
        f"parameter {names[0]}. With removal_policy = destroy they would go, too.\n"
    )
    return 0


def _context(arguments: list[str]) -> dict[str, object]:
    """Return the context that the command line will make of cdk.json and its `-c` arguments."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-c", "--context", action="append", default=[])
    given, _ = parser.parse_known_args(arguments)
    context: dict[str, object] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return {**context, **dict(pair.partition("=")[::2] for pair in given.context)}


def _cdk(*arguments: str, folder: Path = ROOT) -> int:
    """Run the CDK's command line; a folder without cdk.json is for commands that need no app."""
    command = [node.executable(), str(node.CDK), *arguments]
    environment = {**os.environ, "PATH": node.search_path()}
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode  # noqa: S603 - our own tool
