"""Check what changed since main, in under a minute: `python -m tests.tools.affected`, which is `make check`.

With `--all`, which is `make test`, every test runs.

The tests that lean on the changed files run, nearest first, until TEST_SECONDS_MAX; the style and the types are checked
on the other core meanwhile. A file that was not reached is named: `make test` runs everything. `--watch` runs the tests
again each time a file is saved.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.tools import node
from tests.tools import imports
from tests.tools.courtesy import COURTESY

REPOSITORY = Path(__file__).parents[2]
TEST_SECONDS_MAX = 40.0  # the last test that was begun may take some seconds more
POLL_SECONDS = 0.5
# Those wait for browsers, clocks or whole stories; they run here when they themselves were changed.
SLOW = (
    *("tests/deployment", "tests/local", "tests/conformance", "tests/load", "tests/browser", "tests/call"),
    "tests/desk",
    *("tests/bench", "tests/frontend/test_online", "tests/frontend/test_page.", "tests/frontend/test_states"),
    *("tests/simulation", "tests/town", "tests/security", "tests/infra/stack/test_nag"),
    "tests/functions/test_budget_time",
)
# Tests that read every file without naming one.
ALWAYS = ("tests/docs/test_architecture_document.py", "tests/functions/test_house_rules.py")
NEAR, BATCH = 1, 10  # imports away; files at once
# The longest first, and two at once: without a cache mypy takes as long as all else together.
CHECKS_AT_ONCE = 2
CHECKS = (
    ("mypy",),
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("python", "-m", "tests.frontend.check_style"),
    ("python", "-m", "tests.frontend.check_types"),
)
NODE_TEST = ("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test", "--test-reporter=dot")


def main(arguments: Sequence[str]) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.affected", description=__doc__)
    parser.add_argument("--since", default="main", metavar="COMMIT", help="compare with this (default: main)")
    parser.add_argument("--all", metavar="WORKERS", help="run every test, with so many workers or `auto`")
    parser.add_argument("--watch", action="store_true", help="run the tests of each file when it is saved")
    parser.add_argument("files", nargs="*", help="run the tests of these files only, without style and types")
    options = parser.parse_args(arguments)
    if options.watch:
        return _watch()
    if options.files:
        return run_tests(options.files)
    with ThreadPoolExecutor(max_workers=1) as beside:
        checks = beside.submit(_run_checks, COURTESY if options.all else 0)
        failed = run_all(options.all) if options.all else run_tests(changed_since(options.since))
        return max(failed, checks.result())


def run_all(workers: str) -> int:
    """Run every test; return 0 if none failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadscope", "tests"]
    return int(subprocess.run(command, cwd=REPOSITORY, check=False).returncode != 0)


def run_tests(changed: Iterable[str]) -> int:
    """Run what can notice a mistake in the changed files; return 0 if nothing did."""
    stopwatch = Stopwatch(time.monotonic() + TEST_SECONDS_MAX)
    batches, javascript = tests_of(changed, _texts())
    failed = False
    if javascript:
        command = [node.executable(), *NODE_TEST, *javascript]
        failed = subprocess.run(command, cwd=REPOSITORY, check=False).returncode != 0
    for batch in batches:  # each is collected when its turn comes: collecting everything takes longer than the nearest
        if stopwatch.is_over:
            stopwatch.left_out += batch
        else:
            failed |= pytest.main(["-q", "--no-header", *batch], plugins=[stopwatch]) not in stopwatch.good_ends
    if stopwatch.left_out:
        print(f"Not reached in time: {len(stopwatch.left_out)} files of tests farther away; `make test` runs them.")
    return int(failed)


def tests_of(changed: Iterable[str], texts: imports.Texts) -> tuple[list[list[str]], list[str]]:
    """Return the files of tests for pytest, in batches, and those for Node; nearest to what changed first."""
    far = imports.distances(imports.leaning(texts), changed)
    nearest = sorted(far, key=lambda path: (far[path], path))
    javascript = [path for path in nearest if path.endswith(".test.js")]
    python = [path for path in nearest if _is_test(path) and (far[path] == 0 or not path.startswith(SLOW))]
    near = [*dict.fromkeys((*(path for path in python if far[path] <= NEAR), *ALWAYS))]
    rest = [path for path in python if path not in near]
    return [near, *(rest[start : start + BATCH] for start in range(0, len(rest), BATCH))], javascript


def _is_test(path: str) -> bool:
    return path.startswith("tests/") and path.rpartition("/")[2].startswith("test_") and path.endswith(".py")


class Stopwatch:
    """Ends a run of pytest at a moment, between two tests."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.left_out: list[str] = []
        self.good_ends = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.deadline

    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        if nextitem is not None and self.is_over:
            items = item.session.items
            self.left_out = sorted({left.nodeid.partition("::")[0] for left in items[items.index(nextitem) :]})
            item.session.shouldstop = "the time is over"

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.left_out and not session.testsfailed:
            session.exitstatus = pytest.ExitCode.OK


def changed_since(commit: str) -> list[str]:
    """Return the files that differ from where this branch left `commit`, with those that git does not know yet."""
    base = _git("merge-base", "HEAD", commit) or _git("merge-base", "HEAD", f"origin/{commit}") or ["HEAD"]
    return sorted({*_git("diff", "--name-only", base[0]), *_git("ls-files", "--others", "--exclude-standard")})


def _texts() -> dict[str, str]:
    paths = {*_git("ls-files"), *_git("ls-files", "--others", "--exclude-standard")}
    return {path: (REPOSITORY / path).read_text(errors="replace") for path in paths if (REPOSITORY / path).is_file()}


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


def _run_checks(courtesy: int) -> int:
    """Check style and types, as courteous as all that only calculates; print only what they found."""
    with ThreadPoolExecutor(max_workers=CHECKS_AT_ONCE) as together:
        return max(together.map(lambda check: _run_check(check, courtesy), CHECKS))


def _run_check(check: Sequence[str], courtesy: int) -> int:
    program, *arguments = check
    command = ["nice", "-n", str(courtesy), str(Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"\n{' '.join(check)}:\n{done.stdout}{done.stderr}", file=sys.stderr)
    return int(done.returncode != 0)


def _watch() -> int:
    print("Waiting for a file to be saved; Ctrl-C ends this.", flush=True)
    before = _saved()
    try:
        while True:
            time.sleep(POLL_SECONDS)
            now = _saved()
            if saved := sorted(path for path in now if now[path] != before.get(path)):
                print(f"\n{', '.join(saved)}:", flush=True)
                subprocess.run([sys.executable, "-m", "tests.tools.affected", *saved], cwd=REPOSITORY, check=False)
            before = now
    except KeyboardInterrupt:
        return 0


def _saved() -> dict[str, int]:
    paths = (REPOSITORY / path for path in _git("ls-files", "--cached", "--others", "--exclude-standard"))
    return {str(path.relative_to(REPOSITORY)): path.stat().st_mtime_ns for path in paths if path.is_file()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
