"""From a CDK context to options, or a sentence that names the key which is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, fields
from typing import Any

from infra.options import environment_size, presets
from infra.options.options import Options
from infra.page.brand import BrandError


class OptionError(ValueError):
    """An option that cannot be used, in a sentence for the operator."""


def read(context: Mapping[str, object]) -> Options:
    """Return the options in a CDK context, or raise `OptionError`."""
    refuse_unknown([key for key in context if _is_ours(key)])
    table = {each.name: each for each in fields(Options)}
    values = {key: _checked(each, context[key]) for key, each in table.items() if context.get(key) is not None}
    preset = presets.BY_NAME[values.get("preset", presets.NONE)]
    options = Options(**{**preset.sets, **values})
    for problem in _contradictions(options):
        raise OptionError(problem)
    return options


def refuse_unknown(keys: Iterable[str]) -> None:
    """Raise `OptionError` for a key that is no option: a typing error must not deploy the default."""
    known = {each.name for each in fields(Options)}
    for key in keys:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            raise OptionError(f"{key} is not an option.{f' Did you mean {close[0]}?' if close else ''}")


def _is_ours(key: str) -> bool:
    """Tell our keys from the CDK's own, which have a colon or a dash (`@aws-cdk/core:…`, `cdk-migrate`)."""
    return not any(mark in key for mark in ":@-/")


def _checked(each: Field[Any], value: object) -> Any:
    try:
        return each.metadata["check"](value)
    except BrandError as problem:
        raise OptionError(str(problem)) from None
    except ValueError as problem:
        raise OptionError(f"{each.name} {problem}; it is {value!r}.") from None


def _contradictions(options: Options) -> Iterator[str]:
    """Yield a sentence for each pair of options that do not go together."""
    if bool(options.domain_name) != bool(options.certificate_arn):
        yield "domain_name and certificate_arn go together: set both or neither."
    if options.hosted_zone_id and not options.domain_name:
        yield "hosted_zone_id needs domain_name: there is no name to point at the site."
    if options.edge_secret and options.websocket != "cloudfront":
        secret = _said("edge_secret", options)
        yield f"{secret} needs websocket = cloudfront: a direct socket does not pass through the edge."
    own = f"https://{options.domain_name}"
    if options.domain_name and options.allowed_origins and own not in options.allowed_origins:
        yield f"allowed_origins leaves out {own}: the site's own page could open no socket."
    if options.age_url and not options.age_secret_parameter:
        yield "age_url needs age_secret_parameter: the provider's tokens could not be checked."
    yield from _relay_contradictions(options)
    if options.monthly_budget_usd and not options.alarm_email:
        yield f"{_said('monthly_budget_usd', options)} needs alarm_email: there is nobody to tell."
    if environment_size.estimate(options) > environment_size.BYTES_MAX:
        yield (
            "allowed_origins, turn_urls, stun_urls and kinesis_channels are too many together: a Lambda's environment "
            "holds 4 KB."
        )


def _said(key: str, options: Options) -> str:
    """Return an option's name, and the preset that set it."""
    is_of_preset = key in presets.BY_NAME[options.preset].sets
    return f"{key} (of preset = {options.preset})" if is_of_preset else key


def _relay_contradictions(options: Options) -> Iterator[str]:
    if options.turn == "static" and not (options.turn_urls and options.turn_username):
        yield "turn = static needs turn_urls and turn_username: where the relay is, and its name there."
    if options.turn == "cloudflare" and not options.turn_key_id:
        yield "turn = cloudflare needs turn_key_id, which Cloudflare shows beside the API token."
    if options.turn_urls and options.turn not in {"static", "coturn"}:
        yield f"turn_urls does nothing with turn = {options.turn}: only static and coturn have addresses of your own."
