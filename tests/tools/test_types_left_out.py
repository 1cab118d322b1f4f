"""No code of ours names a module that mypy does not read: it would be any type there, and no mistake would be seen."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def test_no_code_names_a_service_whose_types_are_not_read() -> None:
    overrides = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    left_out = {name for each in overrides if each.get("follow_imports") == "skip" for name in each["module"]}
    services = {name.split(".")[1] for name in left_out}
    sources = (path for folder in ("functions", "infra", "tests") for path in (REPOSITORY / folder).rglob("*.py"))
    words = {word for path in sources for word in re.findall(r"\baws_\w+", path.read_text())}

    assert services
    assert services & words == set()
