"""Languages are compared as people understand them."""

from __future__ import annotations

import pytest

from functions.chat.model.languages import common, speaks, understand


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("PT", "pt"),
        ("zh-Hant-TW", "zh"),
        ("gsw-CH", "gsw"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("iw", "he"),
        ("hr", "sh"),
        ("sr-Latn", "sh"),
        ("yue", "yue"),
    ],
)
def test_a_language_is_understood_whatever_its_region_and_script(tag, language):
    """Regions and scripts of one language understand each other well enough to chat."""
    assert speaks(tag) == language


@pytest.mark.parametrize(
    ("own", "other", "shared"),
    [
        ((), (), True),
        (("en",), (), True),
        ((), ("en",), True),
        (("en",), ("en",), True),
        (("pt-BR",), ("pt",), True),
        (("en", "de"), ("fr", "DE-ch"), True),
        (("en",), ("de",), False),
        (("en", "fr"), ("de", "it"), False),
    ],
)
def test_two_people_share_a_language_or_one_of_them_names_none(own, other, shared):
    """Somebody who names no language speaks with everybody."""
    assert understand(own, other) is shared
    assert understand(other, own) is shared


def test_common_languages_are_told_to_each_as_they_wrote_them():
    """Each once, in their own order."""
    own, other = ("de-CH", "pt-BR", "pt", "nb"), ("no", "PT", "en")

    assert common(own, other) == ("pt-BR", "nb")
    assert common(other, own) == ("no", "PT")
    assert common(own, ()) == common((), own) == ()
