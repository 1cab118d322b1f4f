"""One file of options for each site: `sites/NAME.json` beside cdk.json, chosen with `SITE=NAME` behind any command.

It holds what differs from cdk.json. Where each site's options are is the operator's own repository's business, so the
files are neither ignored by git nor part of the product; sites/example.json shows the form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra.options.context import OptionError, read, refuse_unknown

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def read_site(folder: Path, name: str) -> Mapping[str, object]:
    """Return the options of a site's file, or raise `OptionError` with a sentence that names the file."""
    path = folder / f"{name}.json"
    if not NAME.fullmatch(name):
        raise OptionError(f"SITE={name}: a site's name has small letters, digits and dashes, and no .json behind it.")
    try:
        found = json.loads(path.read_text(), object_pairs_hook=_each_key_once)
    except OSError:
        raise OptionError(f"SITE={name} needs the file {_shown(path)}. {_there(folder)}") from None
    except ValueError as problem:  # what json raises is one, and so is text that is no UTF-8
        raise OptionError(f"{_shown(path)} is not JSON: {problem}.") from None
    if not isinstance(found, dict):
        raise OptionError(f'{_shown(path)} must be one object of options, such as {{"stack_name": "Passerby-{name}"}}.')
    try:
        refuse_unknown(found)
        read({key: value for key, value in found.items() if key == "stack_name"})
    except OptionError as problem:
        raise OptionError(f"{_shown(path)}: {problem}") from None
    if not found.get("stack_name"):
        raise OptionError(f"{_shown(path)} must set stack_name: without it the site would be deployed over cdk.json's.")
    return found


def context_of(root: Path, name: str) -> dict[str, object]:
    """Return the options of cdk.json in a folder, with those of a site's file over them where one is named."""
    context: dict[str, object] = json.loads((root / "cdk.json").read_text())["context"]
    return {**context, **(read_site(root / "sites", name) if name else {})}


def as_arguments(values: Mapping[str, object]) -> Iterator[str]:
    """Yield the options as `-c key=value` for the CDK's command line, which knows no other file than cdk.json."""
    for key, value in values.items():
        if value is not None:
            yield from ("-c", f"{key}={_text(value)}")


def _text(value: Any) -> str:
    """Return a value of JSON as the checks read it from a command line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return json.dumps(value)
    return ",".join(map(_text, value)) if isinstance(value, list) else str(value)


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a key that stands twice: JSON's readers take the last one and say nothing."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key} stands there twice")
        found[key] = value
    return found


def _there(folder: Path) -> str:
    names = sorted(path.stem for path in folder.glob("*.json"))
    return f"Those that are there: {', '.join(names)}." if names else "There is none yet."


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
