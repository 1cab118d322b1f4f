"""Where the operator's work is done: the one table, deployed or local."""

from __future__ import annotations

import argparse
import getpass
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from functions.chat.backend import SystemClock
from functions.chat.storage.cases import Cases
from functions.chat.storage.docket import Docket
from functions.chat.storage.records import Records
from functions.chat.storage.store import Store
from functions.chat.storage.switches import SwitchBoard
from functions.chat.storage.table import Busy, Clock, Table
from infra.options.context import OptionError, read
from infra.options.site_file import context_of
from infra.tools import account

ROOT = Path(__file__).parents[2]
CONNECT_SECONDS_MAX, READ_SECONDS_MAX, ATTEMPTS_MAX = 3, 10, 3
LOCAL_SECONDS_MAX = 3
# The local gateway's database belongs to no account.
LOCAL: dict[str, Any] = {"region_name": "us-east-1", "aws_access_key_id": "local", "aws_secret_access_key": "local"}


class OperatorError(Exception):
    """Something that the operator asked for cannot be done; the message is a sentence."""


# Errors from outside the office: of AWS, the table, the network.
OUTSIDE_ERRORS = (ClientError, BotoCoreError, PynamoDBException, Busy, OSError)


def sentence_of(problem: Exception) -> str:
    """Return what went wrong outside, in a sentence."""
    return f"AWS did not do it: {str(problem) or 'the table is busy, try again'}"


@dataclass(frozen=True)
class Office:
    """The parts of the table that an operator works with."""

    table: Table
    cases: Cases
    records: Records
    switches: SwitchBoard
    store: Store
    docket: Docket
    table_name: str
    stack_name: str
    who: str  # works here
    is_local: bool

    @classmethod
    def at(
        cls,
        client: Any,
        table_name: str,
        stack_name: str = "",
        *,
        who: str | None = None,
        is_local: bool = False,
        clock: Clock | None = None,
    ) -> Office:
        table = Table(client, table_name, clock or SystemClock())
        parts = Cases(table), Records(table), SwitchBoard(table), Store(table), Docket(table)
        return cls(table, *parts, table_name, stack_name, who or getpass.getuser(), is_local)

    @classmethod
    def open(cls, options: argparse.Namespace) -> Office:
        if options.local is not None:
            endpoint, table_name = _local(options.local)
            client = _client(boto3.Session(), endpoint_url=endpoint, **LOCAL)
            return cls.at(client, options.table or table_name, who=options.who, is_local=True)
        if options.endpoint:
            if not options.table:
                raise OperatorError("--endpoint needs --table: another DynamoDB may hold any.")
            client = _client(account.session(), endpoint_url=options.endpoint)
            return cls.at(client, options.table, who=options.who, is_local=True)
        stack = options.stack or _stack_of(options.site)
        return cls.at(_client(account.session()), options.table or _deployed_table(stack), stack, who=_identity())


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let a command's arguments say where to work, for `Office.open`."""
    where = parser.add_argument_group("where")
    where.add_argument(
        "--local", type=int, nargs="?", const=8080, metavar="PORT", help="the local gateway (default port: 8080)"
    )
    where.add_argument("--endpoint", metavar="URL", help="another DynamoDB, with --table")
    where.add_argument("--table", help="the table's name (default: what the stack says)")
    where.add_argument("--stack", help="the stack's name (default: the stack_name of cdk.json)")
    where.add_argument("--site", default="", metavar="NAME", help="the site of a file in sites/, by its stack_name")
    where.add_argument("--who", help="your name in the log, with --local or --endpoint; AWS knows it otherwise")


def _client(session: boto3.Session, **where: Any) -> Any:
    config = Config(
        connect_timeout=CONNECT_SECONDS_MAX,
        read_timeout=READ_SECONDS_MAX,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS_MAX},
    )
    return session.client("dynamodb", config=config, **where)


def _identity() -> str:
    """Ask AWS whose credentials these are: nobody gives another name by mistake."""
    return str(account.session().client("sts").get_caller_identity()["Arn"]).rpartition(":")[2]


def _local(port: int) -> tuple[str, str]:
    """Ask the local gateway where its database is."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/_local.json", timeout=LOCAL_SECONDS_MAX) as answer:
            database = json.load(answer)["database"]
        return str(database["endpoint"]), str(database["table"])
    except (URLError, OSError, ValueError, KeyError):
        raise OperatorError(f"No local gateway answers at port {port}; `make run` starts one.") from None


def _stack_of(site: str) -> str:
    """Return the name under which `make deploy` deploys a site, so that both mean the same one."""
    try:
        return read(context_of(ROOT, site)).stack_name
    except OptionError as problem:
        raise OperatorError(str(problem)) from None


def _deployed_table(stack_name: str) -> str:
    """Ask CloudFormation for the table of a stack."""
    cloudformation = account.session().client("cloudformation")
    try:
        (stack,) = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    except cloudformation.exceptions.ClientError as problem:
        raise OperatorError(f"There is no stack {stack_name} that these credentials may see: {problem}") from None
    names = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    if "TableName" not in names:
        raise OperatorError(f"The stack {stack_name} names no table; is it one of Passerby's?")
    return str(names["TableName"])
