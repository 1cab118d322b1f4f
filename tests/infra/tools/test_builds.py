"""Built folders: found ready, whole or not there, and readable."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.tools import builds


def test_a_digest_tells_names_contents_and_choices_apart(tmp_path: Path) -> None:
    """Else a changed source would be deployed as it was."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("ab")
    other.write_text("abc")

    found = {
        builds.digest([("a", one)]),
        builds.digest([("b", one)]),
        builds.digest([("a", other)]),
        builds.digest([("a", one)], True),
        builds.digest([("a", one)], False),
    }

    assert len(found) == 5


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """The next one does not find a part of it ready."""
    with pytest.raises(ZeroDivisionError), builds.unfinished(tmp_path / "builds" / "key") as folder:
        folder.mkdir()
        (folder / "half").touch()
        raise ZeroDivisionError

    assert not [*(tmp_path / "builds").iterdir()]


def test_of_two_builds_at_once_the_first_stays(tmp_path: Path) -> None:
    """Another process may read it already."""
    finished = tmp_path / "key"
    with builds.unfinished(finished) as later:
        later.mkdir()
        with builds.unfinished(finished) as first:
            first.mkdir()
            (first / "read").touch()

    assert [each.name for each in tmp_path.rglob("*")] == ["key", "read"]


def test_a_strict_umask_takes_nothing_from_lambda(tmp_path: Path) -> None:
    """Its own user reads the files, with the rights that they have in the zip."""
    package = tmp_path / "package"
    package.mkdir(mode=0o700)
    (package / "module.py").touch(mode=0o600)

    builds.let_everybody_read(tmp_path)

    assert (package.stat().st_mode & 0o777, (package / "module.py").stat().st_mode & 0o777) == (0o755, 0o644)
