"""`/online.json`: how many people are here and when it is usually busy, as a file of the site, without a socket.

Visitors read it from the site's own cache, so a crowd before the door reaches no function and no table; it is written
once a minute at most, while anybody is here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

FILE = "online.json"
CACHED_SECONDS = 15

Told = dict[str, int | list[int]]


def writer(make_client: Callable[[], Any], bucket: str) -> Callable[[Told], None]:
    """Return what writes the file into the site's bucket; its client is made when first needed."""

    def write(told: Told) -> None:
        make_client().put_object(
            Bucket=bucket,
            Key=FILE,
            Body=json.dumps(told).encode(),
            ContentType="application/json",
            CacheControl=f"max-age={CACHED_SECONDS}",
        )

    return write
