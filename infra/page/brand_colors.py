"""The colours that follow from a brand's own, and their contrast by WCAG 2.2 AA in both themes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from infra.page.brand import Brand

THEMES = ("light", "dark")
TEXT, SHAPE = 4.5, 3.0  # success criteria 1.4.3 and 1.4.11
WHITE, BLACK = "#ffffff", "#000000"

Pair = tuple[str, str]  # a colour in the light theme, and in the dark one
Palette = Mapping[str, Pair]

HOVER_SHARE = 0.18
MIST_SHARE = 0.18
STEPS = 50  # of a way from one colour to another

# The pairs of colours that a brand's colour is in: key, above, below, least contrast, and the name of the pair.
PAIRS = (
    ("accent", "on-accent", "accent", TEXT, "white words on it"),
    ("accent", "on-accent", "accent-hover", TEXT, "white words on its darker shade"),
    ("accent", "accent", "page", SHAPE, "a button on the page"),
    ("accent", "accent-text", "page", TEXT, "links on the page"),
    ("accent", "accent-text", "surface", TEXT, "links on a sheet"),
    ("accent", "focus", "page", SHAPE, "the ring around what is chosen"),
    ("accent", "focus", "surface", SHAPE, "the ring around what is chosen"),
    ("highlight", "on-highlight", "highlight", TEXT, "words on it"),
    ("highlight", "highlight-text", "highlight-surface", TEXT, "words in it"),
)
# The start page glows in both colours: the name of each glow, and its strongest share. Text in it stays readable, since
# a glow that is too strong becomes paler.
GLOWS = (("glow-above", 0.24), ("glow-below", 0.2))
ON_GLOWS = ("text", "quiet-text")

_DECLARED = re.compile(r"--([\w-]+):\s*([^;]+);")
_BOTH = re.compile(r"light-dark\((.+), (.+)\)")
_OTHER = re.compile(r"var\(--([\w-]+)\)")


def palette(brand: Brand, stylesheet: str) -> dict[str, Pair]:
    """Return the raw colours of colors.css that a brand changes."""
    base = declared(stylesheet)
    found: dict[str, Pair] = {}
    if brand.accent:
        found |= _accents(brand, base)
    if brand.highlight:
        found |= _highlights(brand.highlight, base)
    if found:
        found["dusk-word"] = _links(found.get("dusk", base["accent-text"]), _meanings(found, stylesheet))
    return found


def declared(stylesheet: str) -> dict[str, Pair]:
    """Return every colour of a stylesheet by its name, in both themes."""
    written = dict(_DECLARED.findall(stylesheet))

    def resolve(name: str, theme: int) -> str:
        both = _BOTH.fullmatch(written[name])
        value = both[1 + theme] if both else written[name]
        other = _OTHER.fullmatch(value)
        return resolve(other[1], theme) if other else value

    return {name: (resolve(name, 0), resolve(name, 1)) for name in written}


def rule(colors: Palette) -> str:
    """Return the stylesheet that puts these colours in place of the page's own; it wins wherever it stands."""
    return "html:root{" + "".join(f"--{name}:light-dark({pair[0]},{pair[1]});" for name, pair in colors.items()) + "}"


def problems(brand: Brand, stylesheet: str) -> Iterator[str]:
    """Yield a sentence for each pair of colours that cannot be told apart well enough."""
    colors = _meanings(palette(brand, stylesheet), stylesheet)
    for theme, title in enumerate(THEMES):
        for key, above, below, least, what in PAIRS:
            ratio = contrast(colors[above][theme], colors[below][theme])
            if getattr(brand, key) and ratio < least:
                yield _sentence(brand, key, what, title, ratio, least)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """Return so much of the first colour with the rest of the second."""
    parts = (round(a * share + b * (1 - share)) for a, b in zip(_parts(one), _parts(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _meanings(changed: Palette, stylesheet: str) -> dict[str, Pair]:
    """Return every colour as it is when these raw ones are changed."""
    return declared(stylesheet + "".join(f"--{name}: light-dark({', '.join(pair)});" for name, pair in changed.items()))


def _accents(brand: Brand, base: Palette) -> dict[str, Pair]:
    dark_page = base["page"][1]

    def fits(color: str) -> bool:
        return contrast(color, WHITE) >= TEXT and contrast(color, dark_page) >= SHAPE

    accent = (brand.accent, brand.accent_dark or _towards(brand.accent, WHITE, fits))
    return {
        "dusk": accent,
        "dusk-deep": (mix(BLACK, accent[0], HOVER_SHARE), mix(BLACK, accent[1], HOVER_SHARE)),
        "glow-below": _glow(accent, base, GLOWS[1][1]),
    }


def _highlights(highlight: str, base: Palette) -> dict[str, Pair]:
    ink = max((base["ink"][0], WHITE), key=lambda each: contrast(each, highlight))
    mist = (mix(highlight, base["sheet"][0], MIST_SHARE), mix(highlight, base["sheet"][1], MIST_SHARE))
    return {
        "lamp": (highlight, highlight),
        "lamp-ink": (ink, ink),
        "lamp-mist": mist,
        "lamp-word": _words((highlight, highlight), ([mist[0]], [mist[1]])),
        "glow-above": _glow((highlight, highlight), base, GLOWS[0][1]),
    }


def _links(accent: Pair, colors: Palette) -> Pair:
    """Return an accent that can be read on the page, on its sheets and where the start page glows most."""
    grounds = [
        [
            colors["page"][at],
            colors["surface"][at],
            *(mix(colors[glow][at], colors["page"][at], share) for glow, share in GLOWS),
        ]
        for at in (0, 1)
    ]
    return _words(accent, (grounds[0], grounds[1]))


def _words(color: Pair, grounds: tuple[list[str], list[str]]) -> Pair:
    return (
        _towards(color[0], BLACK, lambda each: _is_readable([each], grounds[0])),
        _towards(color[1], WHITE, lambda each: _is_readable([each], grounds[1])),
    )


def _glow(color: Pair, base: Palette, share: float) -> Pair:
    """Return a colour as pale as the text in its light needs."""

    def paler(at: int) -> str:
        words = [base[name][at] for name in ON_GLOWS]
        page = base["page"][at]
        return _towards(color[at], page, lambda each: _is_readable(words, [mix(each, page, share)]))

    return paler(0), paler(1)


def _is_readable(words: list[str], grounds: list[str]) -> bool:
    return all(contrast(word, ground) >= TEXT for word in words for ground in grounds)


def _towards(color: str, end: str, fits: Callable[[str], bool]) -> str:
    """Return the first colour on the way to another that fits, or the one that it began with."""
    way = (mix(end, color, step / STEPS) for step in range(STEPS + 1))
    return next((each for each in way if fits(each)), color)


def _sentence(brand: Brand, key: str, what: str, theme: str, ratio: float, least: float) -> str:
    named = "accent_dark" if key == "accent" and theme == "dark" and brand.accent_dark else key
    return (
        f"brand.{named} cannot be {getattr(brand, named)}: {what} would have a contrast of {ratio:.2f} in the {theme} "
        f"theme, and WCAG AA asks for {least:g}."
    )


def _parts(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


def _luminance(color: str) -> float:
    shares = (part / 255 for part in _parts(color))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
