"""Files of the site that handlers write: the number of people here, and the monthly figures of moderation.

`/online.json` also has the busy hours; `/transparency.json` has the months. Visitors read both from the site's own
cache, so a crowd of readers reaches no function and no table. The first is written at most once a minute, while anybody
is here; the second once a day.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

FILE = "online.json"
FIGURES_FILE = "transparency.json"
CACHED_SECONDS = 15
FIGURES_CACHED_SECONDS = 3600

Told = dict[str, int | list[int]]


def writer(
    make_client: Callable[[], Any], bucket: str, file: str = FILE, cached_seconds: int = CACHED_SECONDS
) -> Callable[[Mapping[str, Any]], None]:
    """Return the function that writes a file into the site's bucket; its client is made when first needed."""

    def write(told: Mapping[str, Any]) -> None:
        make_client().put_object(
            Bucket=bucket,
            Key=file,
            Body=json.dumps(told).encode(),
            ContentType="application/json",
            CacheControl=f"max-age={cached_seconds}",
        )

    return write
