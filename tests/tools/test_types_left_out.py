"""Of the CDK mypy reads what our code names, and what that uses: all else is any type there, and no mistake is seen."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
FOLDERS = ("functions", "infra", "tests")
USED = re.compile(r"^ +import aws_cdk(?:\.([\w.]+))? as _", re.MULTILINE)
READ_WHOLE = "interfaces"


def test_every_service_is_read_that_our_code_names_or_that_one_of_them_uses() -> None:
    modules = modules_of_the_cdk()
    needed: set[str] = set()
    to_read = ["", "_jsii", *(words_of_our_code() & modules.keys())]
    while to_read:
        name = to_read.pop()
        if name not in needed:
            needed.add(name)
            to_read += USED.findall(modules[name].read_text())

    assert modules_that_mypy_reads() == {name for name in needed if name.partition(".")[0] != READ_WHOLE}


def modules_of_the_cdk() -> dict[str, Path]:
    spec = find_spec("aws_cdk")
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    return {".".join(path.parent.relative_to(root).parts): path for path in root.rglob("__init__.py")}


def words_of_our_code() -> set[str]:
    texts = (path.read_text() for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*.py"))
    return {word for text in texts if "aws_cdk" in text for word in re.findall(r"\w+", text)}


def modules_that_mypy_reads() -> set[str]:
    """Return those that pyproject.toml excepts from what is skipped."""
    overrides = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    skipped, read = (each["module"] for each in overrides if "aws_cdk" in each["module"][0])
    assert skipped == ["aws_cdk.*"]
    names = {name.removeprefix("aws_cdk").removeprefix(".") for name in read}
    assert f"{READ_WHOLE}.*" in names
    return names - {f"{READ_WHOLE}.*"}
