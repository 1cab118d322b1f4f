"""One Region for every tool, whichever of its two names the operator sets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from botocore.exceptions import NoRegionError

from infra.tools import account
from tests.functions.child import output_of, run

PROFILES = "[profile passerby]\nregion = eu-north-1\n[profile bare]\noutput = json\n"

SAYS = """
from infra.tools import account
session = account.session()
children = account.for_children(session)
print(session.client("dynamodb").meta.region_name, children["AWS_REGION"], children["AWS_DEFAULT_REGION"])
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "config"
    path.write_text(PROFILES)
    return str(path)


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({"AWS_REGION": "eu-central-1"}, "eu-central-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-3"}, "eu-west-3"),
        ({"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "us-west-2"}, "eu-central-1"),
        ({"AWS_PROFILE": "passerby"}, "eu-north-1"),
        ({"AWS_PROFILE": "passerby", "AWS_REGION": "eu-central-1"}, "eu-central-1"),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-3"}, "eu-west-3"),
    ],
)
def test_all_tools_mean_the_region_that_was_set(config: str, environment: dict[str, str], region: str) -> None:
    """Our own clients, and the CDK and the command line that we start."""
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONFIG_FILE": config}

    assert output_of(SAYS, **keys, **environment).split() == [region] * 3


@pytest.mark.parametrize(
    ("environment", "profile"),
    [
        ({"AWS_PROFILE": "passerby"}, "passerby"),
        ({"AWS_DEFAULT_PROFILE": "passerby"}, "passerby"),
        ({"AWS_PROFILE": "bare", "AWS_DEFAULT_PROFILE": "passerby"}, "passerby"),
    ],
)
def test_all_tools_mean_the_same_profile(config: str, environment: dict[str, str], profile: str) -> None:
    """The checked profile must be the one that deploys: boto3 and the CDK look at the names in another order."""
    says = """
import os
from infra.tools import account
session = account.session()
children = account.for_children(session)
print(session.region_name, session.profile_name, children["AWS_PROFILE"], children["AWS_DEFAULT_PROFILE"])
"""
    said = output_of(says, AWS_CONFIG_FILE=config, **environment)

    assert said.split() == ["eu-north-1", profile, profile, profile]


def test_without_a_profile_none_is_named(config: str) -> None:
    """An empty name is one that does not exist."""
    said = output_of(
        "from infra.tools import account; print([name for name in account.for_children(account.session()) "
        "if 'PROFILE' in name])",
        AWS_CONFIG_FILE=config,
        AWS_REGION="eu-central-1",
    )

    assert said.strip() == "[]"


@pytest.mark.parametrize("environment", [{}, {"AWS_PROFILE": "bare"}])
def test_without_a_region_nothing_begins(config: str, environment: dict[str, str]) -> None:
    """An account must not be prepared in a Region called None."""
    said = run(
        "import sys; from infra.deploy.command import main; sys.exit(main(['bootstrap']))",
        AWS_CONFIG_FILE=config,
        PATH=os.environ["PATH"],
        **environment,
    )

    assert said.returncode == 1
    assert said.stderr.startswith("No Region was chosen.")
    assert "Traceback" not in said.stderr
    with pytest.raises(NoRegionError):
        account.open_session({})


OPENED = """
import argparse
from infra.operator.office import Office, add_options
parser = argparse.ArgumentParser()
add_options(parser)
office = Office.open(parser.parse_args(["--endpoint", "http://127.0.0.1:1", "--table", "t"]))
print(office.table._dynamodb.client.meta.region_name)
"""


def test_the_operators_tool_means_the_same_region() -> None:
    """It once asked for the Region that had been exported."""
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"}

    assert output_of(OPENED, **keys).strip() == "eu-central-1"
