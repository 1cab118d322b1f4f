"""Interests and languages are compared as people mean them."""

from __future__ import annotations

import pytest

from functions.chat.model.interests import common, fold, keys, normalise, share_language, speaks

SAME = [
    ("Café", "CAFE", "cafe\u0301", "  café "),
    ("Straße", "STRASSE", "strasse"),
    ("İstanbul", "istanbul", "ISTANBUL"),
    ("Ελλάδα", "ΕΛΛΑΔΑ", "ελλαδα"),
    ("ὈΔΥΣΣΕΎΣ", "οδυσσευς", "Ὀδυσσεύς"),
    ("Ёлка", "елка", "ЁЛКА"),
    ("ﬁlm", "film", "FILM"),
    ("\uff21\uff2e\uff29\uff2d\uff25", "anime", "Anime"),
    ("ｱﾆﾒ", "アニメ"),
    ("ガンダム", "ｶﾞﾝﾀﾞﾑ"),
    ("한국", "한국"),
    ("video  games", "Video\u00a0Games", "video\u3000games"),
    ("c\u00adhess", "ch\u200bess", "\u2060chess\ufeff", "Chess"),
    ("Å", "\u212b", "a\u030a"),
    ("Nguyễn", "nguyen"),
    ("x²", "x2"),
    ("\u202echess\u202c", "chess"),
]
DIFFERENT = [
    ("chess", "chests"),
    ("हिंदी", "हदी"),
    ("か", "が"),
    ("は", "ぱ"),
    ("ไทย", "ไทยๆ"),
    ("עִבְרִית", "עברית"),
    ("كتاب", "كُتّاب"),
    ("c", "c++"),
    ("c++", "c#"),
    ("日本", "日本語"),
    ("🎸", "🎹"),
    ("a b", "ab"),
]
UNSEEN = ["", " ", "\u200b", "\u00ad\u2060", "\u0301", "\u3000"]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: ascii(spellings[0]))
def test_spellings_of_one_interest_have_one_key(spellings):
    """Case, accents, width, ligatures, invisible characters and spaces make no difference."""
    assert len({fold(each) for each in spellings}) == 1


@pytest.mark.parametrize("pair", DIFFERENT, ids=ascii)
def test_different_interests_have_different_keys(pair):
    """Marks that are letters to their readers stay: folding them would make another word."""
    assert fold(pair[0]) != fold(pair[1])


@pytest.mark.parametrize("spelling", [each for spellings in SAME for each in spellings], ids=ascii)
def test_a_key_is_its_own_key(spelling):
    """Folding twice is folding once, so a key can be compared with a spelling."""
    assert fold(fold(spelling)) == fold(spelling)


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_what_nobody_can_see_is_no_interest(unseen):
    """It is left out rather than refused."""
    assert normalise([unseen, "chess"]) == ("chess",)


def test_interests_keep_the_first_spelling_and_the_order():
    """They are shown to their owner as typed, once each."""
    assert normalise(["  Video   games ", "Café", "CAFE", "video games", "Go"]) == ("Video games", "Café", "Go")
    assert keys(("Video games", "Café")) == ("video games", "cafe")


def test_common_interests_are_told_to_each_in_their_own_spelling():
    """Neither sees the other's way of writing, nor the other's other interests."""
    own, other = ("Café", "Chess", "Go"), ("GO", "cafe", "Music")

    assert common(own, other) == ("Café", "Go")
    assert common(other, own) == ("GO", "cafe")
    assert common(own, ()) == common((), own) == ()


@pytest.mark.parametrize(
    ("tag", "language"), [("en", "en"), ("pt-BR", "pt"), ("PT", "pt"), ("zh-Hant-TW", "zh"), ("gsw-CH", "gsw")]
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
    assert share_language(own, other) is shared
    assert share_language(other, own) is shared
