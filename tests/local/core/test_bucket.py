"""The real S3 client writes a file of the site, and visitors read it."""

from __future__ import annotations

import asyncio
from typing import Any

import boto3

from functions.chat.aws import clients
from functions.chat.aws.site_bucket import writer
from infra.local.core.bucket import BUCKET_NAME, BUCKET_PATH
from tests.local.world import world

OBJECT_BYTES_MAX = 64 * 1024


def storage(url: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=url + BUCKET_PATH,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=clients.config(),
    )


async def test_a_file_that_the_functions_write_is_what_visitors_read():
    """Nothing at first, then the number."""
    async with world() as w:
        async with w.session.get(w.url + "/online.json") as answer:
            assert (answer.status, await answer.json()) == (200, {})

        await asyncio.to_thread(writer(lambda: storage(w.url), BUCKET_NAME), {"online": 7, "until": 99})
        async with w.session.get(w.url + "/online.json") as answer:
            assert await answer.json() == {"online": 7, "until": 99}
            assert answer.headers["Date"]


async def test_only_the_functions_write_and_not_without_end():
    """A page of another origin cannot send the header that the clients sign with."""
    async with world() as w:
        path = f"{w.url}{BUCKET_PATH}/{BUCKET_NAME}/online.json"
        async with w.session.put(path, data=b"{}") as answer:
            assert answer.status == 403
        signed = {"Authorization": "AWS4-HMAC-SHA256 something"}
        async with w.session.put(path, data=bytes(OBJECT_BYTES_MAX + 1), headers=signed) as answer:
            assert answer.status == 413
        async with w.session.get(w.url + "/online.json") as answer:
            assert await answer.json() == {}
