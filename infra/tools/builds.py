"""Built folders: each is named by a digest of the files that go in, so that a second build finds it ready."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def digest(files: Iterable[tuple[object, Path]], *choices: object) -> str:
    """Return 64 hexadecimal digits of files, each with the name that it gets, and of what else is chosen."""
    digested = hashlib.sha256(repr(choices).encode())
    for name, path in files:
        content = path.read_bytes()
        digested.update(f"{name} {len(content)}\n".encode() + content)
    return digested.hexdigest()


@contextmanager
def unfinished(finished: Path) -> Iterator[Path]:
    """Give the path of a folder to make, which becomes `finished` when all of it is there.

    Two builds at once end in the same bytes; the second build keeps those of the first.
    """
    finished.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=finished.parent, prefix="unfinished-") as scratch:
        folder = Path(scratch) / "folder"
        yield folder
        if not finished.exists():
            folder.replace(finished)


def let_everybody_read(folder: Path) -> None:
    """Give files the rights that Lambda's own user needs, which a strict umask takes from it (docs: "Permissions")."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
