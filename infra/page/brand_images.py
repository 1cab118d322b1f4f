"""The pictures of a brand: read, and refused in a sentence where they could do more than be looked at.

They are served from the page's own host, so an SVG with a script would be a script of the page when it is opened alone.
"""

from __future__ import annotations

import base64
import re
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

from infra.page.brand import Brand, BrandError

ICON_BYTES_MAX = 16 * 1024  # it stands in the page without a network, too
PICTURE_BYTES_MAX = 300 * 1024  # those who show cards give up on larger ones
TOUCH_PIXELS = range(180, 1025)
CARD_PIXELS = (1200, 630)

_SHAPES = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "use", "symbol", "title"}
    | {"linearGradient", "radialGradient", "stop", "clipPath", "mask", "desc"}
)
_SVG = "{http://www.w3.org/2000/svg}"
_ABROAD = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|data:|https?:|@import", re.IGNORECASE)
_PNG = b"\x89PNG\r\n\x1a\n"

_ALERT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><image href="data:image/svg+xml;base64,{icon}" '
    'width="48" height="48"/><circle cx="36" cy="12" r="11" fill="#d61f3d" stroke="#fff" stroke-width="3"/></svg>\n'
)


def icon(brand: Brand, root: Path) -> str:
    """Return the SVG of the operator's icon, or nothing."""
    if not brand.icon:
        return ""
    content = _read("icon", brand.icon, root, ICON_BYTES_MAX)
    try:
        text = content.decode()
        problem = _problem(text)
    except (UnicodeDecodeError, ET.ParseError) as unreadable:
        problem = f"is no SVG ({unreadable})"
    if problem:
        raise BrandError(f"brand.icon {problem}; it is {brand.icon}.")
    return text


def alert_icon(icon: str) -> str:
    """Return an icon with the sign that something waits."""
    return _ALERT.format(icon=base64.b64encode(icon.encode()).decode())


def touch_icon(brand: Brand, root: Path) -> tuple[bytes, int]:
    """Return the picture for home screens with its side in pixels."""
    content = _read("touch_icon", brand.touch_icon, root, PICTURE_BYTES_MAX)
    width, height = _size("touch_icon", brand.touch_icon, content)
    if width != height or width not in TOUCH_PIXELS:
        least, most = TOUCH_PIXELS.start, TOUCH_PIXELS.stop - 1
        raise BrandError(
            f"brand.touch_icon must be a square of {least} to {most} pixels; {brand.touch_icon} has {width} x {height}."
        )
    return content, width


def card(brand: Brand, root: Path) -> bytes:
    """Return the picture that a link shows."""
    content = _read("card", brand.card, root, PICTURE_BYTES_MAX)
    size = _size("card", brand.card, content)
    if size != CARD_PIXELS:
        raise BrandError(
            f"brand.card must have {CARD_PIXELS[0]} x {CARD_PIXELS[1]} pixels; {brand.card} has {size[0]} x {size[1]}."
        )
    return content


def _read(key: str, name: str, root: Path, bytes_max: int) -> bytes:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise BrandError(f"brand.{key} must be a file of this folder; there is no {name}.")
    content = path.read_bytes()
    if len(content) > bytes_max:
        raise BrandError(f"brand.{key} must have up to {bytes_max // 1024} KB; {name} has {len(content) // 1024 + 1}.")
    return content


def _size(key: str, name: str, content: bytes) -> tuple[int, int]:
    """Return width and height, which a PNG says in its first chunk."""
    if not content.startswith(_PNG) or content[12:16] != b"IHDR":
        raise BrandError(f"brand.{key} must be a PNG; {name} is none.")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _problem(text: str) -> str:
    """Return why an SVG cannot be an icon, or nothing."""
    if re.search(r"<!(?!--)|<\?(?!xml\s)", text):
        return "must be a plain SVG, without document type, entities and instructions"
    picture = ET.fromstring(text)  # noqa: S314 - no entities: a text that declares them was refused
    sides = re.fullmatch(r"0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)", picture.get("viewBox", "").replace(",", " ").strip())
    if picture.tag != f"{_SVG}svg" or sides is None or sides[1] != sides[2]:
        return 'must be a square SVG, with a viewBox such as "0 0 48 48"'
    for element in picture.iter():
        tag = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else "?"
        if tag not in _SHAPES:
            return f"must be made of shapes only, without <{tag.rpartition('}')[2]}>; save it as plain SVG"
        for name, value in element.items():
            plain = name.rpartition("}")[2].lower()
            leads_out = plain == "href" and not value.startswith("#")
            if plain.startswith("on") or leads_out or _ABROAD.search(value):
                return f"must neither act nor fetch anything, as its {plain} does"
    return ""
