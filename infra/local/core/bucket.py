"""The site's bucket, as far as the functions write to it: Amazon S3's PutObject, as the real boto3 client sends it.

The files are kept in memory, and site.py serves them as CloudFront does on AWS.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from infra.local.core.management import is_loopback

BUCKET_PATH = "/_bucket"
BUCKET_NAME = "site"
OBJECT_BYTES_MAX = 64 * 1024  # the functions write a line or two


class Bucket:
    """Objects by their path on the site."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def holds(self, path: str) -> bool:
        """Tell whether a request is about this bucket."""
        return path.startswith(f"{BUCKET_PATH}/{BUCKET_NAME}/")

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Keep one object (docs.aws.amazon.com, S3 API reference, "PutObject")."""
        # The SDKs sign every request. A page of another origin cannot send this header.
        if not is_loopback(request) or request.method != "PUT" or "Authorization" not in request.headers:
            return web.Response(status=HTTPStatus.FORBIDDEN)
        body = await request.read()
        if len(body) > OBJECT_BYTES_MAX:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self.objects[request.path.removeprefix(f"{BUCKET_PATH}/{BUCKET_NAME}")] = body
        return web.Response(headers={"ETag": '"0"'})
