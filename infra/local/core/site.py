"""The page: files of a folder with right types, validators and compression, under production's headers."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, unquote

from aiohttp import web

from functions.chat.aws import site_bucket
from functions.chat.ice.settings import public_config
from infra.page import digests, imprint, site_headers
from infra.page.dress import Dress

# Our own table: Python's mimetypes reads the machine's, where .js may be text/plain.
CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
}
PARTS = frozenset({".css", ".js", ".png"})
DRESSED = frozenset({".html", ".webmanifest"})
WORKER = "service-worker.js"
OTHER_CONTENT_TYPE = "application/octet-stream"
COMPRESSED_BYTES_MIN = 1000  # as CloudFront: below this a header costs what the compression spares
HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
# Files are edited while the gateway runs: a browser asks each time, and is answered 304 as long as nothing changed.
CACHE_CONTROL = "no-cache"
CONFIG_PATH = "/config.json"
ONLINE_PATH = f"/{site_bucket.FILE}"
SOCKET_PATH = "/ws"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    stamp: tuple[int, int]  # when the file was written and how long it is
    content_type: str
    body: bytes
    compressed: bytes | None
    tag: str
    is_part: bool  # of a document, and no document or worker itself
    styles: Sequence[str] = ()  # what stands in a document, as its policy names it


class Site:
    """Serves a folder; a file that is edited is served anew."""

    def __init__(self, folder: Path, written: Mapping[str, bytes] | None = None, dress: Dress | None = None) -> None:
        self._folder = folder.resolve()
        self._written = {} if written is None else written
        self._assets: dict[Path, Asset] = {}
        self._dress = Dress() if dress is None else dress
        self._imprint = imprint.from_environment(os.environ)

    def answer(self, request: web.BaseRequest) -> web.Response:
        """Return the file at the request's path, or why there is none."""
        if HOST.fullmatch(request.host) is None:
            return web.Response(status=HTTPStatus.BAD_REQUEST, text="The Host header names no host.\n")
        headers = site_headers.headers(f"ws://{request.host}") | {"Cache-Control": CACHE_CONTROL}
        if request.method not in ("GET", "HEAD"):
            return _text(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD.", headers | {"Allow": "GET, HEAD"})
        generated = self._generate(request, headers)
        if generated is not None:
            return generated
        asset = self._find(request.rel_url.raw_path)
        if asset is None:
            return _text(HTTPStatus.NOT_FOUND, "There is no such page.", headers)
        if asset.is_part:
            headers = site_headers.asset_headers() | {"Cache-Control": CACHE_CONTROL}
        elif asset.styles:
            headers |= site_headers.headers(f"ws://{request.host}", asset.styles)
        return _send(asset, request, headers)

    def _generate(self, request: web.BaseRequest, headers: dict[str, str]) -> web.Response | None:
        """Return what the deployment writes beside the files, if the path is one of these."""
        path = request.rel_url.raw_path
        if path == CONFIG_PATH:
            return web.json_response(_config(request.host), headers=headers)
        if (picture := self._dress.files.get(path.lstrip("/"))) is not None:
            content_type = CONTENT_TYPES[Path(path).suffix].partition(";")[0]
            return web.Response(body=picture, content_type=content_type, headers=headers)
        if path == ONLINE_PATH:
            body = self._written.get(ONLINE_PATH, b"{}")
            return web.Response(body=body, content_type="application/json", headers=headers)
        if path == f"/{digests.FILE}":
            return web.Response(text=self._list_files(), headers=headers)
        if path == imprint.SECURITY_PATH and self._imprint.contact:
            return web.Response(text=imprint.security_txt(self._imprint, datetime.now(UTC)), headers=headers)
        return None

    def _list_files(self) -> str:
        names = [path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*") if path.is_file()]
        found = {name: self._find(quote(name)) for name in names}
        return digests.listing({name: asset.body for name, asset in found.items() if asset is not None})

    def _find(self, raw_path: str) -> Asset | None:
        relative = unquote(raw_path).lstrip("/")
        if "\0" in relative or any(part.startswith(".") for part in relative.split("/")):
            return None
        path = (self._folder / relative).resolve()
        if path.is_dir():
            path /= "index.html"
        if not path.is_relative_to(self._folder) or not path.is_file():
            return None
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        asset = self._assets.get(path)
        if asset is None or asset.stamp != stamp:
            asset = self._assets[path] = self._load(path, stamp)
        return asset

    def _load(self, path: Path, stamp: tuple[int, int]) -> Asset:
        body = path.read_bytes()
        styles: Sequence[str] = ()
        if path.suffix in DRESSED:
            text = self._dress.put_on(path.relative_to(self._folder).as_posix(), body.decode())
            body = imprint.fill_in(text, self._imprint).encode()
            styles = site_headers.styles_in(text)
        content_type = CONTENT_TYPES.get(path.suffix, OTHER_CONTENT_TYPE)
        is_text = "charset" in content_type
        compressed = gzip.compress(body, mtime=0) if is_text and len(body) >= COMPRESSED_BYTES_MIN else None
        is_part = path.suffix in PARTS and path.name != WORKER
        return Asset(
            stamp, content_type, body, compressed, f'"{hashlib.sha256(body).hexdigest()[:16]}"', is_part, styles
        )


def _config(host: str) -> dict[str, object]:
    config = {"websocketUrl": f"ws://{host}{SOCKET_PATH}"} | public_config()
    age_url = os.environ.get("AGE_URL")
    evidence = {"evidence": True} if os.environ.get("EVIDENCE_KEY") else {}
    return config | evidence | ({"ageUrl": age_url} if age_url else {})


def _send(asset: Asset, request: web.BaseRequest, headers: dict[str, str]) -> web.Response:
    headers |= {"ETag": asset.tag, "Vary": "Accept-Encoding"}
    if asset.tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Type"] = asset.content_type
    if asset.compressed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=asset.compressed, headers=headers | {"Content-Encoding": "gzip"})
    return web.Response(body=asset.body, headers=headers)


def _text(status: HTTPStatus, sentence: str, headers: dict[str, str]) -> web.Response:
    return web.Response(status=status, text=sentence + "\n", headers=headers)
