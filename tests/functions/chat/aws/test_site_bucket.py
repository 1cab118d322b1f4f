"""The file from which visitors read how many people are here."""

from __future__ import annotations

import json
from typing import Any

from functions.chat.aws.site_bucket import writer


class Storage:
    """A client that keeps what it is given."""

    def __init__(self) -> None:
        self.made = 0
        self.put: list[dict[str, Any]] = []

    def make(self) -> Storage:
        self.made += 1
        return self

    def put_object(self, **request: Any) -> None:
        self.put.append(request)


def test_visitors_are_told_in_a_file_of_the_site():
    """JSON that browsers ask for again soon."""
    storage = Storage()
    write = writer(storage.make, "bucket")
    assert storage.made == 0, "no other handler pays for the client's start"
    write({"online": 12, "until": 99})

    (request,) = storage.put
    assert (request["Bucket"], request["Key"]) == ("bucket", "online.json")
    assert json.loads(request["Body"]) == {"online": 12, "until": 99}
    assert request["ContentType"] == "application/json"
    assert request["CacheControl"] == "max-age=15"
