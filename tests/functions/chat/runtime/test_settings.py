"""The operator's settings, and the sentence for a value that cannot be used."""

from __future__ import annotations

import pytest

from functions.chat.runtime.settings import SettingError, Settings, has_keys, names_proxy, read

GRACE_SECONDS = 20
GRACE_SECONDS_MAX = 600
SHARDS_MAX = 64


def test_only_the_table_has_to_be_named():
    """Everything else has a default that works."""
    assert read({"TABLE_NAME": "passerby"}) == Settings("passerby")
    assert Settings("passerby").grace_seconds == GRACE_SECONDS


def test_a_variable_that_is_set_is_used():
    """Each variable by its own name."""
    environment = {
        "TABLE_NAME": "table",
        "QUEUE_SHARDS": "4",
        "ALLOWED_ORIGINS": "https://a.example,,https://b.example",
        "EDGE_SECRET": "secret",
        "METRICS_NAMESPACE": "Mine",
        "GRACE_SECONDS": "5",
        "EXPIRY_QUEUE_URL": "https://queue.example",
    }
    origins = frozenset({"https://a.example", "https://b.example"})

    assert read(environment) == Settings("table", 4, origins, "secret", "Mine", 5, "https://queue.example")
    assert read({"TABLE_NAME": "table", "EDGE_SECRET_BEFORE": "old"}).edge_secret_before == "old"


def test_an_empty_variable_is_as_good_as_none():
    """Templates leave empty what was not chosen."""
    empty = dict.fromkeys(
        ["QUEUE_SHARDS", "ALLOWED_ORIGINS", "EDGE_SECRET", "METRICS_NAMESPACE", "GRACE_SECONDS", "EXPIRY_QUEUE_URL"], ""
    )

    assert read({"TABLE_NAME": "passerby", **empty}) == Settings("passerby")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TABLE_NAME", ""),
        *(("QUEUE_SHARDS", text) for text in ("0", "-1", "1.5", "many", " 1", "1e1", str(SHARDS_MAX + 1), "9" * 50)),
        *(("GRACE_SECONDS", text) for text in ("0", "soon", str(GRACE_SECONDS_MAX + 1))),
    ],
)
def test_a_value_that_cannot_be_used_is_named_in_the_error(name, text):
    """An operator learns which variable to mend, from one sentence."""
    with pytest.raises(SettingError, match=name):
        read({"TABLE_NAME": "passerby", name: text})


@pytest.mark.parametrize(("name", "maximum"), [("QUEUE_SHARDS", SHARDS_MAX), ("GRACE_SECONDS", GRACE_SECONDS_MAX)])
def test_the_limits_themselves_are_allowed(name, maximum):
    """Both ends."""
    for number in (1, maximum):
        assert read({"TABLE_NAME": "passerby", name: str(number)})


@pytest.mark.parametrize(
    ("environment", "is_named"),
    [({}, False), ({"NO_PROXY": "localhost"}, False), ({"HTTPS_PROXY": "http://a"}, True), ({"http_proxy": "b"}, True)],
)
def test_a_proxy_is_named_in_small_or_capital_letters(environment, is_named):
    """As the tools of any system write it."""
    assert names_proxy(environment) is is_named


def test_keys_are_there_or_not():
    """With any value."""
    assert has_keys({"AWS_ACCESS_KEY_ID": ""})
    assert not has_keys({})
