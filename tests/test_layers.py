"""The packages of functions/ and infra/ stand on floors: each imports only what lies below it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
# From the ground up; packages of one floor know nothing of each other.
FLOORS = (
    ("functions.platform", "functions.chat.model"),
    ("functions.chat.protocol", "functions.chat.storage"),
    ("functions.routes",),
    ("functions.chat.runtime",),
    ("functions.chat.aws",),
    ("functions.chat.ice",),
    ("functions.chat.backend",),
    ("functions.chat.evidence", "functions.chat.entry", "functions.chat.conversation"),
    ("functions.chat.moderation", "functions.chat.presence"),
    ("functions.chat.privacy",),
    ("functions.handlers",),
    ("infra.prices", "infra.tools"),
    ("infra.page",),
    ("infra.smoke",),
    ("infra.options", "infra.asset"),
    ("infra.stack", "infra.local.core", "infra.papers"),
    ("infra.reports", "infra.deploy", "infra.operator", "infra.local.figures"),
    ("infra.local",),
    ("infra.desk",),
)
FLOOR = {package: floor for floor, packages in enumerate(FLOORS) for package in packages}
MODULES = sorted(
    path
    for folder in ("functions", "infra")
    for path in (REPOSITORY / folder).rglob("*.py")
    if "node_modules" not in path.parts and (path.name != "__init__.py" or path.stat().st_size)
)


def test_a_package_imports_downward_only() -> None:
    """So there is no circle between packages, and a reader of one of them reads only packages below.

    An import of a type alone sends a reader up as well.
    """
    upward = {
        (package_of(module), package_of(imported))
        for module, imported in imports()
        if package_of(module) != package_of(imported) and FLOOR[package_of(imported)] >= FLOOR[package_of(module)]
    }

    assert upward == set()


@pytest.mark.parametrize("package", sorted(FLOOR))
def test_modules_of_a_package_make_no_circle(package: str) -> None:
    """A module can be understood after those that it imports."""
    known = {
        (module, imported) for module, imported in imports() if package_of(module) == package_of(imported) == package
    }
    left = {module for pair in known for module in pair}
    while left:
        free = {module for module in left if not any(a == module and b in left for a, b in known)}
        assert free, f"a circle in {sorted(left)}"
        left -= free


@cache
def imports() -> set[tuple[str, str]]:
    return {
        (module_of(path), imported)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        for imported in _imported(node)
        if imported.startswith(("functions.", "infra.")) and imported != module_of(path)
    }


def package_of(module: str) -> str:
    return next(package for package in sorted(FLOOR, key=len, reverse=True) if f"{module}.".startswith(f"{package}."))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")


def _imported(node: ast.AST) -> set[str]:
    if not isinstance(node, ast.ImportFrom) or node.module is None:
        return set()
    inside = (REPOSITORY / node.module.replace(".", "/")).is_dir()
    return {f"{node.module}.{alias.name}" for alias in node.names} if inside else {node.module}
