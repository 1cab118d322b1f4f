"""`python -m infra.deploy COMMAND`, which `make deploy`, `diff`, `destroy`, `synth` and `bootstrap` run.

The CDK's command line does the work. Before it, a sentence names each missing prerequisite; after it, the next step.
Arguments that are not ours go to the command line as they are, for instance `-c queue_shards=4`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import (
    alarms_on,
    execution_policy,
    pipeline,
    prerequisites,
    preview,
    protection,
    rights,
    rotation,
    smoke,
)
from infra.options.context import OptionError, read
from infra.options.options import EDGE_REGION, Options
from infra.options.site_file import as_arguments, read_site
from infra.papers import command as papers
from infra.papers.questions import PapersError
from infra.tools import account, node

ROOT = Path(__file__).parents[2]
SITES = ROOT / "sites"

# Our own stacks: the operator approves the changes in `make diff`, and a deployment must not wait for a keyboard.
UNASKED = ("--require-approval", "never")
COMMANDS = ("bootstrap", "deploy", "doctor", "smoke", "diff", "destroy", "synth", "rotate-edge-secret", "pipeline")
# A table that was left behind is taken into the stack again where `table_name` is the name of one.
AGREE = "Go on? [y/N] "
NO_PROFILE = "--profile speaks to the CDK alone, and our checks would look elsewhere. Export AWS_PROFILE=… instead."
ADOPT = ("--import-existing-resources",)

Run = Callable[..., int]  # the CDK's command line with the arguments typed for it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(
        allow_abbrev=False, prog="python -m infra.deploy", description=__doc__, epilog="See docs/deploying.md."
    )
    # The command line has an --output of its own, which is no abbreviation of ours.
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--site", default="", help="whose file of options in sites/ is read")
    parser.add_argument(
        "--numbers-seconds", type=float, default=smoke.METRICS_SECONDS_MAX, help="how long numbers are waited for"
    )
    parser.add_argument(
        "--smallest",
        action="store_true",
        help="bootstrap: let CloudFormation make what this site is made of, and no more",
    )
    parser.add_argument("--yes", action="store_true", help="deploy what costs or is replaced without being asked")
    parser.add_argument("--untried", action="store_true", help="do not try the site from outside after deploying it")
    ours, rest = parser.parse_known_args(arguments)
    try:
        if ours.site:
            rest = [*as_arguments(read_site(SITES, ours.site)), *rest]  # what is typed comes last, and wins
        options = read(_context(rest))
        node.install()
        return _run(ours.command, options, rest, ours)
    except (OptionError, node.ToolsMissing, prerequisites.NotReadyError, PapersError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except ClientError as refused:
        if not (words := rights.sentence(refused)):
            raise
        sys.stderr.write(f"{words}\n")
        return 1


def _run(command: str, options: Options, rest: list[str], ours: argparse.Namespace) -> int:
    if command == "synth":
        return _cdk("synth", "--quiet", *rest)
    session = prerequisites.open_session()
    number = prerequisites.account(session.client)
    if command in {"diff", "deploy"}:
        prerequisites.check(session.client, str(session.region_name), options)

    def run(*words: str) -> int:
        return _cdk(*words, *rest, environment=account.for_children(session))

    commands: Mapping[str, Callable[[], int]] = {
        "bootstrap": lambda: _bootstrap(session, options, number, rest, smallest=ours.smallest),
        "pipeline": lambda: _pipeline(session, options, run),
        "doctor": lambda: _examine(session, options, number, ours.site),
        "diff": lambda: preview.say(session, options, run, sys.stdout.write),
        "deploy": lambda: _deploy(session, options, run, ours),
        "smoke": lambda: _try_out(session, options, ours),
        "rotate-edge-secret": lambda: _rotate(session, options),
        "destroy": lambda: _destroy(session, options, run, asks=not {"-f", "--force"} & set(rest)),
    }
    return commands[command]()


def _bootstrap(session: Any, options: Options, number: str, rest: list[str], *, smallest: bool) -> int:
    """Prepare every Region that the site has stacks in; `smallest`: for CloudFormation to make this site, no more."""
    region, environment = str(session.region_name), account.for_children(session)
    prerequisites.check_region(region)
    policies: list[str] = []
    if smallest:
        with tempfile.TemporaryDirectory() as assembly:
            if failed := _cdk("synth", "--quiet", *rest, "--output", assembly, environment=environment):
                return failed
            made = execution_policy.put(session.client("iam"), number, options, Path(assembly))
        policies = ["--cloudformation-execution-policies", ",".join(made)]
    places = (f"aws://{number}/{each}" for each in options.regions(region))
    return _cdk("bootstrap", *places, *policies, *rest, folder=node.TOOLS, environment=environment)


def _pipeline(session: Any, options: Options, run: Run) -> int:
    """Make the role of a pipeline, and say what the workflow has to know."""
    pipeline.make_provider(session.client("iam"), options)
    if failed := run("deploy", options.pipeline_stack_name, "--exclusively", *UNASKED):
        return failed
    role = _outputs(session, options.pipeline_stack_name)["RoleArn"]
    sys.stdout.write(pipeline.SAY.format(role=role, region=session.region_name, repository=options.pipeline_repository))
    return 0


def _rotate(session: Any, options: Options) -> int:
    rotation.rotate(session, options, sys.stdout.write)
    return 0


def _examine(session: Any, options: Options, number: str, site: str) -> int:
    """Say all that a deployment would miss, and change nothing."""
    region = str(session.region_name)
    sys.stdout.write(f"Account {number}, {region}, stack {options.stack_name}:\n")
    problems = [*prerequisites.problems(session.client, region, options), *alarms_on.problems(session, options)]
    today = datetime.now(UTC).date()
    advice = [
        *prerequisites.warnings(session.client, options),
        *rights.warnings(session, options, number),
        *papers.problems(ROOT, site, options, today),
    ]
    for sentence in [*problems, *advice]:
        sys.stdout.write(f"- {sentence}\n")
    sys.stdout.write("Something is missing.\n" if problems else "Ready for `make deploy`.\n")
    return 1 if problems else 0


def _agrees(session: Any, options: Options, run: Run) -> bool:
    """Ask the person at the keyboard before something costs or is lost; a pipeline has agreed by the merge."""
    if not sys.stdin.isatty():
        return True
    lines = preview.weighty(session, options, run)
    return not lines or input("\n".join(["", *lines, AGREE])).strip().lower() in {"y", "yes"}


def _deploy(session: Any, options: Options, run: Run, ours: argparse.Namespace) -> int:
    for problem in alarms_on.problems(session, options):
        raise prerequisites.NotReadyError(problem)
    if not ours.yes and not _agrees(session, options, run):
        sys.stdout.write("Nothing was changed.\n")
        return 1
    for warning in prerequisites.warnings(session.client, options):
        sys.stderr.write(f"{warning}\n")
    cloudformation = session.client("cloudformation")
    protection.set_policy(cloudformation, options)
    adopting = ADOPT if options.table_name else ()
    done = run("deploy", options.stack_name, *UNASKED, *adopting)
    protection.set_policy(cloudformation, options)  # of a stack that was not there before
    if done:
        return done
    if not options.waf_requests_per_5_minutes:
        _remove_edge(session, options)
    failed = not ours.untried and _try_out(session, options, ours)
    return 1 if failed else _say_where(session, options)


def _try_out(session: Any, options: Options, ours: argparse.Namespace) -> int:
    """Try the site from outside, and say how it went."""
    found = _outputs(session, options.stack_name)
    sys.stdout.write(f"\nTrying {found['Url']} from outside:\n")
    trial, since = smoke.Trial(found["Url"], found["WebsocketUrl"], options.turn != "none"), datetime.now(UTC)
    try:
        asyncio.run(smoke.run(trial))
    except smoke.SmokeError as problem:
        sys.stderr.write(f"  failed: {problem}\n{smoke.GO_BACK}\n")
        return 1
    client = session.client("cloudwatch")
    if not asyncio.run(smoke.wait_for_numbers(client, options.stack_name, since, ours.numbers_seconds)):
        sys.stdout.write(f"{smoke.NO_NUMBERS}\n")
    return 0


def _outputs(session: Any, name: str) -> Mapping[str, str]:
    stack = protection.find(session.client("cloudformation"), name)
    if stack is None:
        raise prerequisites.NotReadyError(f"There is no stack {name} in {session.region_name}: `make deploy` first.")
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def _say_where(session: Any, options: Options) -> int:
    found = _outputs(session, options.stack_name)
    sys.stdout.write(
        f"\nYour site is at {found['Url']}\n"
        f"Check it with: make conformance URL={found['WebsocketUrl']} ARGS='--origin {found['Url']}'\n"
    )
    return 0


def _destroy(session: Any, options: Options, run: Run, *, asks: bool) -> int:
    """Remove the site: a protected one after its name was typed, another after the CDK's own question."""
    cloudformation = session.client("cloudformation")
    is_there = protection.exists(cloudformation, options.stack_name)
    table = _outputs(session, options.stack_name)["TableName"] if is_there else ""
    sure: list[str] = []
    if protection.is_on(cloudformation, options.stack_name):
        if asks and input(protection.ASK.format(name=options.stack_name)).strip() != options.stack_name:
            sys.stdout.write("That is not its name: nothing was removed.\n")
            return 1
        protection.lift(cloudformation, options.stack_name)
        sure = ["--force"] if asks else []  # one question is enough
    done = run("destroy", "--all", *sure)
    return done or _remove_the_rest(session, options, table)


def _remove_the_rest(session: Any, options: Options, table: str) -> int:
    """Remove what CloudFormation cannot make and so cannot remove, or say what stays and why."""
    _remove_edge(session, options)
    names = [options.identity_parameter]
    if prerequisites.is_own(session.client, options.turn_secret_parameter, options):
        names.append(options.turn_secret_parameter)
    if options.removal_policy == "destroy":
        session.client("ssm").delete_parameters(Names=names)
        return 0
    sys.stdout.write(
        f"\nThe table {table} stays (bans and reports are in it), and so do the keys that it is read with: the "
        f"encrypted parameter {names[0]}. To go on with them one day, deploy with table_name = {table}. With "
        "removal_policy = destroy they would go, too.\n"
    )
    return 0


def _remove_edge(session: Any, options: Options) -> None:
    """Remove the stack of a WAF that the options no longer ask for: nothing uses it, and it costs $6 a month."""
    name = options.edge_stack_name(str(session.region_name))
    cloudformation = session.client("cloudformation", region_name=EDGE_REGION)
    try:
        if protection.find(cloudformation, name) is None:
            return
    except cloudformation.exceptions.ClientError as problem:
        sys.stderr.write(f"Whether the stack {name} of a WAF is in {EDGE_REGION} cannot be told: {problem}\n")
        return
    cloudformation.delete_stack(StackName=name)
    sys.stdout.write(f"The WAF is no longer used: its stack {name} in {EDGE_REGION} goes, too.\n")


def _context(arguments: list[str]) -> dict[str, object]:
    """Return the context that the command line will make of cdk.json and its `-c` arguments; refuse another account."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-c", "--context", action="append", default=[])
    parser.add_argument("--profile")
    given, _ = parser.parse_known_args(arguments)
    if given.profile is not None:
        raise OptionError(NO_PROFILE)
    context: dict[str, object] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return {**context, **dict(pair.partition("=")[::2] for pair in given.context)}


def _cdk(*arguments: str, folder: Path = ROOT, environment: Mapping[str, str] = os.environ) -> int:
    """Run the CDK's command line; a folder without cdk.json is for commands that need no app."""
    command = [node.executable(), str(node.CDK), *arguments]
    complete = {**environment, "PATH": node.search_path()}
    return subprocess.run(command, cwd=folder, env=complete, check=False).returncode  # noqa: S603 - our own tool
