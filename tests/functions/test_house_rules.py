"""Rules that hold for every file: small, flat, pure where it says so, and idle at import."""

from __future__ import annotations

import ast
import json
import random
import re
from pathlib import Path

import pytest

from tests.functions.child import REPOSITORY, output_of

# One idea each: rarely more than 350 lines, 600 of a test, and a screen for a function.
LINES_MAX, LINES_OF_TESTS_MAX, FUNCTION_LINES_MAX = 350, 600, 42
# Not ours, or made by machines.
FOREIGN = {"node_modules", "cdk.out", "__pycache__"}
FUNCTION_OF_PAGE = re.compile(r"^(\s*)(export )?(default )?(static )?(async )?(function\b.*|[#\w]+\(.*\)|.*=>) \{$")
# Modules that decide and never act: none reaches the network, the clock, the environment or chance of its own.
PURE = {
    "functions.chat.model.busy_hours",
    "functions.chat.model.case",
    "functions.chat.evidence.chacha20_poly1305",
    "functions.chat.evidence.hpke",
    "functions.chat.model.puzzle",
    "functions.chat.model.stamps",
    "functions.chat.evidence.x25519",
    "functions.chat.model.age_proof",
    "functions.chat.protocol.fields",
    "functions.chat.protocol.events",
    "functions.chat.protocol.frames",
    "functions.chat.model.pseudonyms",
    "functions.chat.model.folding",
    "functions.chat.model.interests",
    "functions.chat.model.languages",
    "functions.chat.model.rates",
    "functions.chat.runtime.metrics",
    "functions.chat.model.complaints",
    "functions.chat.model.crowd_order",
    "functions.chat.model.pairing",
    "functions.chat.model.people",
    "functions.chat.protocol.errors",
    "functions.chat.model.networks",
    "functions.chat.model.reasons",
    "functions.chat.model.record",
    "functions.chat.model.reputation",
    "functions.chat.model.resume_token",
    "functions.chat.privacy.kinds",
    "functions.platform",
    "functions.routes",
}
IMPURE = {
    "aws_lambda_powertools",
    "boto3",
    "botocore",
    "pynamodb",
    "os",
    "time",
    "datetime",
    "secrets",
    "urllib",
    "socket",
}
IMPURE |= {"http", "subprocess", "threading", "uuid", "logging", "pathlib", "sys"}


def files(*folders: str, suffix: str = ".py") -> list[Path]:
    found = (path for folder in folders for path in (REPOSITORY / folder).rglob(f"*{suffix}"))
    return sorted(path for path in found if not FOREIGN & set(path.parts))


def name_of(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")


# One sentence a line in each language: as long as the product has sentences.
SENTENCES = REPOSITORY / "frontend" / "strings"
CODE = files("functions", "infra")
PAGE = files("frontend", "infra/desk", suffix=".js")
TESTS = files("tests")


def test_a_file_can_be_read_in_one_go():
    """One idea each; a longer file has two. Tests are sentences; a table may be long, but not for ever."""
    limits = dict.fromkeys((each for each in (*CODE, *PAGE) if each.parent != SENTENCES), LINES_MAX)
    limits |= dict.fromkeys((*TESTS, *files("tests", suffix=".js")), LINES_OF_TESTS_MAX)
    lines = {path: len(path.read_text().splitlines()) for path in limits}

    assert {name_of(path): lines[path] for path in limits if lines[path] > limits[path]} == {}


def test_a_function_fits_a_screen():
    """And so can be understood without scrolling."""
    assert too_long({path: functions_of(path) for path in CODE}) == {}


def functions_of(path: Path) -> dict[str, int]:
    """Return how many lines each function of a module has."""
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    return {each.name: _lines(each) for each in functions}


def test_a_function_of_the_page_fits_a_screen():
    """Read by its indentation, which the page's formatting keeps."""
    assert too_long({path: functions_of_page(path) for path in PAGE}) == {}


def functions_of_page(path: Path) -> dict[str, int]:
    lines = path.read_text().splitlines()
    found = {}
    for start, line in enumerate(lines):
        head = FUNCTION_OF_PAGE.match(line)
        if head is not None:
            closing = re.compile(rf"{head[1]}\}}")
            end = next((at for at in range(start, len(lines)) if closing.match(lines[at])), start)
            found[line.strip()] = end - start + 1
    return found


def too_long(functions: dict[Path, dict[str, int]]) -> dict[str, int]:
    return {
        f"{name_of(path)}: {name}": length
        for path, found in functions.items()
        for name, length in found.items()
        if length > FUNCTION_LINES_MAX
    }


def _lines(function: ast.FunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def test_a_file_says_what_it_is_for():
    """In its first lines, unless it is empty."""
    texts = {name_of(path): path.read_text() for path in CODE}

    assert [name for name, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))] == []


def test_pure_modules_say_so_and_are_listed():
    """A reader of the file and the check of the rule mean the same modules."""
    saying = {module_of(path) for path in files("functions") if _says_pure(path)}

    assert saying - PURE == set()
    assert {module_of(path) for path in CODE} >= PURE


def _says_pure(path: Path) -> bool:
    return "Pure." in (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n\n", 1)[0]


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_pure_module_reaches_nothing_outside(module):
    """It imports neither what acts, nor our own modules that do; chance is handed in."""
    tree = ast.parse((REPOSITORY / f"{module.replace('.', '/')}.py").read_text())
    imported = {name for node in ast.walk(tree) for name in _imports(node)}

    assert {name for name in imported if name.partition(".")[0] in IMPURE} == set()
    assert {name for name in imported if name.startswith("functions.")} <= PURE
    drawn = [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "random"
    ]
    assert set(drawn) <= {random.Random.__name__}


def _imports(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module is not None:
        inside = (REPOSITORY / node.module.replace(".", "/")).is_dir()
        return {f"{node.module}.{alias.name}" for alias in node.names} if inside else {node.module}
    return set()


IMPORT_ALL = """
import builtins, importlib, json, socket, subprocess, sys, threading

done = []
def forbid(name):
    def fail(*arguments, **options):
        done.append(name)
        raise RuntimeError(name)
    return fail

socket.socket.connect = forbid("connect")
socket.getaddrinfo = forbid("getaddrinfo")
subprocess.Popen.__init__ = forbid("Popen")
threading.Thread.start = forbid("Thread.start")

import boto3.session, botocore.session
boto3.session.Session.__init__ = forbid("boto3.Session")
botocore.session.Session.__init__ = forbid("botocore.Session")

for module in json.loads(sys.argv[1] if len(sys.argv) > 1 else MODULES):
    importlib.import_module(module)
print(json.dumps(done))
"""


def test_nothing_works_at_import():
    """Any module imports without credentials, region, network, clients or threads, and without any environment."""
    modules = json.dumps([module_of(path) for path in files("functions") if path.name != "__main__.py"])

    assert json.loads(output_of(f"MODULES = {modules!r}\n{IMPORT_ALL}")) == []


def test_only_settings_and_what_puts_a_process_together_read_the_environment():
    """The operator's settings stand in one place for each part."""
    reading = {
        module_of(path)
        for path in files("functions")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }

    assert reading <= {
        "functions.chat.runtime.settings",
        "functions.chat.ice.settings",
        "functions.chat.backend",
        "functions.handlers",  # whether this is Lambda (entry/warm_up.py)
    }


# Values and names without behaviour; or tested with the module that is made of them, in the same package.
SHOWN_BY = {
    "protocol/errors": "protocol/test_encoding",
    "aws/parameter_store": "aws/test_identity_keys",
    "aws/signed_request": "ice/test_providers",
    "ice/cloudflare": "ice/test_providers",
    "ice/coturn": "ice/test_providers",
    "ice/kinesis": "ice/test_providers",
    "ice/memory": "ice/test_provider",
    "model/rates": "runtime/test_leaky_bucket",
    "storage/conditions": "storage/test_store",
    "storage/attributes": "storage/test_models",
    "storage/rooms": "storage/test_store",
    "storage/presence": "presence/test_census",
    "storage/record_items": "storage/test_records",
}


def test_every_module_has_its_tests():
    """They mirror each other, so that a newcomer finds the one from the other."""
    chat = REPOSITORY / "functions" / "chat"
    mirror = REPOSITORY / "tests" / "functions"
    modules = {str(path.relative_to(chat.parent).with_suffix("")) for path in files("functions/chat")}
    modules = {each for each in modules if not each.endswith("__init__")}

    def is_tested(module):
        folder, _, name = module.rpartition("/")
        shown = SHOWN_BY.get(module.removeprefix("chat/"))
        return (mirror / (f"chat/{shown}.py" if shown else f"{folder}/test_{name}.py")).exists()

    assert {module for module in modules if not is_tested(module)} == set()


def test_nothing_is_patched():
    """Fakes stand in for the outside; the product is tested as it is."""
    patching = {
        name_of(path)
        for path in files("tests/functions")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name | ast.arg)
        and (node.id if isinstance(node, ast.Name) else node.arg) in {"monkeypatch", "MagicMock", "mocker", "patch"}
    }

    assert patching == set()
