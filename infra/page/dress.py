"""The page in an operator's brand: documents, manifest and pictures are theirs, and no script or stylesheet changes.

So everybody can still compare the scripts of a site with the source (docs/sealed.md), and a browser that has them keeps
them. The document tells its scripts the name and the operator's own words. Without a brand nothing changes.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.page import brand_colors, brand_images
from infra.page.brand import PRODUCT, Brand, BrandError

FOLDER = "brand"
ENTRY, OFFLINE, MANIFEST = "index.html", "offline.html", "manifest.webmanifest"
ICON, ALERT_ICON, TOUCH_ICON, CARD = (
    f"{FOLDER}/{name}" for name in ("icon.svg", "icon-alert.svg", "touch-icon.png", "card.png")
)

DONATE = {
    "en": "Donate",
    "ar": "تبرّع",
    "de": "Spenden",
    "es": "Donar",
    "fr": "Faire un don",
    "hi": "दान करें",
    "ja": "寄付する",
    "pt": "Doar",
    "ru": "Поддержать",
    "zh": "捐助",
}

# The colours of the product's own bubbles, as its pictures have them.
_BUBBLES = ("#ffbe46", "#5d53dd")

_ENTRY_OF_STRINGS = re.compile(r'^  (\w+): "((?:[^"\\]|\\.)*)",$', re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_MARK = re.compile(r'(<symbol id="mark" viewBox="0 0 48 48">).*?(</symbol>)', re.DOTALL)
_TEXT = re.compile(r'(?P<before>data-text="(?P<key>\w+)"[^>]*>)[^<]*(?=<)')
_LABEL = re.compile(r'(?P<before>data-label="(?P<key>\w+)" aria-label=")[^"]*(?=")')


@dataclass(frozen=True, slots=True)
class Dress:
    """A brand with all that it needs at hand; `files` are written beside the documents, by their path."""

    brand: Brand = field(default_factory=Brand)
    style: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    touch_pixels: int = 0

    def put_on(self, name: str, text: str) -> str:
        """Return a text file of the site, which its name tells, in this dress."""
        if self.brand == Brand():
            return text
        if name == MANIFEST:
            return self._manifest(text)
        if not name.endswith(".html"):
            return text
        named = text.replace(PRODUCT, html.escape(self.brand.name))
        if name == ENTRY:
            named = self._start(named)
        return self._head(self._pictures(named, alone=name == OFFLINE), name)

    def _start(self, page: str) -> str:
        """Put the operator's words where the page stands before its script runs, and what only the start page has."""
        words = self.words.get("en", {})
        own = {key: html.escape(each.replace("{site}", self.brand.name)) for key, each in words.items()}

        def replace(found: re.Match[str]) -> str:
            return found["before"] + own[found["key"]] if found["key"] in own else found[0]

        page = _LABEL.sub(replace, _TEXT.sub(replace, page))
        if "tagline" in own:
            page = _between(page, "<title>", "</title>", f"{html.escape(self.brand.name)}: {own['tagline']}")
            page = _between(page, '<meta property="og:description" content="', '"', own["tagline"])
        if "lead" in own:
            page = _between(page, '<meta name="description" content="', '"', own["lead"])
        if self.brand.donation_url:
            link = (
                f'<a href="{html.escape(self.brand.donation_url)}" target="_blank" rel="noopener" data-text="donate">'
                f"{own['donate']}</a>"
            )
            page = re.sub(r'(<nav class="papers">.*?)(</nav>)', lambda found: found[1] + link + found[2], page, count=1)
        if self.brand.icon:
            image = f'<image href="/{ICON}" width="48" height="48"/>'
            page = _MARK.sub(lambda found: found[1] + image + found[2], page, count=1)
        return self._card(page)

    def _card(self, page: str) -> str:
        """Show the operator's picture for a link, or a small one, or none: the product's own says its name."""
        picture = CARD if CARD in self.files else TOUCH_ICON if TOUCH_ICON in self.files else ""
        image = f'  <meta property="og:image" content="/{picture}">\n' if picture else ""
        page = re.sub(r'  <meta property="og:image" content="[^"]*">\n', lambda _: image, page, count=1)
        size = "summary_large_image" if picture == CARD else "summary"
        return _between(page, '<meta name="twitter:card" content="', '"', size)

    def _pictures(self, page: str, *, alone: bool) -> str:
        """Name the operator's pictures; `alone`: a document that has no network to fetch them from holds its own."""
        if ICON in self.files:
            held = "data:image/svg+xml;base64," + base64.b64encode(self.files[ICON]).decode()
            page = page.replace('"/images/icon.svg"', f'"{held}"' if alone else f'"/{ICON}"')
            page = page.replace('"/images/icon-alert.svg"', f'"/{ALERT_ICON}"')
        touch = ""
        if TOUCH_ICON in self.files:
            touch = f'  <link rel="apple-touch-icon" href="/{TOUCH_ICON}">\n'
        elif ICON not in self.files:
            return page
        return re.sub(r'  <link rel="apple-touch-icon" href="[^"]*">\n', lambda _: touch, page)

    def _head(self, page: str, name: str) -> str:
        style = f"  <style>{self.style}</style>\n" if self.style else ""
        # Data, not a script: the page's policy lets no script stand in it. With no < in it, nothing can end it.
        data = json.dumps(self.words, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        words = (
            f'  <script type="application/json" id="words">{data}</script>\n' if self.words and name == ENTRY else ""
        )
        return page.replace("  <title>", f"{style}{words}  <title>", 1)

    def _manifest(self, text: str) -> str:
        manifest = json.loads(text)
        manifest |= {"name": self.brand.name, "short_name": self.brand.name}
        if "tagline" in self.words.get("en", {}):
            manifest["description"] = self.words["en"]["tagline"]
        if self.brand.accent:
            manifest["theme_color"] = self.brand.accent
        icons = []
        if ICON in self.files:
            icons.append({"src": f"/{ICON}", "sizes": "any", "type": "image/svg+xml"})
        if TOUCH_ICON in self.files:
            size = f"{self.touch_pixels}x{self.touch_pixels}"
            icons.append({"src": f"/{TOUCH_ICON}", "sizes": size, "type": "image/png"})
        return json.dumps(manifest | ({"icons": icons} if icons else {}), ensure_ascii=False, indent=2) + "\n"


def make(brand: Brand, frontend: Path, root: Path) -> Dress:
    """Read what a brand needs, or raise `BrandError` about what it cannot be; `root` is where its files are."""
    if brand == Brand():
        return Dress()
    stylesheet = (frontend / "styles" / "colors.css").read_text(encoding="utf-8")
    for problem in brand_colors.problems(brand, stylesheet):
        raise BrandError(problem)
    words = _words(brand, frontend)
    colors = brand_colors.palette(brand, stylesheet)
    icon = brand_images.icon(brand, root) or _bubbles(colors, frontend)
    files = {ICON: icon.encode(), ALERT_ICON: brand_images.alert_icon(icon).encode()} if icon else {}
    pixels = 0
    if brand.touch_icon:
        files[TOUCH_ICON], pixels = brand_images.touch_icon(brand, root)
    if brand.card:
        files[CARD] = brand_images.card(brand, root)
    return Dress(brand, brand_colors.rule(colors) if colors else "", words, files, pixels)


def _bubbles(colors: brand_colors.Palette, frontend: Path) -> str:
    """Return the product's own icon in the brand's colours, where it has any."""
    if not colors:
        return ""
    icon = (frontend / "images" / "icon.svg").read_text(encoding="utf-8")
    for drawn, name in zip(_BUBBLES, ("lamp", "dusk"), strict=True):
        icon = icon.replace(drawn, colors[name][1]) if name in colors else icon
    return icon


def _words(brand: Brand, frontend: Path) -> dict[str, dict[str, str]]:
    """Return the operator's words and those of their link, if each stands for one that the page has."""
    known = dict(_ENTRY_OF_STRINGS.findall((frontend / "strings" / "en.js").read_text(encoding="utf-8")))
    words = brand.own_words
    for language, entries in words.items():
        for key, text in entries.items():
            if key not in known:
                raise BrandError(f"brand.words.{language}.{key} stands for no sentence of frontend/strings/en.js.")
            wanted = set(_PLACEHOLDER.findall(known[key]))
            if not wanted - {"site"} <= set(_PLACEHOLDER.findall(text)) <= wanted | {"site"}:
                needed = " ".join(f"{{{name}}}" for name in sorted(wanted)) or "nothing in braces"
                raise BrandError(f"brand.words.{language}.{key} must have {needed}, as the page's own; it is {text!r}.")
    if brand.donation_url:
        words = {each: {**words.get(each, {}), "donate": DONATE[each]} for each in {**DONATE, **words}}
    return words


def _between(page: str, before: str, after: str, words: str) -> str:
    start = page.index(before) + len(before)
    return page[:start] + words + page[page.index(after, start) :]
