"""`make button URL=https://…`: a link and a button for other people's sites, in the brand's words and colours.

Both are plain HTML with its style inside: a page that has them fetches nothing from here, so nobody who merely reads it
is seen by this site.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.options.context import OptionError, read
from infra.options.site_file import context_of
from infra.page.brand import LANGUAGES, Brand, BrandError

ROOT = Path(__file__).parents[2]
STRINGS = ROOT / "frontend" / "strings"

ACCENT = "#453bbf"  # of colors.css, in the light theme: a page of others is light as a rule
STYLE = (
    "display:inline-block;padding:.75em 1.25em;border-radius:2em;background:{accent};color:#fff;"
    "font:600 1rem/1.25 system-ui,sans-serif;text-decoration:none"
)
_TAGLINE = re.compile(r'^  tagline: "(.*)",$', re.MULTILINE)


def snippets(brand: Brand, url: str, language: str) -> tuple[str, str]:
    tagline = brand.own_words.get(language, {}).get("tagline") or _written(language)
    words, address = html.escape(tagline.replace("{site}", brand.name)), html.escape(url)
    direction = "rtl" if language == "ar" else "ltr"
    language_of = f'hreflang="{language}" lang="{language}" dir="{direction}"'
    style = STYLE.format(accent=brand.accent or ACCENT)
    link = f'<a href="{address}" {language_of}>{html.escape(brand.name)}</a>'
    return link, f'<a href="{address}" {language_of} style="{style}">{words}</a>'


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.reports.button", description=__doc__)
    parser.add_argument("--site", default="", help="whose file of options in sites/ is read")
    parser.add_argument("--url", default="", help="the address of the page; your domain_name without it")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="whose words the button has")
    given = parser.parse_args(arguments)
    try:
        options = read(context_of(ROOT, given.site))
    except (OptionError, BrandError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    url = given.url or (f"https://{options.domain_name}/" if options.domain_name else "")
    if not re.fullmatch(r"https://[^\s\"'<>]+", url):
        sys.stderr.write("Where is the page? make button URL=https://… (`make deploy` printed it).\n")
        return 1
    sys.stdout.write("\n\n".join(snippets(options.brand, url, given.language)) + "\n")
    return 0


def _written(language: str) -> str:
    found = _TAGLINE.search((STRINGS / f"{language}.js").read_text(encoding="utf-8"))
    assert found, "every language has a tagline"
    return found[1]


if __name__ == "__main__":
    sys.exit(main())
