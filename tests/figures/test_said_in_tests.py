"""A test says the figure that it checks: one that it took from the code would agree with any figure there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.figures.constants import ROOT, constants

# Measurements take the product as it is, and tests of documents compare these with the code. The prices
# of AWS are the ground of the sums, and no figures of ours.
COMPARING = ("tests/bench/", "tests/docs/")
GIVEN = frozenset({"infra.prices"})


def test_no_test_takes_a_figure_from_the_code() -> None:
    """By its name, or as a part of its module: the test has it from docs/limits.md, or from beside its rule."""
    taken = {
        f"{name_of(path)}: {module}.{name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if not name_of(path).startswith(COMPARING)
        for module, name in names_taken(ast.parse(path.read_text()))
        if module not in GIVEN and name in figures_of(module)
    }

    assert taken == set()


# The names that a test in JavaScript imports from a module of the page.
IMPORT_OF_PAGE = re.compile(r'import\s*\{([^}]*)\}\s*from\s*"[./]*frontend/[^"]*"')
# One of them has a value for each end of a conversation.
FIGURES_OF_PAGE = constants("frontend").keys() | {"QUIET_MS"}


def test_no_test_in_javascript_takes_a_figure_from_the_page() -> None:
    """As in Python: it stands in docs/limits.md and in the test."""
    taken = {
        f"{name_of(path)}: {name}"
        for path in sorted((ROOT / "tests").rglob("*.js"))
        if "node_modules" not in path.parts and not name_of(path).startswith(COMPARING)
        for name in names_of_page(path.read_text())
        if name in FIGURES_OF_PAGE
    }

    assert taken == set()


def names_of_page(text: str) -> list[str]:
    """Return the names that a test in JavaScript imports of the page's modules."""
    lists = IMPORT_OF_PAGE.findall(text)
    return [each.split(" as ")[0].strip() for names in lists for each in names.split(",")]


def test_a_figure_of_the_page_is_found_however_it_is_taken() -> None:
    """Over several lines, and by another name."""
    text = 'import {\n  createLines as make, LINGER_MS as PAUSE,\n} from "../../frontend/session/limits.js";\n'

    assert names_of_page(text) == ["createLines", "LINGER_MS", ""]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def names_taken(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Return what a module of tests takes from modules of ours: the module, and the name in it."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {each.asname or each.name: each.name for each in node.names if is_ours(each.name)}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and is_ours(node.module):
            for each in node.names:
                yield node.module, each.name
                modules[each.asname or each.name] = f"{node.module}.{each.name}"
    comparisons = [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    compared = {side for each in comparisons for side in said_against(each, modules)}
    for node in ast.walk(tree):
        if node in compared:
            continue
        if isinstance(node, ast.Attribute) and (module := modules.get(ast.unparse(node.value))) is not None:
            yield module, node.attr


def said_against(comparison: ast.Compare, modules: Mapping[str, str]) -> list[ast.expr]:
    """Return the sides of a comparison that stand against a figure which the test says, or which is not ours."""
    sides = [comparison.left, *comparison.comparators]
    return [each for each in sides if any(is_said(other, modules) for other in sides if other is not each)]


def is_said(value: ast.expr, modules: Mapping[str, str]) -> bool:
    """Tell whether an expression is a figure that is not taken from the code."""
    match value:
        case ast.Attribute(value=owner, attr=name):
            return name.isupper() and ast.unparse(owner) not in modules
        case ast.Name(name):
            return name.isupper() and name not in modules
    return is_figure(value, set())


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in ("functions", "infra")


@cache
def figures_of(module: str) -> frozenset[str]:
    """Return the names of a module's figures: constants that are made of numbers and of other figures."""
    path = ROOT / module.replace(".", "/")
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.exists():
        return frozenset()
    figures: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.ImportFrom(module=str(source)) if is_ours(source):
                figures |= {each.asname or each.name for each in node.names if each.name in figures_of(source)}
            case ast.Assign(targets=[ast.Name(name)], value=value) | ast.AnnAssign(target=ast.Name(name), value=value):
                if name.isupper() and value is not None and is_figure(value, figures):
                    figures.add(name)
            case ast.Assign(targets=[ast.Tuple(names)], value=ast.Tuple(values)):
                both = zip(names, values, strict=True)
                figures |= {ast.unparse(name) for name, value in both if is_figure(value, figures)}
            case _:
                pass
    return frozenset(figures)


def is_figure(value: ast.expr, figures: set[str]) -> bool:
    """Tell whether an expression is a number, several, or a rate of numbers."""
    match value:
        case ast.Constant(number):
            return isinstance(number, int | float)
        case ast.Name(name) | ast.Call(func=ast.Attribute(ast.Name(name), "_replace")):
            return name in figures
    parts: list[ast.expr] = []
    match value:
        case ast.UnaryOp(operand=operand):
            parts = [operand]
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
        case ast.Tuple(several) | ast.List(several):
            parts = several
        case ast.Call(func=ast.Name("Rate" | "timedelta"), args=several, keywords=named):
            parts = [*several, *(each.value for each in named)]
    return bool(parts) and all(is_figure(each, figures) for each in parts)


@pytest.mark.parametrize(
    "text",
    [
        "from functions.chat.model.people import REMATCH_SECONDS",
        "from functions.chat.model.people import REMATCH_SECONDS as MINUTE",
        "from functions.chat.model import people\nprint(people.REMATCH_SECONDS)",
        "import functions.chat.model.people\nprint(functions.chat.model.people.REMATCH_SECONDS)",
        "import functions.chat.model.people as people\nprint(people.REMATCH_SECONDS)",
        "def test() -> None:\n    from functions.chat.model.people import REMATCH_SECONDS",
        "from functions.chat.conversation.history import REMATCH_SECONDS",
        "from functions.chat.model import people\nassert len([]) == people.REMATCH_SECONDS",
        "from functions.chat.model import people\nassert people.MEETINGS_MAX < people.REMATCH_SECONDS",
        "from functions.chat.model.rates import FLOOD",
        "from functions.chat.model.rates import SHARE",
        "from functions.chat.model.record import DAY",
    ],
)
def test_a_figure_is_found_however_it_is_taken(text: str) -> None:
    """Also from a module that has it from another, in a function, as a rate, and one of several on a line."""
    assert [name for module, name in names_taken(ast.parse(text)) if name in figures_of(module)] != []


def test_a_value_that_is_no_figure_may_be_taken() -> None:
    """Texts, tables and what does something; and a figure that is compared with one that the test says."""
    text = """
from functions.chat.model import people
from functions.chat.moderation import reports
from functions.routes import ROUTES

MINUTE = 60
print(reports.report)
assert people.REMATCH_SECONDS == 60
assert 0.5 * 60 < people.REMATCH_SECONDS <= MINUTE
"""

    assert [name for module, name in names_taken(ast.parse(text)) if name in figures_of(module)] == []
