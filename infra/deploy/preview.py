"""`make diff`: a change set that the CDK prepares and nobody executes, read by `changes.py` and deleted again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.deploy import changes, protection
from infra.options.options import Options

NAME = "passerby-preview"
PREPARE = ("--exclusively", "--method", "prepare-change-set", "--change-set-name", NAME, "--require-approval", "never")
NOT_LISTED = (
    "  CloudFormation cannot list the changes here ({reason}): what costs or is lost cannot be told beforehand."
)
NOTHING_SAID = "CloudFormation cannot list the changes here ({reason}), so the CDK compares the templates instead:"

Stacks = Mapping[str, tuple[str, Any]]  # by name: the Region, and a client there


def say(session: Any, options: Options, run: Callable[..., int], write: Callable[[str], object]) -> int:
    """Say what would change in each stack; `run` is the CDK's command line. Return its exit code."""
    stacks = _stacks(session, options)
    there = _there(stacks)
    for name in stacks.keys() - there.keys():
        write(f"There is no {name} in {stacks[name][0]} yet: a deployment would make all of it.\n")
    if not there:
        return 0
    try:
        with _prepared(there, run) as found:
            for name, listed in (found or {}).items():
                write("\n".join([f"{name} in {there[name][0]}:", *changes.describe(listed)]) + "\n")
                if changes.loses_the_table(listed) and options.removal_policy == "retain":
                    write("  `make deploy` would be refused: an update must not lose the table (docs/operating.md).\n")
    except (ClientError, WaiterError) as refused:
        found = None
        write(NOTHING_SAID.format(reason=refused) + "\n")
    return run("diff") if found is None else 0


def weighty(session: Any, options: Options, run: Callable[..., int]) -> list[str]:
    """Return a line for each change that costs, loses or interrupts something, or one that this cannot be told."""
    there = _there(_stacks(session, options))
    if not there:
        return list(changes.prices_of(options))
    try:
        with _prepared(there, run) as found:
            # Where none could be prepared, the deployment itself will say why.
            return [line for listed in (found or {}).values() for line in changes.weighty(listed)]
    except (ClientError, WaiterError) as refused:
        return [NOT_LISTED.format(reason=refused)]


@contextmanager
def _prepared(there: Stacks, run: Callable[..., int]) -> Iterator[Mapping[str, list[changes.Change]] | None]:
    """Give the changes of each stack, or None where the CDK could prepare no set; none is left behind."""
    try:
        if run("deploy", *there, *PREPARE):
            yield None
        else:
            yield {name: list(_changes(client, name)) for name, (_, client) in there.items()}
    finally:
        for name, (_, client) in there.items():
            client.delete_change_set(StackName=name, ChangeSetName=NAME)


def _there(stacks: Stacks) -> Stacks:
    return {name: place for name, place in stacks.items() if protection.exists(place[1], name)}


def _stacks(session: Any, options: Options) -> Stacks:
    home = str(session.region_name)
    names = {options.stack_name: home}
    if options.waf_requests_per_5_minutes:
        names[options.edge_stack_name(home)] = options.regions(home)[-1]
    return {name: (region, session.client("cloudformation", region_name=region)) for name, region in names.items()}


def _changes(client: Any, stack: str) -> Iterator[changes.Change]:
    """Yield the changes of the prepared set; one without any has failed, and is none for the CDK."""
    pages = client.get_paginator("describe_change_set").paginate(StackName=stack, ChangeSetName=NAME)
    try:
        for page in pages:
            yield from (each["ResourceChange"] for each in page["Changes"])
    except client.exceptions.ChangeSetNotFoundException:
        return  # the CDK takes away a set without changes by itself
