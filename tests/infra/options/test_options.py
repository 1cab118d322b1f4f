"""Options: one table, and a sentence for every mistake."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from infra.options import presets
from infra.options.context import OptionError, read
from infra.options.options import Options

ROOT = Path(__file__).parents[3]
ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000"

# For each key: a value that cannot be, and one that can, as text and as JSON.
WRONG: dict[str, list[object]] = {
    "stack_name": ["", "1", "a b", "x" * 45, "aws-chat", "AWSchat", "ssm", "Ssm-1"],
    "preset": ["", "large", True],
    "tags": ["alone", "=x", "aws:x=1", "AWS:x=1", "passerby-site=other", "a=1,a=2", "a=<b>", {"k" * 129: ""}, 5],
    "domain_name": ["https://example.org", "Example.org", "localhost", 5],
    "certificate_arn": ["arn", ARN.replace("us-east-1", "eu-west-1")],
    "hosted_zone_id": ["example.org"],
    "operator_name": ["<b>", "two\nlines"],
    "operator_contact": ["nowhere", "http://example.org"],
    "brand": [5, "Corner", "{", [], "[]"],
    "websocket": ["edge", True],
    "edge_secret": ["yes", 1, "secret"],
    "waf_requests_per_5_minutes": [9, "-1", "many"],
    "allowed_origins": ["example.org", ["https://example.org/path"], 5],
    "queue_shards": [0, 65, "1.5", True],
    "people_at_busiest_second": [-1, 1_000_001, "many"],
    "grace_seconds": [0, 601],
    "places_of_address": [0, 5001],
    "online_threshold": [-1, 1_000_001, "some"],
    "evidence_key": ["too-short", "A" * 44, "!" * 43, "A" * 43, "A" * 42 + "B", 7],
    "age_secret_parameter": ["no-slash"],
    "age_url": ["http://example.org"],
    "blur_until_reveal": ["yes"],
    "turn": ["twilio"],
    "turn_urls": ["https://relay", ["stun:relay"]],
    "turn_username": ["two words"],
    "turn_key_id": ["short"],
    "turn_secret_parameter": ["", "no-slash"],
    "turn_instance_type": ["m5.large", "large"],
    "kinesis_channels": [0, 26],
    "relay_only": [True, "yes"],
    "stun_urls": ["turn:relay"],
    "point_in_time_recovery": ["on"],
    "removal_policy": ["keep"],
    "table_name": ["ab", "a b", "x" * 256],
    "lambda_memory_mb": [64, 20_000],
    "snap_start": [0],
    "gradual": ["slow", True, "all"],
    "smoke_minutes": [1, 61, "often"],
    "trim_botocore": ["maybe"],
    "small_ca_bundle": [None, "?"],
    "log_level": ["DEBUG", "info"],
    "debug_sample_percent": [-1, 101, "all"],
    "tracing": ["maybe"],
    "log_retention_days": [2, "forever"],
    "pipeline_repository": ["passerby", "a/b/c", "https://github.com/a/b"],
    "alarm_email": ["somebody"],
    "monthly_budget_usd": ["ten", 1.5],
    "budget_closes": ["sometimes"],
    "throttle_percent": [0, 101],
}
TOGETHER: dict[str, dict[str, object]] = {
    "allowed_origins leaves out https://chat": {
        "domain_name": "chat.example.org",
        "certificate_arn": ARN,
        "allowed_origins": "https://example.org",
    },
    "domain_name and certificate_arn": {"domain_name": "chat.example.org"},
    "hosted_zone_id": {"hosted_zone_id": "Z0123456789"},
    "edge_secret needs websocket": {"edge_secret": True},
    r"edge_secret \(of preset = guarded\) needs websocket = cloudfront": {"preset": "guarded", "websocket": "direct"},
    r"monthly_budget_usd \(of preset = small\) needs alarm_email": {"preset": "small"},
    "turn_urls": {"turn": "static"},
    "turn_key_id": {"turn": "cloudflare"},
    "turn_urls does nothing": {"turn": "kinesis", "turn_urls": "turn:relay.example.org"},
    "age_url needs": {"age_url": "https://age.example.org"},
    "alarm_email": {"monthly_budget_usd": 5},
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_wrong_value_is_refused_with_a_sentence_that_names_its_key(key: str, value: object) -> None:
    """Nobody has to guess which of thirty keys was meant, and its possible values."""
    if value is None:
        assert read({key: None}) == Options(), "no value is the default"
        return
    with pytest.raises(OptionError, match=rf"^{key} must be .+; it is {re.escape(repr(value))}\.$"):
        read({key: value})


def test_every_option_is_tried_with_a_wrong_value() -> None:
    """A new option cannot forget its check."""
    assert set(WRONG) == {each.name for each in fields(Options)}


@pytest.mark.parametrize("named", TOGETHER)
def test_options_that_do_not_go_together_are_refused(named: str) -> None:
    """A combination that would deploy and not work is a sentence instead."""
    with pytest.raises(OptionError, match=named):
        read(TOGETHER[named])


def test_guarded_opens_sockets_through_the_edge_alone_where_a_waf_counts() -> None:
    """One word in place of three options that only work together."""
    found = read({"preset": "guarded", "alarm_email": "me@example.org"})

    assert (found.websocket, found.edge_secret, found.waf_requests_per_5_minutes) == ("cloudfront", True, 500)
    assert found.monthly_budget_usd > 0


def test_an_option_that_is_set_beside_a_preset_wins_also_with_its_default() -> None:
    """Nothing at all leaves it to the preset, as cdk.json does."""
    chosen = {"preset": "small", "alarm_email": "me@example.org"}

    assert read({**chosen, "throttle_percent": None}).throttle_percent == 1
    assert read({**chosen, "throttle_percent": 100}).throttle_percent == 100


def test_cdk_json_leaves_to_the_preset_whatever_a_preset_sets() -> None:
    """A default that stood there would win over the preset, and nobody would see why."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    sets = {key for each in presets.TABLE for key in each.sets}

    assert {key for key, value in context.items() if value is None} == sets


@pytest.mark.parametrize("preset", [each for each in presets.TABLE if each.sets], ids=lambda preset: preset.name)
def test_options_that_a_preset_sets_are_allowed(preset: presets.Preset) -> None:
    """As it would be if somebody typed it."""
    typed = {key: str(value).lower() for key, value in preset.sets.items()}

    as_typed = read({"alarm_email": "me@example.org", **typed})
    assert replace(read({"alarm_email": "me@example.org", "preset": preset.name}), preset="none") == as_typed


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    """A typing error does not deploy the default."""
    with pytest.raises(OptionError, match=r"domian_name is not an option\. Did you mean domain_name\?"):
        read({"domian_name": "chat.example.org"})


def test_the_cdks_own_keys_are_left_alone() -> None:
    """Feature flags and the command line's additions are in the same context."""
    assert read({"@aws-cdk/core:anything": True, "aws:cdk:bundling-stacks": [], "cdk-migrate": False}) == Options()


def test_text_from_the_command_line_is_as_good_as_json() -> None:
    """`-c key=value` passes text, cdk.json lists and numbers."""
    as_text = read(
        {
            "queue_shards": "4",
            "edge_secret": "false",
            "stun_urls": "stun:one, stun:two:3478",
            "tags": "team=chat, cost centre=4=2",
        }
    )
    as_json = read(
        {
            "queue_shards": 4,
            "edge_secret": False,
            "stun_urls": ["stun:one", "stun:two:3478"],
            "tags": {"team": "chat", "cost centre": "4=2"},
        }
    )

    assert as_text == as_json


def test_cdk_json_lists_every_option_with_a_value_that_is_allowed() -> None:
    """A person who edits it sees all options, in the table's order."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]

    assert list(context) == [each.name for each in fields(Options)]
    read(context)


def test_a_wrong_option_ends_the_synthesis_with_its_sentence_alone() -> None:
    """No traceback, and an exit code that stops the command line."""
    context = json.dumps({"queue_shards": "many"})
    done = subprocess.run(
        [sys.executable, "-m", "infra.stack.app"],
        cwd=ROOT,
        env={**os.environ, "CDK_CONTEXT_JSON": context},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.strip() == "queue_shards must be a whole number from 1 to 64; it is 'many'."
