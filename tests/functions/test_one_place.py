"""A new relayed frame is changed in few files: each is named by a failing test where it was forgotten."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functions.child import REPOSITORY

FILES_MAX = 4
# What a maintainer writes by hand for a frame `wave`: by file, the line behind which it goes, and the text.
EDITS = {
    "functions/routes.py": (
        "    # Each costs a dozen writes; one that comes too late counts as well.\n",
        '    Route("wave", "relay", FREQUENT, TALKING, "relay", Rate(burst=60, per_second=2), frames.Wave),\n',
    ),
    "functions/chat/protocol/frames.py": (
        "class Skip(NamedTuple):\n",
        "class Wave(NamedTuple):\n    room: Annotated[str, fields.room]\n    on: Annotated[bool, fields.boolean]\n\n\n",
    ),
    "infra/reports/asyncapi.py": (
        '    "peer_left": ("The room is over."',
        '    "wave": ("The peer waved.", {"room": ROOM, "on": FLAG}, {}),\n',
    ),
    "docs/protocol.md": (
        "| `skip` | `room`;",
        "| `wave` | `room`; `on`: boolean | Waved. |\n",
    ),
}
# Held against the copy: the table of routes, the contract, the generated documents, and a conversation.
CHECKS = [
    *("tests/functions/test_routes.py", "tests/docs/test_protocol_document.py"),
    *(
        "tests/docs/test_architecture_document.py::test_the_generated_parts_are_up_to_date",
        "tests/functions/test_wave.py",
    ),
]
CONVERSATION = """
from infra.reports import asyncapi


def test_a_wave_reaches_the_peer(world):
    ada, bo = world.pair()
    ada.send("wave", room=ada.room, on=True)
    assert bo.news() == [{"type": "wave", "room": bo.room, "on": True}]


def test_the_event_is_in_infra_reports_asyncapi_py():
    assert "wave" in asyncapi.EVENTS, "infra/reports/asyncapi.py lists what the server says"
"""


def copy_with(folder: Path, files: set[str]) -> None:
    """Copy the repository and write the edits of these files into the copy."""
    tracked = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    for name in tracked.splitlines():
        if (
            name.startswith(
                (
                    "frontend/session/",
                    "functions/",
                    "infra/",
                    "docs/",
                    "tests/__init__.py",
                    "tests/functions",
                    "tests/docs",
                    "tests/events",
                )
            )
            or "/" not in name
        ):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)
    for name in files:
        anchor, text = EDITS[name]
        before = (folder / name).read_text()
        assert before.count(anchor) == 1, f"{name} has another text now: {anchor}"
        (folder / name).write_text(before.replace(anchor, text + anchor))
    (folder / "tests" / "functions" / "test_wave.py").write_text(CONVERSATION)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    run(folder, "infra.reports.handbook")
    return run(folder, "pytest", "-q", "-p", "no:cacheprovider", *CHECKS)


@pytest.mark.timeout(240)
def test_a_new_relayed_frame_is_written_in_four_files_and_works(tmp_path):
    """Its row, its fields, its event and its words; `make documents` writes the rest."""
    copy_with(tmp_path, set(EDITS))

    done = checked(tmp_path)

    assert len(EDITS) <= FILES_MAX
    assert done.returncode == 0, done.stdout


@pytest.mark.timeout(240)
@pytest.mark.parametrize("forgotten", EDITS)
def test_a_file_that_is_forgotten_is_noticed(tmp_path, forgotten):
    """A newcomer need not know the list."""
    copy_with(tmp_path, set(EDITS) - {forgotten})

    done = checked(tmp_path)

    assert done.returncode != 0
    told = done.stdout + done.stderr
    assert Path(forgotten).name in told or Path(forgotten).stem in told, told
