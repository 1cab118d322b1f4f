"""The asset of the scheduled trial: a handful of our own files, and nothing from anybody else."""

from __future__ import annotations

import shutil
from pathlib import Path

from infra.asset.dependencies import ROOT
from infra.tools import builds

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
    with builds.unfinished(folder) as unfinished:
        for name in FILES:
            (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, unfinished / name)
        builds.let_everybody_read(unfinished)
        shutil.rmtree(folder, ignore_errors=True)
    return folder
