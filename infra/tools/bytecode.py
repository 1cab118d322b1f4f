"""The program in Pyodide, which is Lambda's Python on any machine: it compiles the asset and prepares its start.

Bytecode belongs to one minor version of Python, and the operator's may be another than Lambda's. The files carry an
unchecked hash instead of a time, which a zip would not keep. `prepared.bin` has the same code once more in one file,
and what `re` makes of the expressions that loading the asset compiles (infra/asset/prepared.py reads it).
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]  # of the interpreter, and typed nowhere
import compileall
import importlib
import marshal
import os
import py_compile
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from typing import Any

NAME = "prepared.bin"
LENGTH_BYTES = 8
HEADER_BYTES = 16  # of a compiled file: magic number, flags, hash of the source
# Pyodide has 32 bits, and Lambda 64 (Modules/_sre/sre.h): that is all by which their expressions differ.
REPEAT_MAX_OF_64_BITS = 2**32 - 1
# Modules of Python's own that compile expressions when a handler's packages load them.
STANDARD = (
    *("ast", "dataclasses", "encodings.idna", "glob", "http.client", "json.decoder", "json.encoder", "json.scanner"),
    *("logging", "platform", "shlex", "string", "textwrap", "tokenize", "urllib.parse"),
    *("email._encoded_words", "email.feedparser", "email.header", "email.message", "email.utils"),
)
# The trimmed powertools never load most of it.
LEFT_OUT = ("aws_lambda_powertools.event_handler", "aws_lambda_powertools.utilities")
Expression = tuple[str | bytes, int]


def compile_all(folder: str) -> None:
    """Compile every module under a folder."""
    compiled = compileall.compile_dir(
        folder,
        maxlevels=20,
        quiet=1,
        ddir="/var/task",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    assert compiled, "a file of the asset does not compile"


def expressions_of(names: Iterable[str]) -> set[Expression]:
    """Return the expressions that modules compile while they are loaded. Loads them anew."""
    seen: set[Expression] = set()
    compiler: Any = importlib.import_module("re._compiler")
    compile_one = compiler.compile

    def note(pattern: Any, flags: int = 0) -> Any:
        if isinstance(pattern, (str, bytes)):
            seen.add((pattern, int(flags)))
        return compile_one(pattern, flags)

    compiler.compile = note
    try:
        for name in names:
            re.purge()
            sys.modules.pop(name, None)
            importlib.import_module(name)
    finally:
        compiler.compile = compile_one
    return seen


def prepared(expressions: Iterable[Expression]) -> dict[Expression, tuple[Any, ...]]:
    """Return what `re` hands to its engine for each expression, with the numbers of 64 bits. Leaves `re` changed."""
    if _sre.MAXREPEAT != REPEAT_MAX_OF_64_BITS:
        _sre.MAXREPEAT = REPEAT_MAX_OF_64_BITS
        for name in ("re._constants", "re._casefix", "re._parser", "re._compiler"):
            importlib.reload(sys.modules[name])
    compiler: Any = sys.modules["re._compiler"]
    made: dict[Expression, tuple[Any, ...]] = {}
    for pattern, flags in sorted(expressions, key=repr):
        parsed = compiler._parser.parse(pattern, flags)  # noqa: SLF001 - as re._compiler.compile does
        code = compiler._code(parsed, flags)  # noqa: SLF001
        places = [None] * parsed.state.groups
        for name, place in parsed.state.groupdict.items():
            places[place] = name
        groups = parsed.state.groups - 1, dict(parsed.state.groupdict), tuple(places)
        made[pattern, flags] = (int(flags | parsed.state.flags), tuple(map(int, code)), *groups)
    return made


def modules(folder: str) -> Iterator[tuple[str, bool, bytes]]:
    """Yield name, kind and code of each compiled module, in a fixed order."""
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if each.isidentifier() and each != "__pycache__")
        package = os.path.relpath(path, folder).replace(os.sep, ".").lstrip(".")
        for file in sorted(each for each in files if each.endswith(".py")):
            is_package = file == "__init__.py"
            name = ".".join(filter(None, [package, "" if is_package else file[:-3]]))
            if name and not name.startswith(LEFT_OUT):
                compiled = Path(cache_from_source(f"{path}/{file}"))
                yield name, is_package, compiled.read_bytes()[HEADER_BYTES:]


def archive(folder: str, expressions: Mapping[Expression, tuple[Any, ...]]) -> None:
    """Write the file beside the modules."""
    places, codes, end = {}, [], 0
    for name, is_package, code in modules(folder):
        places[name] = (is_package, end, len(code))
        codes.append(code)
        end += len(code)
    made_for = (MAGIC_NUMBER, _sre.MAGIC, _sre.CODESIZE, REPEAT_MAX_OF_64_BITS)
    index = marshal.dumps({"made_for": made_for, "modules": places, "expressions": dict(expressions)})
    Path(folder, NAME).write_bytes(len(index).to_bytes(LENGTH_BYTES, "little") + index + b"".join(codes))


def main(folder: str, version: str, expressions: Iterable[Expression]) -> None:
    """Do all of it with a folder of an asset."""
    assert sys.version.startswith(f"{version}."), f"this Python is {sys.version}, the Lambdas run {version}"
    os.chdir(folder)
    compile_all(".")
    archive(".", prepared({*expressions, *expressions_of(STANDARD)}))
