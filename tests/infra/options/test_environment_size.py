"""A Lambda's environment that AWS would refuse is a sentence; that none is longer than estimated, the templates say."""

from __future__ import annotations

import pytest

from infra.options.context import OptionError, read

HOSTS = [f"https://a-page-with-a-long-name-{number}.example.org" for number in range(70)]


@pytest.mark.parametrize(
    "options",
    [
        {"allowed_origins": ",".join(HOSTS)},
        {
            "turn": "kinesis",
            "kinesis_channels": "25",
            "stack_name": "A-site-with-a-long-name-of-its-own-for-a-year"[:44],
        },
        {"turn": "static", "turn_username": "a", "turn_urls": ",".join(f"turn:{host[8:]}" for host in HOSTS * 2)},
    ],
    ids=["origins", "channels", "relays"],
)
def test_an_environment_that_lambda_would_refuse_is_a_sentence(options: dict[str, str]) -> None:
    """Before anything is built."""
    with pytest.raises(OptionError, match="too many together: a Lambda's environment holds 4 KB"):
        read(options)


def test_as_many_channels_as_may_be_fit_a_site_of_the_usual_name() -> None:
    """Else the option's own limit would be none."""
    assert read({"turn": "kinesis", "kinesis_channels": "25"}).kinesis_channels == 25
