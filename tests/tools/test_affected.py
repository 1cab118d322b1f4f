"""`make check` runs what can notice the change, nearest first, and says what it did not reach."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.tools import affected, imports

TEXTS = {
    "rules.py": "",
    "handler.py": "from rules import allow",
    "package/__init__.py": "",
    "package/deep.py": "import handler",
    "settings.json": "{}",
    "page/lines.js": "",
    "page/main.js": 'import { Lines } from "./lines.js";\nconst later = await import("./later.js");',
    "page/later.js": "",
    "tests/conftest.py": "import rules",
    "tests/page/lines.test.js": 'import { Lines } from "../../page/lines.js";',
    "tests/test_rules.py": "import rules",
    "tests/test_handler.py": "from handler import handle",
    "tests/test_deep.py": "from package import deep",
    "tests/test_settings.py": 'open("settings.json")',
    "tests/browser/test_page.py": "import rules",
}


@pytest.mark.parametrize(
    ("changed", "python", "javascript"),
    [
        ("rules.py", ["test_rules", "test_deep", "test_handler", "test_settings"], []),
        ("handler.py", ["test_handler", "test_deep"], []),
        ("package/deep.py", ["test_deep"], []),
        ("settings.json", ["test_settings"], []),
        ("page/lines.js", [], ["tests/page/lines.test.js"]),
        ("page/later.js", [], []),
        ("tests/test_deep.py", ["test_deep"], []),
        ("tests/browser/test_page.py", ["browser/test_page"], []),
    ],
)
def test_the_tests_that_lean_on_a_change_run_nearest_first(changed, python, javascript) -> None:
    """Directly or through other modules; slow ones only when they themselves were changed."""
    batches, for_node = affected.tests_of([changed], TEXTS)
    found = [path.removeprefix("tests/").removesuffix(".py") for batch in batches for path in batch]
    nearest = python[:1]

    assert sorted(set(found) - {"docs/test_architecture_document", "functions/test_house_rules"}) == sorted(python)
    assert found[:1] == nearest or not nearest
    assert for_node == javascript


def test_a_late_import_is_an_import() -> None:
    """Inside a function, or by a page that loads a module when it is needed."""
    half_written = {"half.py": "def ("}
    graph = imports.leaning({**TEXTS, "late.py": "def run():\n    from package.deep import go", **half_written})

    assert graph["package/deep.py"] == {"late.py", "tests/test_deep.py"}
    assert graph["page/later.js"] == {"page/main.js"}


@pytest.mark.parametrize(("body", "passes", "said"), [("", True, "1 file"), ("assert n > 1", False, "1 failed")])
def test_a_run_ends_in_time_and_still_tells_what_failed(tmp_path, body, passes, said) -> None:
    """A failure before the end of the time is a failure; what was not reached is counted, and is none."""
    (tmp_path / "test_slow.py").write_text(
        f"import pytest\n@pytest.mark.parametrize('n', range(1, 100))\ndef test_one(n):\n    {body or 'pass'}\n"
    )
    program = (
        "import sys, pytest\nfrom tests.tools.affected import Stopwatch\n"
        "stopwatch = Stopwatch(0)\n"  # which is over when the first has run
        "code = pytest.main(['-q', '-p', 'no:cacheprovider', '-c', '/dev/null', sys.argv[1]], plugins=[stopwatch])\n"
        "print(len(stopwatch.left_out), 'file left out')\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "test_slow.py")],
        cwd=affected.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode == 0) is passes, done.stdout + done.stderr
    assert said in done.stdout
    assert "99 passed" not in done.stdout


def test_the_command_itself_runs_what_reads_every_file() -> None:
    """In this repository, with its own settings of pytest."""
    command = [sys.executable, "-m", "tests.tools.affected", "what no test leans on"]
    done = subprocess.run(command, cwd=affected.REPOSITORY, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
