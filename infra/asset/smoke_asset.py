"""The asset of the scheduled trial: a handful of our own files, and nothing from anybody else."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from infra.asset.dependencies import ROOT

FILES = (
    "infra/__init__.py",
    "infra/page/__init__.py",
    "infra/page/site_headers.py",
    "infra/smoke/__init__.py",
    "infra/smoke/handler.py",
    "infra/smoke/relay.py",
    "infra/smoke/steps.py",
    "infra/smoke/wire.py",
)
HANDLER = "infra.smoke.handler.handle"
BUILD = ROOT / "build" / "smoke"


def build(folder: Path = BUILD) -> Path:
    """Return the folder of the asset, made anew: it is what lies in it that the CDK compares."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="unfinished-") as scratch:
        made = Path(scratch) / "asset"
        for name in FILES:
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, made / name)
        # Lambda's own user reads it, with any umask of the person who deploys.
        for path in [made, *made.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(folder, ignore_errors=True)
        made.replace(folder)
    return folder
