"""A new feature is written in few files: each is named by a failing test where it was forgotten."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from tests.functions.child import REPOSITORY

LANGUAGES = ("en", "es", "pt", "fr", "de", "ar", "hi", "zh", "ja", "ru")
# The text that a maintainer writes by hand for a feature: by file, the text before it, and the new text.
Edits = dict[str, tuple[str, str]]


class Feature(NamedTuple):
    """A kind of change: at most so many files that a maintainer edits, and the tests that hold them to each other."""

    edits: Edits
    files_max: int
    checks: tuple[str, ...]
    behaviour: str
    sentences: Mapping[str, tuple[str, str]] = MappingProxyType({})  # one for each language, beside the files


FRAME = Feature(
    edits={
        "functions/routes.py": (
            "    # Each costs a dozen writes; one that comes too late counts as well.\n",
            '    Route("wave", "relay", FREQUENT, RELAYING, "relay", Rate(burst=60, per_second=2), frames.Wave),\n',
        ),
        "functions/chat/protocol/frames.py": (
            "class Skip(NamedTuple):\n",
            (
                "class Wave(NamedTuple):\n"
                "    room: Annotated[str, fields.room]\n"
                "    on: Annotated[bool, fields.boolean]\n\n\n"
            ),
        ),
        "infra/reports/asyncapi.py": (
            '    "peer_left": ("The room is over."',
            '    "wave": ("The peer waved.", {"room": ROOM, "on": FLAG}, {}),\n',
        ),
        "docs/protocol.md": (
            "| `skip` | `room`;",
            "| `wave` | `room`; `on`: boolean | Waved. |\n",
        ),
    },
    files_max=4,
    checks=(
        "tests/functions/test_routes.py",
        "tests/docs/test_protocol_document.py",
        "tests/docs/test_architecture_document.py::test_the_generated_parts_are_up_to_date",
    ),
    behaviour="""
from infra.reports import asyncapi


def test_a_wave_reaches_the_peer(world):
    ada, bo = world.pair()
    ada.send("wave", room=ada.room, on=True)
    assert bo.news() == [{"type": "wave", "room": bo.room, "on": True}]


def test_the_event_is_in_infra_reports_asyncapi_py():
    assert "wave" in asyncapi.EVENTS, "infra/reports/asyncapi.py lists what the server says"
""",
)
WISH = Feature(
    edits={
        "functions/chat/protocol/frames.py": (
            "    key: Annotated[str | None, fields.key] = None\n\n\nclass Message",
            "    slow: Annotated[bool, fields.boolean] = False\n",
        ),
        "functions/chat/model/people.py": (
            "    public_key: str | None = None\n\n    @property\n    def accepts_anyone",
            "    slow: bool = False\n",
        ),
        "functions/chat/storage/models.py": (
            "    public_key = UnicodeAttribute(null=True)\n\n\nclass ConnectionItem",
            "    slow = BooleanAttribute(null=True)\n",
        ),
        "functions/handlers/join.py": ("frame.key)\n    if connection.ticket_id", "frame.slow, "),
        "functions/chat/model/pairing.py": (
            "    return _accepts(one.wish, other.wish) and",
            "    if one.wish.slow != other.wish.slow:\n        return False\n",
        ),
        "docs/protocol.md": ("`widen` (optional): boolean; `key`", "`slow` (optional): boolean; "),
    },
    files_max=6,
    checks=("tests/docs/test_protocol_document.py", "tests/functions/chat/storage/test_models.py"),
    behaviour="""
import pytest


@pytest.mark.parametrize("one", [True, False])
@pytest.mark.parametrize("other", [True, False])
def test_two_meet_if_they_want_the_same_pace_also_when_they_join_again(world, one, other):
    ada, bo = world.person("Ada"), world.person("Bo")
    for _ in range(2):
        ada.join(slow=one)
    bo.join(slow=other)

    told = {event["type"] for event in ada.news()}
    assert ("paired" in told) is (one == other), "functions/chat/model/pairing.py or functions/handlers/join.py"
""",
)
REASON = Feature(
    edits={
        "functions/chat/model/reasons.py": ('    Reason("other", 0.5, 72),\n', '    Reason("violence", 1.0, 72),\n'),
        "docs/protocol.md": (" or `other`; `note`", ", `violence`"),
        "frontend/view/closed.js": ('other: "reason_other"', 'violence: "reason_violence", '),
        "frontend/view/rules.js": ('other: "rule_decent"', 'violence: "rule_decent", '),
        "infra/desk/page/words.js": ('other: "Other"', 'violence: "Violence", '),
        "frontend/index.html": (
            '        <label><input type="radio" name="reason" value="other">',
            (
                '        <label><input type="radio" name="reason" value="violence">'
                '<span data-text="reason_violence">Violence</span></label>\n'
            ),
        ),
    },
    files_max=6,
    checks=("tests/functions/chat/model/test_reasons.py",),
    behaviour="""
def test_a_report_with_the_new_reason_is_kept(world):
    ada, bo = world.pair()
    ada.send("report", room=ada.room, reason="violence")
    assert ada.last("reported")["case"], "functions/chat/model/reasons.py"
""",
    sentences={
        f"frontend/strings/{language}.js": ("  reason_other:", '  reason_violence: "…",\n') for language in LANGUAGES
    },
)
FEATURES = {"a relayed frame": FRAME, "a field of a wish": WISH, "a reason of a report": REASON}
# The tests' own copy of the contract, which is no second place of the product.
CLIENTS_VIEW = {
    "tests/conformance/contract.py": ('"other"', '"violence", '),
    "tests/functions/chat/model/test_reasons.py": ('"other")', '"violence", '),
}
FORGOTTEN = [(name, file) for name, feature in FEATURES.items() for file in feature.edits]
FORGOTTEN.append(("a reason of a report", "frontend/strings/hi.js"))
COPIED = (
    *("frontend/", "functions/", "infra/", "docs/", "tests/functions/", "tests/docs/", "tests/events/"),
    *("tests/conformance/", "tests/simulation/", "tests/__init__.py", "tests/sealing.py"),
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which one change after another is written and taken back: it compiles each file once."""
    folder = tmp_path_factory.mktemp("repository")
    tracked = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    for name in tracked.splitlines():
        if name.startswith(COPIED) or "/" not in name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)
    return folder


@contextmanager
def written(folder: Path, feature: Feature, forgotten: str = "") -> Iterator[None]:
    """Have a feature's edits in the copy, but for a forgotten file."""
    tests = CLIENTS_VIEW if feature is REASON else {}
    edits = {**feature.edits, **feature.sentences, **tests}
    documents = (f"docs/{path.name}" for path in (folder / "docs").iterdir() if path.is_file())
    before = {name: (folder / name).read_text() for name in (*edits, *documents)}
    for name, (anchor, text) in edits.items():
        assert before[name].count(anchor) == 1, f"{name} has another text now: {anchor}"
        if name != forgotten:
            (folder / name).write_text(before[name].replace(anchor, text + anchor))
    (folder / "tests" / "functions" / "test_feature.py").write_text(feature.behaviour)
    try:
        yield
    finally:
        for name, text in before.items():
            (folder / name).write_text(text)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def checked(folder: Path, feature: Feature) -> subprocess.CompletedProcess[str]:
    """Write the generated documents anew, as `make documents` does, and run the feature's tests until one fails."""
    if feature is FRAME:
        run(folder, "infra.reports.handbook")
    # Of pytest's plugins the one that pyproject.toml sets: loading all of them takes longer than these tests.
    plugins = ("-p", "no:cacheprovider", "-p", "pytest_timeout")
    return run(folder, "pytest", "-q", "-x", *plugins, *feature.checks, "tests/functions/test_feature.py")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_is_written_in_few_files_and_works(repository, name):
    """A relayed frame is its row, its fields, its event and its words; a wish and a reason are no more."""
    feature = FEATURES[name]
    with written(repository, feature):
        done = checked(repository, feature)

    assert len(feature.edits) <= feature.files_max
    assert done.returncode == 0, done.stdout


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("name", "forgotten"), FORGOTTEN)
def test_a_file_that_is_forgotten_is_noticed(repository, name, forgotten):
    """And named: a newcomer need not know the list."""
    feature = FEATURES[name]
    with written(repository, feature, forgotten):
        done = checked(repository, feature)

    assert done.returncode != 0
    told = done.stdout + done.stderr
    assert Path(forgotten).name in told or Path(forgotten).stem in told, told
