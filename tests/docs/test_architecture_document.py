"""The generated parts of the documents are what the code says, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.reports import handbook
from tests.docs.documents import DOCUMENTS, ROOT


def test_the_generated_parts_are_up_to_date() -> None:
    """`make documents` after a change of routes, permissions, states, options, limits, fields or metrics."""
    texts = [path.read_text() for path in DOCUMENTS]

    assert [handbook.fill_in(text) for text in texts] == texts
    named = re.findall(r"<!-- (\w+) -->\n", "".join(texts))
    assert sorted(set(named) - {"end"}) == sorted(handbook.PARTS)
    for name, write in handbook.WHOLE.items():
        assert (ROOT / name).read_text() == write(), f"{name} is not what the code says: make documents"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_into_the_repository_leads_somewhere(document: Path) -> None:
    """A file that was moved is found by its readers."""
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text())
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]

    assert missing == []
