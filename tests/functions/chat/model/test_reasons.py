"""One table of reasons: every place that has them has these."""

from __future__ import annotations

import re

import pytest

from functions.chat.model.reasons import REASONS, TABLE
from functions.chat.protocol import fields
from infra.operator.casebook import GRAVITY
from tests.conformance.contract import REPORT_REASONS
from tests.functions.child import REPOSITORY

# docs/operating.md, "Order"
HOURS = {"underage": 3, "sexual": 24, "harassment": 24, "hate": 24, "spam": 72, "other": 72}


def test_the_reasons_come_in_the_order_of_their_gravity_and_none_is_for_show():
    """And none is enough for a ban by itself. The gravest is looked at first, and nobody waits for four days."""
    assert REASONS == ("underage", "sexual", "harassment", "hate", "spam", "other")
    weights = [reason.weight for reason in TABLE]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight < 2.5 for weight in weights)
    assert HOURS.items() <= {reason.code: reason.hours for reason in TABLE}.items()


def test_the_parser_the_operator_and_the_contract_have_these_reasons():
    """In this order; the operator's list begins with the gravest."""
    assert fields.reason.choices == REASONS == REPORT_REASONS
    assert tuple(each for each in GRAVITY if each in REASONS) == REASONS
    assert GRAVITY[-2:] == ("operator", "flood")
    protocol = (REPOSITORY / "docs" / "protocol.md").read_text()
    listed = ", ".join(f"`{reason}`" for reason in REASONS[:-1]) + f" or `{REASONS[-1]}`"
    assert listed in protocol, f"docs/protocol.md does not list {listed}"


def test_the_page_asks_for_these_reasons_and_has_words_for_each():
    """In every language, in the dialog and where a ban is explained."""
    frontend = REPOSITORY / "frontend"
    page = (frontend / "index.html").read_text()
    assert tuple(re.findall(r'name="reason" value="(\w+)"', page)) == REASONS, "frontend/index.html offers others"
    for reason in REASONS:
        for strings in (frontend / "strings").glob("??.js"):
            assert f"reason_{reason}:" in strings.read_text(), strings.name


# Where a row of each reason stands, as it begins.
DESCRIBED = {
    "frontend/view/closed.js": '"reason_',  # to whom a ban or a warning is explained
    "frontend/view/rules.js": '"rule_',
    "infra/desk/page/words.js": '"',
}


@pytest.mark.parametrize("place", DESCRIBED)
def test_every_reader_of_a_reason_has_words_for_each(place):
    """The reported one, and the moderator at the desk."""
    text = (REPOSITORY / place).read_text()

    assert [reason for reason in REASONS if f"{reason}: {DESCRIBED[place]}" not in text] == [], f"{place} has no words"
