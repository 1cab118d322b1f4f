"""`make run` shows an operator their brand before anything is deployed."""

from __future__ import annotations

import pytest

from infra.local.dressing import dress_of
from infra.options.context import OptionError
from infra.page.dress import Dress


def test_without_a_brand_the_page_is_the_products() -> None:
    """As cdk.json comes."""
    assert dress_of("") == Dress()
    assert dress_of("example") == Dress()


def test_a_site_that_is_not_there_is_one_sentence() -> None:
    """The command says it and ends."""
    with pytest.raises(OptionError, match=r"^SITE=nowhere needs the file sites/nowhere\.json\."):
        dress_of("nowhere")
