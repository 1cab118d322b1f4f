"""One file of options for each site, and a sentence for each way in which it cannot be read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from infra.deploy import command
from infra.options.context import OptionError, read
from infra.options.options import Options
from infra.options.site_file import as_arguments, read_site

ROOT = Path(__file__).parents[3]
# Each kind of value that an option may have.
WRITTEN = {
    "stack_name": "Staging",
    "queue_shards": 4,
    "edge_secret": True,
    "websocket": "cloudfront",
    "allowed_origins": ["https://one.example", "https://two.example"],
    "tags": {"team": "chat", "cost centre": "4=2"},
    "brand": {"name": "L'Angle & Co", "words": {"de": {"tagline": "Triff, wen du = magst."}}},
    "operator_name": 'Example & Sons = "us"',
    "domain_name": None,
}
OF_MAKE = ("deploy", "diff", "destroy", "doctor", "smoke", "bootstrap", "synth", "rotate-edge-secret", "pipeline")


def site(folder: Path, text: str, name: str = "staging") -> Path:
    (folder / "sites").mkdir(exist_ok=True)
    (folder / "sites" / f"{name}.json").write_text(text)
    return folder / "sites"


def test_a_sites_options_are_those_of_its_file(tmp_path: Path) -> None:
    """Through the command line of the CDK, which takes text, none of them changes."""
    values = read_site(site(tmp_path, json.dumps(WRITTEN)), "staging")
    arguments = list(as_arguments(values))
    context = command._context(arguments)

    assert arguments[::2] == ["-c"] * (len(WRITTEN) - 1)
    assert read(context) == read({key: value for key, value in WRITTEN.items() if value is not None})


def test_a_typed_option_wins_over_the_file_and_the_file_over_cdk_json(tmp_path: Path) -> None:
    """For once, as everywhere."""
    values = read_site(site(tmp_path, '{"stack_name": "Staging", "queue_shards": 4}'), "staging")
    found = read(command._context([*as_arguments(values), "-c", "queue_shards=8"]))

    assert (found.stack_name, found.queue_shards, found.grace_seconds) == ("Staging", 8, Options().grace_seconds)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"stack_name": "Staging", "queue_shard": 4}', "queue_shard is not an option. Did you mean queue_shards?"),
        ('{"stack_name": "Staging", "@aws-cdk/core:x": 4}', "@aws-cdk/core:x is not an option."),
        ('{"stack_name": "Staging", "tracing": true, "tracing": false}', "is not JSON: tracing stands there twice."),
        ('{"stack_name": "aws"}', "stack_name must be a letter"),
        ("{}", "must set stack_name"),
        ('{"stack_name": null}', "must set stack_name"),
        ("[]", "must be one object of options"),
        ('{"stack_name": "Staging",}', "is not JSON: "),
        ("", "is not JSON: "),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence_that_names_it(tmp_path: Path, text: str, sentence: str) -> None:
    """Before anything is asked of AWS."""
    with pytest.raises(OptionError) as told:
        read_site(site(tmp_path, text), "staging")

    assert str(told.value).startswith("sites/staging.json")
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_one_sentence_with_those_that_are(tmp_path: Path) -> None:
    """A typing error does not deploy cdk.json's site."""
    folder = site(tmp_path, "{}", "production")
    with pytest.raises(OptionError, match=r"^SITE=prodution needs the file sites/prodution\.json\. .*: production\.$"):
        read_site(folder, "prodution")
    with pytest.raises(OptionError, match=r"There is none yet\.$"):
        read_site(tmp_path / "nowhere" / "sites", "staging")


@pytest.mark.parametrize("name", ["../cdk", "staging.json", "Staging", "", "a/b", "-c"])
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    """It is the name of a file beside the others."""
    with pytest.raises(OptionError, match="a site's name has small letters"):
        read_site(site(tmp_path, "{}"), name)


def test_the_example_is_a_site() -> None:
    """It can be copied and deployed."""
    values = read_site(ROOT / "sites", "example")

    assert read(command._context(list(as_arguments(values)))).stack_name == "Passerby-example"


@pytest.mark.parametrize("target", OF_MAKE)
def test_every_target_takes_a_site(target: str) -> None:
    """And without one it is cdk.json's."""

    def runs(*arguments: str) -> str:
        return subprocess.run(
            ["make", "-n", target, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout

    assert f"infra.deploy --site 'staging' {target}" in runs("SITE=staging")
    assert "--site" not in runs()


def test_a_wrong_site_ends_the_command_with_its_sentence_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback, and no other command is begun."""
    assert command.main(["--site", "nowhere", "deploy"]) == 1

    assert capsys.readouterr().err.startswith("SITE=nowhere needs the file sites/nowhere.json.")
