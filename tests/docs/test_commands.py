"""Every command in the documents exists: targets of the Makefile, modules with their help, files that are named."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from infra.operator import command as operator
from tests.docs.documents import DOCUMENTS, ROOT

TEXT = "\n".join(path.read_text() for path in DOCUMENTS)
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
BLOCKS = [text for kind, text in FENCED.findall(TEXT) if kind == "sh"]
SPANS = [*BLOCKS, *re.findall(r"`([^`\n]+)`", FENCED.sub("", TEXT))]

MAKE = re.compile(r"^ *make ([a-z][a-z-]*)", re.MULTILINE)
MODULE = re.compile(r"python -m ([\w.]+)")
OPERATOR = re.compile(r"infra\.operator ([a-z-]+)")


def found(pattern: re.Pattern[str]) -> set[str]:
    return {name for span in SPANS for name in pattern.findall(span)}


def test_every_target_of_the_makefile_that_is_named_exists() -> None:
    """`make` itself is asked, with everything that the Makefile includes."""
    listed = subprocess.run(["make", "-pRrq", ":"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    targets = set(re.findall(r"^([a-z][a-z-]*):", listed, flags=re.MULTILINE))

    assert found(MAKE) <= targets
    assert "test" in found(MAKE)


@pytest.mark.parametrize("module", sorted(found(MODULE) - {"pytest"}))
def test_every_module_that_is_named_runs(module: str) -> None:
    """It explains itself."""
    path = ROOT.joinpath(*module.split("."))
    assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower(), module


@pytest.mark.parametrize("command", sorted(found(OPERATOR)))
def test_every_command_of_the_operator_that_is_named_exists(command: str) -> None:
    """Nobody types something from a document and is told that there is no such command."""
    with pytest.raises(SystemExit, match=r"^0$"):
        operator.run([command, "--help"])


def test_every_saved_query_that_is_named_exists() -> None:
    """The table of incidents sends to queries by their question."""
    from infra.stack.queries import QUERIES

    named = set(re.findall(r"saved query \*([^*]+)\*", TEXT))
    questions = {query.question.rstrip("?") for query in QUERIES}

    assert {name.rstrip("?") for name in named} <= questions
