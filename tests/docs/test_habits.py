"""The files of a public project beside its code agree with the code."""

from __future__ import annotations

import re
import subprocess
import tomllib
from typing import Any

import pytest
import yaml

from tests.docs.documents import ROOT

HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]


def test_the_version_has_its_changes() -> None:
    """The newest entry of the changelog is about the version that the project says it is."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    entries = re.findall(
        r"^## (\S+) \((?:not yet released|\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )

    assert entries[0] == version
    assert len(entries) == len(set(entries)) >= 2


def test_a_change_on_github_passes_what_it_passes_here() -> None:
    """The workflow runs `.ci/run`, on the oldest Python that is promised, and may only read."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    (job,) = workflow["jobs"].values()
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")

    assert ".ci/run" in [step.get("run") for step in job["steps"]]
    assert oldest in job["strategy"]["matrix"]["python"]
    assert workflow["permissions"] == {"contents": "read"}


def test_every_folder_with_pinned_packages_is_kept_fresh() -> None:
    """A package-lock.json that nobody updates grows holes."""
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    watched = {each["package-ecosystem"]: each.get("directories") for each in updates}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    pinned = {f"/{path.rpartition('/')[0]}" for path in tracked if path.endswith("package-lock.json")}

    assert set(watched["npm"]) == pinned
    assert {"pip", "github-actions"} <= set(watched)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_before_a_commit_runs(hook: dict[str, Any]) -> None:
    """On this very repository, from the environment that `make` sets up."""
    files = [] if hook.get("pass_filenames") is False else ["tests/docs/test_habits.py"]
    done = subprocess.run([*hook["entry"].split(), *files], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
