"""Goes into the asset: the part of a start that the build has prepared, the code of all modules and their expressions.

A start looks for 250 modules, each with its own file to find, to open and to read, and compiles ninety regular
expressions that are the same each time. Both stand ready in `prepared.bin` (infra/tools/bytecode.py). It is of use to
the Python that it was made for and to no other; wherever it is missing or made for another one, everything is loaded
and compiled as usual.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]  # of the interpreter, and typed nowhere
import marshal
import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from re import _compiler  # type: ignore[attr-defined]  # where `re` keeps nothing that it has seen
from types import CodeType
from typing import Any

NAME = "prepared.bin"
LENGTH_BYTES = 8  # the first of the file: how long its index is


def made_for() -> tuple[bytes | int, ...]:
    """Return the numbers that have to agree: of this Python's bytecode, and of its compiled regular expressions."""
    return MAGIC_NUMBER, _sre.MAGIC, _sre.CODESIZE, _sre.MAXREPEAT


def install(folder: str | None = None) -> bool:
    """Load modules and make expressions from the file in a folder (this one), if it is there and of this Python."""
    folder = folder or __file__.rpartition("/")[0]
    try:
        file = os.open(f"{folder}/{NAME}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    length = int.from_bytes(os.pread(file, LENGTH_BYTES, 0), "little")
    index = marshal.loads(os.pread(file, length, LENGTH_BYTES))  # noqa: S302 - our own build's
    if index["made_for"] != made_for():
        os.close(file)
        return False
    sys.meta_path.insert(0, Finder(folder, file, LENGTH_BYTES + length, index["modules"]))
    _compiler.compile = Expressions(index["expressions"], _compiler.compile)
    return True


class Finder:
    """Finds modules in the file; other modules are left to the other finders."""

    def __init__(self, folder: str, file: int, start: int, modules: dict[str, tuple[bool, int, int]]) -> None:
        self._folder, self._file, self._start, self._modules = folder, file, start, modules

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        found = self._modules.get(name)
        if found is None:
            return None
        is_package, offset, size = found
        stem = f"{self._folder}/{name.replace('.', '/')}"
        path = f"{stem}/__init__.py" if is_package else f"{stem}.py"
        loader = Loader(name, path)
        loader.place = self._file, self._start + offset, size
        spec = ModuleSpec(name, loader, origin=path, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [stem]
        return spec


class Loader(SourceFileLoader):
    """Loads one module; its source and its data are where they always are."""

    place: tuple[int, int, int]

    def get_code(self, _fullname: str) -> CodeType:
        """Return the code without a look at the folder."""
        file, offset, size = self.place
        code: CodeType = marshal.loads(os.pread(file, size, offset))  # noqa: S302 - as above
        return code


class Expressions:
    """Makes the regular expressions that are known, and has the others compiled."""

    def __init__(self, known: dict[tuple[Any, int], tuple[Any, ...]], otherwise: Any) -> None:
        self._known, self._otherwise = known, otherwise

    def __call__(self, pattern: Any, flags: int = 0) -> Any:
        """Return what `re.compile` does."""
        found = self._known.get((pattern, int(flags))) if isinstance(pattern, (str, bytes)) else None
        if found is None:
            return self._otherwise(pattern, flags)
        final_flags, code, *groups = found
        return _sre.compile(pattern, final_flags, [*code], *groups)
