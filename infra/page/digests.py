"""The hashes of the page's files, published beside them as `sha256sum` writes them: anybody can compare a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

FILE = "sha256sums.txt"


def listing(files: Mapping[str, bytes]) -> str:
    """Return a line for each file, by its path on the site."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))


def of_folders(*roots: Path) -> str:
    """Return the lines of all files below these folders, which become one site."""
    found = [(root, path) for root in roots for path in root.rglob("*") if path.is_file()]
    return listing({path.relative_to(root).as_posix(): path.read_bytes() for root, path in found})


def read(lines: str) -> dict[str, str]:
    """Return the hash of each path; a line that is none is left out."""
    parts = [line.split("  ", 1) for line in lines.splitlines()]
    return {each[1]: each[0] for each in parts if len(each) == 2}
