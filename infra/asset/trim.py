"""Leave out of a copy of botocore what this product never reads: a build step, made anew from each version.

botocore carries the data of 430 services, lists their folders at start and parses 1.2 MB of endpoints; four services
are called. It also trusts 120 certificate authorities, and parses all of them for each new connection. Both are a third
of a cold start. The copy keeps the package's own data, only less of it: models lose operations, their unused shapes and
their documentation; no value is changed.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# The operations that functions/ calls; a test finds them there, and IAM allows no other (functions/routes.py).
OPERATIONS: Mapping[str, frozenset[str]] = {
    "dynamodb": frozenset(
        {
            *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
            *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
        }
    ),
    "apigatewaymanagementapi": frozenset({"PostToConnection", "GetConnection", "DeleteConnection"}),
    "sqs": frozenset({"SendMessage"}),
    "s3": frozenset({"PutObject"}),
}

# The names of these services in botocore's endpoints.json.
ENDPOINT_NAMES = frozenset({"dynamodb", "execute-api", "sqs", "s3"})

# The authorities that sign AWS's endpoints (www.amazontrust.com/repository): Amazon's four roots and the Starfield ones
# that older chains lead to. Without a match every call would fail, so `trim_authorities` insists on all of them.
AUTHORITIES = frozenset(
    {
        "Amazon Root CA 1",
        "Amazon Root CA 2",
        "Amazon Root CA 3",
        "Amazon Root CA 4",
        "Starfield Services Root Certificate Authority - G2",
        "Starfield Root Certificate Authority - G2",
        "Starfield Class 2 CA",
    }
)

_DOCUMENTATION = "botocore.docs"
# Instances are kept as docstrings, and their methods called for events, whose handlers must take any keywords.
_NO_DOCUMENTATION = """\
class Undocumented:
    def __init__(self, *arguments, **keywords):
        pass

    def __getattr__(self, name):
        return ignore


def ignore(**keywords):
    pass
"""

# Appended to botocore's tables of the handlers of each event, and of the names of services in events.
_EVENTS_OF_SERVICES = """

BUILTIN_HANDLERS = [
    each
    for each in BUILTIN_HANDLERS
    if not each[0].startswith("docs.") and all(part in {services!r} for part in each[0].split(".")[1:2])
]
"""
_NAMES_OF_SERVICES = """

EVENT_ALIASES = {{name: alias for name, alias in EVENT_ALIASES.items() if alias in {services!r}}}
"""

# As the bundle has it: comments, one of which is the label, then the certificate.
_LABELLED = re.compile(r'# Label: "([^"]+)"\n(?:#[^\n]*\n)*(-----BEGIN.+?-----END CERTIFICATE-----\n)', re.DOTALL)


def trim_data(botocore: Path) -> None:
    """Drop from botocore's data all that belongs to other services and operations."""
    data = botocore / "data"
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in OPERATIONS:
            shutil.rmtree(folder)
    for service, operations in OPERATIONS.items():
        for packed in (data / service).glob("*/service-2.json.gz"):
            model = json.loads(gzip.decompress(packed.read_bytes()))
            _write(packed.with_suffix(""), _without_other_operations(model, operations))
            packed.unlink()
    endpoints = json.loads((data / "endpoints.json").read_text())
    for partition in endpoints["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in ENDPOINT_NAMES}
    _write(data / "endpoints.json", endpoints)


def trim_authorities(botocore: Path) -> None:
    """Drop the certificate authorities that sign nothing of AWS's."""
    bundle = botocore / "cacert.pem"
    found = dict(_LABELLED.findall(bundle.read_text()))
    kept = {label: certificate for label, certificate in found.items() if label in AUTHORITIES}
    assert set(kept) == AUTHORITIES, f"botocore's bundle lacks {sorted(AUTHORITIES - set(kept))}"
    bundle.write_text("".join(f"# {label}\n{kept[label]}" for label in sorted(kept)))


def trim_documentation(botocore: Path) -> None:
    """Replace the writers of the clients' docstrings by empty ones: nobody reads docstrings in a Lambda.

    Its modules, and the parsers of HTML that they import, are a twentieth of a cold start. The empty ones have the
    names that this version of botocore asks for.
    """
    names: dict[str, set[str]] = {}
    for path in botocore.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{_DOCUMENTATION}."):
                names.setdefault(str(node.module), set()).update(alias.name for alias in node.names)
    folder = botocore / "docs"
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "__init__.py").write_text(_NO_DOCUMENTATION)
    for module, wanted in names.items():
        lines = [f"from {_DOCUMENTATION} import Undocumented as {name}\n" for name in sorted(wanted)]
        (folder / f"{module.rpartition('.')[2]}.py").write_text("".join(lines))


def trim_http2(urllib3: Path) -> None:
    """Leave out how urllib3 switches to HTTP/2, which nobody asks it for.

    Else that code is loaded all the same, with a reader of package versions: a thirtieth of the imports. A caller that
    switches gets an ImportError.
    """
    (urllib3 / "http2" / "__init__.py").write_text('"""Left out."""\n')


def trim_events(botocore: Path) -> None:
    """Leave out what botocore does for events of services that are not called, and of documentation.

    Each session registers a hundred such functions and looks for each event's name in a table of sixty: a thirtieth.
    """
    for name, addition in (("handlers.py", _EVENTS_OF_SERVICES), ("utils.py", _NAMES_OF_SERVICES)):
        with (botocore / name).open("a") as module:
            module.write(addition.format(services=tuple(sorted(OPERATIONS))))


def _without_other_operations(model: dict[str, Any], operations: frozenset[str]) -> dict[str, Any]:
    missing = operations - set(model["operations"])
    assert not missing, f"botocore no longer knows {sorted(missing)}"
    kept = {name: _without_documentation(each) for name, each in model["operations"].items() if name in operations}
    shapes: dict[str, Any] = {}
    _collect(kept, model["shapes"], shapes)
    rest = {key: value for key, value in model.items() if key != "documentation"}
    return {**rest, "operations": kept, "shapes": {name: shapes[name] for name in sorted(shapes)}}


def _without_documentation(node: Any) -> Any:
    if isinstance(node, dict):
        # A shape may have a member of that name, which is a dictionary; the prose is a string.
        return {
            key: _without_documentation(value)
            for key, value in node.items()
            if not (key == "documentation" and isinstance(value, str))
        }
    return [_without_documentation(each) for each in node] if isinstance(node, list) else node


def _collect(node: Any, every_shape: Mapping[str, Any], found: dict[str, Any]) -> None:
    """Add to `found` each shape that `node` refers to, and those that they refer to."""
    if isinstance(node, dict):
        name = node.get("shape")
        if isinstance(name, str) and name in every_shape and name not in found:
            found[name] = _without_documentation(every_shape[name])
            _collect(found[name], every_shape, found)
        for value in node.values():
            _collect(value, every_shape, found)
    elif isinstance(node, list):
        for value in node:
            _collect(value, every_shape, found)


def _write(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, separators=(",", ":")))
