"""Pictures of a brand can be looked at and do nothing else."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from infra.page import brand_images
from infra.page.brand import Brand, BrandError

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 48 48">{}</svg>'
)

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "a script of another namespace": '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
    "a handler": '<path onload="alert(1)" d="M0 0h9"/>',
    "HTML": "<foreignObject><p>hello</p></foreignObject>",
    "a picture from elsewhere": '<image href="https://evil.example/x.png"/>',
    "a link": '<a href="https://evil.example"><path d="M0 0h9"/></a>',
    "use of a file": '<use xlink:href="https://evil.example/x.svg#y"/>',
    "use of data": '<use href="data:image/svg+xml,x"/>',
    "a style from elsewhere": "<style>@import url(https://evil.example/x.css);</style>",
    "a fill from elsewhere": '<path fill="url(https://evil.example/x.svg#y)" d="M0 0h9"/>',
    "a style attribute": '<path style="fill:url( \'//evil.example/x\')" d="M0 0h9"/>',
    "an animation": '<animate attributeName="href" to="javascript:alert(1)"/>',
}


def png(width: int, height: int, length: int = 100) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(length)


def icon(folder: Path, text: str) -> str:
    (folder / "icon.svg").write_text(text)
    return brand_images.icon(Brand(icon="icon.svg"), folder)


def test_a_plain_icon_is_taken_as_it_is(tmp_path: Path) -> None:
    """With gradients, references within itself and a comment."""
    plain = SQUARE.format(
        '<!-- ours --><defs><linearGradient id="g"/></defs><path fill="url(#g)" d="M0 0h9"/><use href="#p"/>'
    )

    assert icon(tmp_path, plain) == plain
    assert brand_images.icon(Brand(), tmp_path) == ""


@pytest.mark.parametrize("what", HOSTILE)
def test_an_icon_that_could_do_more_is_refused(what: str, tmp_path: Path) -> None:
    """It is served from the page's own host."""
    with pytest.raises(BrandError, match=r"^brand\.icon must [^\n]+; it is icon\.svg\.$"):
        icon(tmp_path, SQUARE.format(HOSTILE[what]))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + SQUARE.format("&a;"), "without document type"),
        ('<?xml-stylesheet href="https://evil.example"?>' + SQUARE.format(""), "without document type"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 24"/>', "must be a square SVG"),
        ('<svg viewBox="0 0 48 48"/>', "must be a square SVG"),
        ("<html/>", "must be a square SVG"),
        ("GIF89a", "is no SVG"),
        (SQUARE.format("<g>"), "is no SVG"),
        (SQUARE.format(" " * 17_000), "must have up to 16 KB"),
    ],
)
def test_a_file_that_is_no_square_icon_is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BrandError, match=sentence):
        icon(tmp_path, text)


def test_a_file_that_is_not_there_or_lies_outside_is_refused(tmp_path: Path) -> None:
    """A link leads nowhere else either."""
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "icon.svg").write_text(SQUARE.format(""))
    (inside / "linked.svg").symlink_to(tmp_path / "icon.svg")
    for name in ("nowhere.svg", "linked.svg"):
        with pytest.raises(BrandError, match=rf"^brand\.icon must be a file of this folder; there is no {name}\.$"):
            brand_images.icon(Brand(icon=name), inside)


def test_a_picture_is_a_png_of_its_size(tmp_path: Path) -> None:
    """A phone would show another one badly, or none."""
    for name, content in {
        "touch": png(512, 512),
        "card": png(1200, 630),
        "other": png(90, 90),
        "no": b"GIF89a",
    }.items():
        (tmp_path / f"{name}.png").write_bytes(content)
    (tmp_path / "heavy.png").write_bytes(png(1200, 630, 400_000))

    assert brand_images.touch_icon(Brand(touch_icon="touch.png"), tmp_path) == (png(512, 512), 512)
    assert brand_images.card(Brand(card="card.png"), tmp_path) == png(1200, 630)
    for name, sentence in {"other": "has 90 x 90", "no": "is none", "heavy": "300 KB"}.items():
        with pytest.raises(BrandError, match=sentence):
            brand_images.card(Brand(card=f"{name}.png"), tmp_path)
    with pytest.raises(BrandError, match=r"180 to 1024 pixels; other\.png has 90 x 90"):
        brand_images.touch_icon(Brand(touch_icon="other.png"), tmp_path)
