"""All spellings that readers take for one word have one key, and other words have others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.chat.model.folding import fold

# One line is one word in its spellings.
SAME = [
    # Latin: case, accents, ligatures, letters with a stroke, Turkish i
    ("Café", "CAFE", "cafe\u0301", "  café "),
    ("Straße", "STRASSE", "strasse", "STRAẞE"),
    ("İstanbul", "istanbul", "ISTANBUL", "ıstanbul"),
    ("IRMAK", "ırmak", "irmak"),
    ("ﬁlm", "film", "FILM"),
    ("Łódź", "Lodz", "ŁÓDŹ", "łódz"),
    ("København", "Kobenhavn", "KØBENHAVN"),
    ("Ǿre", "øre", "ore"),
    ("Đà Nẵng", "da nang", "Da\u0300 Na\u0306\u0303ng"),
    ("Þór", "thor"),
    ("Encyclopædia", "encyclopaedia", "ENCYCLOPǢDIA"),
    ("cœur", "coeur"),
    ("Nguyễn", "nguyen"),
    ("ə\u0301lifba", "elifba", "Əlifba"),
    ("español", "espanol"),
    ("Å", "\u212b", "a\u030a"),
    ("x²", "x2"),
    # Greek and Cyrillic: accents, final sigma; only stress and the dots of ё are left out
    ("Ελλάδα", "ΕΛΛΑΔΑ", "ελλαδα"),
    ("ὈΔΥΣΣΕΎΣ", "οδυσσευς", "Ὀδυσσεύς"),
    ("Ёлка", "елка", "ЁЛКА", "е\u0308лка"),
    ("йога", "Й\u043eга", "и\u0306ога"),
    ("за\u0301мок", "замок"),
    ("ѝ", "и"),
    # Arabic, Persian and Urdu: vowel marks, stretching, forms of alef, yeh, kaf and heh, presentation forms, digits
    ("كُرة", "كرة", "كره"),
    ("أفلام", "افلام", "إفلام", "ٱفلام", "ا\u0654فلام"),
    ("آداب", "اداب"),
    ("كـــتاب", "كتاب", "کتاب", "كُتّاب", "\ufedb\ufe98\ufe8e\ufe8f"),
    ("موسيقى", "موسيقي", "موسیقی"),
    ("مسؤول", "مسوول"),
    ("قراءة", "قراءه"),
    ("رحمٰن", "رحمن"),
    ("می\u200cخواهم", "میخواهم"),
    ("خانهٔ", "خانه", "خانۀ", "خانە\u0654"),
    ("\u06c1م", "هم"),
    ("٢٠٢٦", "۲۰۲۶", "2026", "２０２６"),
    # Hebrew: points, final forms, presentation forms, marks of its own for apostrophe, quote and hyphen
    ("עִבְרִית", "עברית"),
    ("שׁלום", "שלום", "\ufb2aלום"),
    ("צה״ל", 'צה"ל'),
    ("ג׳ז", "ג'ז", "ג’ז"),
    ("פילם", "פילמ"),
    ("בית־ספר", "בית-ספר", "בית ספר"),
    ("ייִדיש", "ײִדיש"),
    # Indic scripts: nukta, joiners, the nasal in both spellings, chillus
    ("क़िला", "क\u093cिला", "किला"),
    ("फ़िल्म", "फिल्म"),
    ("बड़ा", "बडा"),
    ("हिंदी", "हिन्दी"),
    ("संगीत", "सङ्गीत"),
    ("मुम्बई", "मुंबई"),
    ("चाँद", "चांद"),
    ("क्\u200dष", "क्ष", "क्\u200cष"),
    ("ക\u0d7b", "കന\u0d4d\u200d"),
    ("উৎসব", "উত\u09cd\u200dসব"),
    ("२०", "20", "২০"),
    # Thai and Lao: sara am, the order of marks, two short vowels that look like the long one
    ("น้ำ", "น\u0e49\u0e4d\u0e32", "น\u0e4d\u0e49\u0e32"),
    ("แมว", "เเมว"),
    ("ที่", "ท\u0e48\u0e35"),
    ("ນ້ຳ", "ນ\u0ec9\u0ecd\u0eb2", "ນ\u0ecd\u0ec9\u0eb2"),
    ("๒๕", "25"),
    # East Asia: width, Kana of both kinds and their voicing marks, composed Hangul, compatibility ideographs
    ("\uff21\uff2e\uff29\uff2d\uff25", "anime", "Anime"),
    ("ｱﾆﾒ", "アニメ", "あにめ"),
    ("ガンダム", "ｶﾞﾝﾀﾞﾑ", "カ\u3099ンタ\u3099ム", "カ\u309bンタ\u309bム", "がんだむ"),
    ("ヷ", "わ\u3099"),
    ("ｹﾞｰﾑ", "ゲーム"),
    ("\ud55c\uad6d", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
    ("神\u3000社", "\ufa19 社"),
    ("葛\U000e0100", "葛"),
    ("スター・ウォーズ", "スター･ウォーズ", "スター ウォーズ"),
    # Signs: apostrophes, quotes, dashes, tildes
    ("don't", "don’t", "donʼt", "don`t", "don´t", "don‘t", "don＇t", "don′t"),
    ("м'ята", "м’ята", "мʼята"),
    ("Hawaiʻi", "hawai'i", "Hawai`i"),
    ("k-pop", "k‐pop", "k\u2011pop", "k–pop", "k—pop", "k−pop", "k－pop", "k﹣pop", "K Pop"),
    ("sci_fi", "sci-fi", "Sci Fi"),
    ("“rock”", '"rock"', "«rock»", "„rock“"),
    ("100～", "100〜", "100~"),
    ("C♯", "c#", "Ｃ＃"),
    # Emoji: presentation, skin tones, joiners
    ("❤️", "❤", "❤\ufe0e"),
    ("⚽️ football", "⚽ Football"),
    ("👋🏽", "👋", "👋🏿"),
    ("👩🏽\u200d🍳", "👩\u200d🍳"),
    ("🏳️\u200d🌈", "🏳\u200d🌈"),
    # White space and unseen characters
    ("video  games", "Video\u00a0Games", "video\u3000games", "video\u2800games", "video\u2009games"),
    ("c\u00adhess", "ch\u200bess", "\u2060chess\ufeff", "Chess", "c\u034fhess", "ch\u061cess", "chess\u3164"),
    ("\u202echess\u202c", "chess", "\u2067chess\u2069", "chess\U000e0041"),
]
# Two words each.
APART = """
chess/chests cafe/coffee art/arts c/c++ c++/c# c/c# c-/c f#/f .net/net 3d/3 don't/dont
й/и мой/мои її/іі ґ/г ў/у ѓ/г ќ/к ы/и э/е ӑ/а ш/щ ъ/ь қ/к
か/が は/ぱ ば/ぱ びょういん/びよういん きて/きって おばさん/おばーさん カギ/カキ 日本/日本語 音楽/音声 大/犬
हिंदी/हदी कला/काला दिन/दीन बल/बाल हंस/हस जन्म/जंम ड/द বল/বাল য়/য ড়/ড ಕ/ಕಾ தமிழ/தமிழ்
เสือ/เสื่อ เสือ/เสื้อ ไทย/ไทยๆ มา/ม้า ໝາ/ໝ້າ
بهائی/بھائی لڑکی/لڑکے چای/جای پارک/بارك گل/كل زن/ژن ب/ت
שיר/שור כלב/קלב ދިވެހި/ދވހ ትግርኛ/ትግረኛ 한국/한굴 가/까
🎸/🎹 🇩🇪/🇫🇷 1️⃣/1 😀/😃 🏃‍♀️/🏃‍♂️
"""
ENGLAND, SCOTLAND = (f"🏴{''.join(chr(0xE0000 + ord(each)) for each in tags)}\U000e007f" for tags in ("gbeng", "gbsct"))
PAIRS_APART = [tuple(pair.split("/")) for pair in APART.split()]
PAIRS_APART += [("a b", "ab"), ("k pop", "kpop"), (ENGLAND, SCOTLAND), (ENGLAND, "🏴")]
UNSEEN = [
    "",
    " ",
    "\u200b",
    "\u00ad\u2060",
    "\u0301",
    "\u3000",
    "\u2800",
    "\u3164",
    "\u200e",
    "\ufe0f",
    "\u034f",
    "\U000e0020",
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: ascii(spellings[0]))
def test_spellings_of_one_word_have_one_key(spellings):
    """In each form that a keyboard, a habit of spelling or an encoding makes of the word."""
    assert len({fold(each) for each in spellings}) == 1, [(each, fold(each)) for each in spellings]


@pytest.mark.parametrize("pair", PAIRS_APART, ids=ascii)
def test_other_words_have_other_keys(pair):
    """A mark that only looks like an accent stays where it makes another word."""
    assert fold(pair[0]) != fold(pair[1])


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_an_invisible_text_has_no_key(unseen):
    """Nobody can have it in common."""
    assert fold(unseen) == ""


LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
# Hypothesis seldom puts a mark where it matters, so the scripts with rules of their own are drawn from as well.
BLOCKS = ((0x300, 0x700), (0x900, 0x980), (0xE00, 0xF00), (0x2000, 0x2070), (0x3040, 0x3100), (0xFE00, 0xFFF0))
SCRIPTS = st.sampled_from([chr(each) for block in BLOCKS for each in range(*block)])


@given(st.text(LETTERS | SCRIPTS, max_size=32))
def test_a_key_is_its_own_key(text):
    """So a key can be compared with a spelling, and a client may send either."""
    assert fold(fold(text)) == fold(text)
