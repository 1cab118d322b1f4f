"""The file prepared for Lambda's Python, checked with this one: the same expressions, the same code."""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]  # of the interpreter, and typed nowhere
import re
import sys
from pathlib import Path
from re import _compiler  # type: ignore[attr-defined]  # where `re` keeps nothing that it has seen
from typing import Any

import pytest

from infra.asset import prepared
from infra.tools import bytecode

EXPRESSIONS = (
    (r"^(?P<scheme>[a-z]+)://(?P<host>[^/]*)(/.*)?$", re.UNICODE | re.DOTALL),
    (r"a{3,}|b*?", re.IGNORECASE),
    (rb"[\x00-\x20]+", 0),
    (r"\w+(?=,)", re.VERBOSE),
)
TEXTS = ["http://example.org/a?b", "aaaa", "A", "word, other", "", "  "]


def packed(folder: Path, **made_for: object) -> Path:
    """Write an archive of a few modules of this Python's into a folder."""
    (folder / "town" / "street").mkdir(parents=True)
    (folder / "town" / "__init__.py").write_text("NAME = 'town'\n")
    (folder / "town" / "street" / "__init__.py").write_text("from town.street.house import NUMBER\n")
    (folder / "town" / "street" / "house.py").write_text("NUMBER = 7\n")
    (folder / "not-a-module.py").write_text("1 / 0\n")
    bytecode.compile_all(str(folder))
    bytecode.archive(str(folder), bytecode.prepared({(pattern, int(flags)) for pattern, flags in EXPRESSIONS}))
    return folder


@pytest.mark.parametrize(("pattern", "flags"), EXPRESSIONS)
def test_a_prepared_expression_finds_what_the_compiled_one_does(pattern: str | bytes, flags: int) -> None:
    """It is the same expression, flags, groups and all."""
    made = bytecode.prepared({(pattern, int(flags))})
    ours = prepared.Expressions(made, None)(pattern, flags)
    theirs = re.compile(pattern, flags)

    assert (ours, ours.flags, ours.groups, ours.groupindex) == (theirs, theirs.flags, theirs.groups, theirs.groupindex)
    for text in TEXTS:
        subject: Any = text.encode() if isinstance(pattern, bytes) else text  # of the kind of its pattern
        assert [each.span() for each in ours.finditer(subject)] == [each.span() for each in theirs.finditer(subject)]


def test_an_expression_that_was_not_prepared_is_compiled() -> None:
    """As every expression that a visitor's words lead to, and values that are no text at all."""
    asked = []
    expressions = prepared.Expressions({}, lambda pattern, flags: asked.append((pattern, flags)))

    expressions("new", re.IGNORECASE)
    expressions(["parsed"])

    assert asked == [("new", re.IGNORECASE), (["parsed"], 0)]


def test_the_numbers_are_those_of_64_bits() -> None:
    """Pyodide has 32, and this Python 64: here nothing is changed for it."""
    assert _sre.MAXREPEAT == bytecode.REPEAT_MAX_OF_64_BITS


def test_modules_come_from_the_file_and_say_where_their_source_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a traceback shows their lines, and a package finds its data."""
    folder = packed(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setattr(_compiler, "compile", _compiler.compile)
    assert prepared.install(str(folder))
    for name in ("__init__.py", "street/__init__.py", "street/house.py"):
        (folder / "town" / name).write_text("raise AssertionError('the file is read')\n")

    import town.street  # type: ignore[import-not-found]

    assert (town.NAME, town.street.NUMBER) == ("town", 7)
    assert town.street.__path__ == [str(folder / "town" / "street")]
    assert town.street.house.__file__ == str(folder / "town" / "street" / "house.py")
    assert isinstance(_compiler.compile, prepared.Expressions)
    for name in ("town", "town.street", "town.street.house"):
        del sys.modules[name]


def test_an_archive_for_another_python_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lambda's Python may be newer than the build's: then everything is loaded and compiled as usual."""
    folder = packed(tmp_path)
    before = [*sys.meta_path]
    monkeypatch.setattr(prepared, "made_for", lambda: (b"another", 1, 4, 1))

    assert not prepared.install(str(folder))
    assert sys.meta_path == before


def test_without_an_archive_nothing_changes(tmp_path: Path) -> None:
    """As in a checkout."""
    assert not prepared.install(str(tmp_path))


def test_expressions_of_a_module_are_found_by_loading_it() -> None:
    """Anew, since it may have been loaded before."""
    assert (r"(?P<nothing>)", 0) not in bytecode.expressions_of(["shlex"])
    assert bytecode.expressions_of(["shlex"])
