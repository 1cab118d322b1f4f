"""`make diff`: a change set that the CDK prepares and nobody executes, read by `changes.py` and deleted again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.deploy import changes, protection
from infra.options.options import Options

NAME = "passerby-preview"
PREPARE = ("--exclusively", "--method", "prepare-change-set", "--change-set-name", NAME, "--require-approval", "never")
NOTHING_SAID = "CloudFormation cannot list the changes here ({reason}), so the CDK compares the templates instead:"


def say(session: Any, options: Options, run: Callable[..., int], write: Callable[[str], object]) -> int:
    """Say what would change in each stack; `run` is the CDK's command line. Return its exit code."""
    stacks = _stacks(session, options)
    there = {name: place for name, place in stacks.items() if protection.exists(place[1], name)}
    for name in stacks.keys() - there.keys():
        write(f"There is no {name} in {stacks[name][0]} yet: a deployment would make all of it.\n")
    if not there:
        return 0
    try:
        if run("deploy", *there, *PREPARE):
            return run("diff")
        for name, (region, client) in there.items():
            found = list(_changes(client, name))
            write("\n".join([f"{name} in {region}:", *changes.describe(found)]) + "\n")
            if changes.loses_the_table(found) and options.removal_policy == "retain":
                write("  `make deploy` would be refused: an update must not lose the table (docs/operating.md).\n")
    except (ClientError, WaiterError) as refused:
        write(NOTHING_SAID.format(reason=refused) + "\n")
        return run("diff")
    finally:
        for name, (_, client) in there.items():
            client.delete_change_set(StackName=name, ChangeSetName=NAME)
    return 0


def weighty(session: Any, options: Options, run: Callable[..., int]) -> list[str]:
    """Return a line for each change that costs, loses or interrupts something; what cannot be told is left out."""
    stacks = _stacks(session, options)
    there = {name: client for name, (_, client) in stacks.items() if protection.exists(client, name)}
    if not there:
        return list(changes.prices_of(options))
    try:
        if run("deploy", *there, *PREPARE):
            return []  # the deployment itself will say why
        return [line for name, client in there.items() for line in changes.weighty(_changes(client, name))]
    except (ClientError, WaiterError):
        return []
    finally:
        for name, client in there.items():
            client.delete_change_set(StackName=name, ChangeSetName=NAME)


def _stacks(session: Any, options: Options) -> Mapping[str, tuple[str, Any]]:
    """Return the site's stacks by name, each with its Region and a client there."""
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
