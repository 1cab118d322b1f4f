"""Deferred modules: the versions they were chosen for, and that each is there when something of it is used."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

from infra.asset import asset, defer
from infra.asset.dependencies import AssetError
from infra.asset.later import Later

BUILD_SECONDS_MAX = 240

pytestmark = pytest.mark.timeout(BUILD_SECONDS_MAX)

# Modules that a relayed line never needs, though its packages import each at their top.
UNUSED = {
    *("xml.etree.ElementTree", "urllib.request", "configparser", "concurrent.futures", "dateutil.parser"),
    *("getpass", "jmespath", "shlex", "typing_extensions", "aws_lambda_powertools.tracing"),
}
USES = """
import datetime, sys
from io import BytesIO
from botocore import configloader, credentials, parsers, regions, utils
from botocore.compat import compat_shell_split

assert utils.parse_timestamp("2026-11-29T12:00:00Z").hour == 12
refusal = b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"
parsed = parsers.RestXMLParser().parse({"status_code": 404, "headers": {}, "body": refusal}, None)
assert parsed["Error"]["Code"] == "NoSuchKey", parsed
try:
    parsers.RestXMLParser()._parse_xml_string_to_dom(b"<not")
except parsers.ResponseParserError:
    pass
else:
    raise AssertionError("what is no XML is refused")
assert isinstance(utils.get_environ_proxies("https://example.org"), dict)
assert compat_shell_split("a 'b c'") == ["a", "b c"]
with open(sys.argv[1], "w") as file:
    file.write("[default]\\nregion = eu-west-1\\ncredential_process = echo {}\\n")
assert configloader.load_config(sys.argv[1])["profiles"]["default"]["region"] == "eu-west-1"
process = credentials.ProcessProvider("default", lambda: configloader.load_config(sys.argv[1]))
try:
    process.load()
except Exception as refused:
    assert "Version" in str(refused), refused
cache = utils.JSONFileCache(sys.argv[1] + ".cache")
cache["key"] = {"a": 1}
assert cache["key"] == {"a": 1}
from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging import logger
assert logger.jmespath_utils.query({"a": {"b": 3}}, "a.b") == 3
"""
LOADED = """
import sys
import functions.handlers.relay
from functions.chat.aws import clients
clients.dynamodb(), clients.management()
print(" ".join(sys.modules))
"""


@pytest.fixture(scope="module")
def built() -> Path:
    return asset.build()


def run(built: Path, program: str, *arguments: str, **environment: str) -> str:
    """Return what a program prints that has nothing but the asset."""
    variables = {"PYTHONPATH": str(built), "PYTHONDONTWRITEBYTECODE": "1", "AWS_DEFAULT_REGION": "eu-west-1"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, *arguments],
        env=variables | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", sorted(defer.MADE_FOR))
def test_the_deferred_lines_were_read_in_the_installed_version(name: str) -> None:
    """After an upgrade somebody reads whether the lines of defer.py still do what they say, and names the version."""
    assert distribution(name).version == defer.MADE_FOR[name], (
        f"{name} was upgraded: read infra/asset/defer.py against it, then name the version in MADE_FOR"
    )


class Upgraded(Distribution):
    """A package in a version that nobody has read."""

    name, version = "botocore", "99.0"

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: object) -> Path:
        return Path(str(path))


def test_another_version_is_not_edited_unseen(tmp_path: Path) -> None:
    """The build ends with a sentence instead of deploying something that nobody has read."""
    with pytest.raises(AssetError, match=r"made for botocore 1\.\d+\.\d+, and 99\.0 is installed"):
        defer.defer(tmp_path, [Upgraded()])


def test_a_line_that_is_not_there_is_refused() -> None:
    """It may mean something else by now."""
    with pytest.raises(AssetError, match="finds no 'import shlex"):
        defer._replaced("botocore/compat.py", "import os\n", "import shlex\n", "")


def test_nothing_of_what_is_deferred_is_loaded_for_a_line(built: Path) -> None:
    """Each was a part of the cold start."""
    loaded = run(built, LOADED, AWS_ACCESS_KEY_ID="nobody", AWS_SECRET_ACCESS_KEY="nobody").split()

    assert UNUSED & set(loaded) == set()


def test_a_deferred_module_is_there_when_it_is_used(built: Path, tmp_path: Path) -> None:
    """Dates, XML, files of configuration, other programs, proxies, caches, expressions."""
    run(built, USES, str(tmp_path / "config"))


def test_a_module_is_loaded_with_its_first_use() -> None:
    """And gives what it has."""
    sys.modules.pop("colorsys", None)
    later = Later("colorsys")
    assert "colorsys" not in sys.modules

    assert later.rgb_to_hsv(0, 0, 0) == (0, 0, 0)  # type: ignore[operator]
    with pytest.raises(AttributeError):
        _ = later.nothing
