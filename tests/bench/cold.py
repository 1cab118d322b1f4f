"""Cold start: whole processes, from the interpreter's start to both clients used once over TLS.

`make bench ARGS=cold` starts each case once in a round and prints medians, with ratios taken inside the rounds:
what disturbs the machine disturbs all cases of a round alike. Processor time is the figure to believe on a busy
machine. The interpreter is Lambda's Python 3.13 where this machine has one (`--python` names it), else this one.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from infra.asset import asset, dependencies
from tests.bench import aws_stub

CASES = Path(__file__).parent / "cold_cases.py"
NAIVE = "boto3, both clients, both first calls"
HANDLER = "functions.handlers.relay.handler"  # as Lambda names it in the environment
PRODUCT = "the product's `message`, ready for its first line"


@dataclass(frozen=True)
class Case:
    """One way to start: a function of cold_cases.py and what is around it."""

    name: str
    function: str
    folder: Path
    authorities: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Taken:
    """The time of one process: milliseconds of the clock and of the processor."""

    wall: float
    cpu: float


def run(python: str, case: Case) -> Taken:
    """Start one process and wait for its end."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{case.folder}:{CASES.parent}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_CA_BUNDLE": str(case.authorities),
        **case.environment,
    }
    # -P: nothing from the current folder, which may be the repository with its uncompiled sources.
    program = [python, "-P", "-S", "-c", f"import os, cold_cases; cold_cases.{case.function}(); os._exit(0)"]
    begun = time.perf_counter()
    pid = os.posix_spawnp(python, program, environment)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begun
    assert status == 0, f"{case.name} failed"
    return Taken(wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000)


def measure(python: str, cases: Sequence[Case], rounds: int) -> dict[str, list[Taken]]:
    """Return what each case took in each round; a first round only fills caches."""
    taken: dict[str, list[Taken]] = {case.name: [] for case in cases}
    for number in range(rounds + 1):
        for case in cases:
            once = run(python, case)
            if number:
                taken[case.name].append(once)
    return taken


def ratio(taken: Mapping[str, list[Taken]], name: str, what: str = "cpu") -> float:
    """Return the median over rounds of a case's cost beside the naive one's."""
    pairs = zip(taken[name], taken[NAIVE], strict=True)
    return statistics.median(getattr(one, what) / getattr(naive, what) for one, naive in pairs)


def table(taken: Mapping[str, list[Taken]]) -> list[str]:
    """Return the lines of the table in Markdown."""
    lines = ["| case | wall ms | processor ms | ratio (wall) | ratio (processor) |", "|---|---:|---:|---:|---:|"]
    for name, each in taken.items():
        wall, cpu = (statistics.median(getattr(one, what) for one in each) for what in ("wall", "cpu"))
        ratios = f"{ratio(taken, name, 'wall'):.2f} | {ratio(taken, name):.2f}"
        lines.append(f"| {name} | {wall:.0f} | {cpu:.0f} | {ratios} |")
    return lines


def prepare(python: str, scratch: Path, url: str) -> list[Case]:
    """Lay out what the cases need."""
    ours = _compiled(python, asset.build(), scratch / "ours")
    whole = _compiled(python, asset.build(trim_botocore=False, small_ca_bundle=False), scratch / "whole")
    source = _packages("boto3", scratch / "source")
    tutorial = _compiled(python, source, scratch / "tutorial")
    few, every = scratch / "few.pem", scratch / "every.pem"
    authority = (scratch / "authority.pem").read_text()
    few.write_text((ours / "botocore" / "cacert.pem").read_text() + authority)
    every.write_text((whole / "botocore" / "cacert.pem").read_text() + authority)
    environment = environment_for(url)
    on_lambda = {**environment, "AWS_LAMBDA_FUNCTION_NAME": "passerby-message", "_HANDLER": HANDLER}
    return [
        Case(NAIVE, "naive", tutorial, every, environment),
        Case("the same from a zip without bytecode", "naive", source, every, environment),
        Case(PRODUCT, "ready", ours, few, on_lambda),
        Case("the same, botocore and authorities whole", "ready", whole, every, on_lambda),
        Case("the same, and a line relayed", "product", ours, few, on_lambda),
        Case("the product's `message`, its first line unprepared", "product", ours, few, environment),
        Case("bare interpreter", "bare", ours, few, environment),
    ]


def environment_for(url: str) -> dict[str, str]:
    """Return what a Lambda of the product finds, with AWS at `url`."""
    return {
        "AWS_ENDPOINT_URL_DYNAMODB": url,
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": f"{url}/ws",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nobody",
        "AWS_SESSION_TOKEN": "t" * 800,  # as long as those of roles
        "TABLE_NAME": "passerby",
        "ROOM": aws_stub.ROOM_ID,
        "SENDER": aws_stub.SENDER,
    }


def _packages(name: str, folder: Path) -> Path:
    """Copy a package and all that it needs, as pip installs them."""
    pending, found = [name], {name}
    while pending:
        package = distribution(pending.pop())
        for path, content in dependencies.files(package):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        needs = (Requirement(line) for line in package.requires or ())
        new = {each.name for each in needs if not each.marker or each.marker.evaluate(dependencies.LAMBDA_MARKERS)}
        pending += sorted(new - found)
        found |= new
    return folder


def _compiled(python: str, folder: Path, copy: Path) -> Path:
    """Return a copy with bytecode of this Python; the asset's own is Python 3.13's."""
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(copy)], check=True)
    return copy


def find_python() -> str:
    """Return Lambda's version of Python, if it is installed here and starts, else this one."""
    found = shutil.which(f"python{asset.PYTHON_VERSION}")
    if found is None:
        return sys.executable
    # It may be a stand-in of a version manager's, which starts slowly or not at all.
    asked = [found, "-c", "import sys; print(sys.executable)"]
    real = subprocess.run(asked, capture_output=True, text=True, check=False)
    return real.stdout.strip() if real.returncode == 0 else sys.executable


def figures(rounds: int, python: str | None = None) -> dict[str, list[Taken]]:
    """Measure everything."""
    chosen = python or find_python()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        with aws_stub.serving(scratch) as url:
            return measure(chosen, prepare(chosen, scratch, url), rounds)
