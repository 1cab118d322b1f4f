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


def test_the_operators_tool_means_the_same_region() -> None:
    """It once asked for the Region that had been exported."""
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"}
    said = output_of("from infra.operator.office import _client; print(_client().meta.region_name)", **keys)

    assert said.strip() == "eu-central-1"
