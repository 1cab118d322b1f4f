"""The CDK app: options from the context, files from the working tree, stacks."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Aws, Environment, Stack, Tags

from infra.asset import asset
from infra.options import capacity
from infra.options.context import OptionError, read
from infra.options.options import EDGE_REGION, Options
from infra.page import bundle, dress, site_files
from infra.page.brand import BrandError
from infra.stack import edge
from infra.stack.pipeline import Pipeline
from infra.stack.stack import PasserbyStack

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
BUNDLES = ROOT / "build" / "bundle"
SITE_BUILD = ROOT / "build" / "site"

# The behaviours that the CDK recommends for new projects. They stand apart from the options, which people edit.
FLAGS = Path(__file__).parent / "flags.json"


def new_app(**context: object) -> App:
    """Return an empty app; `context` stands for `-c` options."""
    return App(context={**json.loads(FLAGS.read_text()), **context})


def make(
    app: App, code: Path, files: site_files.SiteFiles, environment: Mapping[str, str] = os.environ
) -> PasserbyStack:
    """Add the stacks to an app, as its context says; the command line puts account and Region into `environment`."""
    options = read(app.node.get_all_context())
    for key, value in options.all_tags.items():
        Tags.of(app).add(key, value)
    account, region = environment.get("CDK_DEFAULT_ACCOUNT"), environment.get("CDK_DEFAULT_REGION")
    if options.pipeline_repository:
        home = Environment(account=account, region=region)
        Pipeline(app, options, region or Aws.REGION, env=home, tags=options.all_tags)
    return PasserbyStack(
        app,
        options,
        code,
        files,
        web_acl_arn=_web_acl(app, options, account, region),
        env=Environment(account=account, region=region),
        cross_region_references=True,
        termination_protection=options.removal_policy == "retain",
        # CloudFormation also tags what the CDK does not: its own tools, and what AWS makes for a resource.
        tags=options.all_tags,
    )


def _web_acl(app: App, options: Options, account: str | None, region: str | None) -> str | None:
    """Make the WAF in a stack of its own, as it must live in one Region and the site may live in any."""
    if not options.waf_requests_per_5_minutes:
        return None
    if not region:
        raise OptionError(
            "waf_requests_per_5_minutes needs to know the Region: set AWS_REGION or a profile that has one."
        )
    stack = Stack(
        app,
        options.edge_stack_name(region),
        description="Passerby: the web application firewall of its CloudFront distribution",
        env=Environment(account=account, region=EDGE_REGION),
        cross_region_references=True,
        tags=options.all_tags,
    )
    return edge.make_web_acl(stack, options.waf_requests_per_5_minutes)


def synthesise() -> None:
    app = new_app()
    try:
        options = read_aloud(app)
        code = asset.build(trim_botocore=options.trim_botocore, small_ca_bundle=options.small_ca_bundle)
        worn = dress.make(options.brand, FRONTEND, ROOT)
        page = bundle.build(FRONTEND, BUNDLES)
        make(app, code, site_files.prepare(page, SITE_BUILD, options.imprint, worn))
    except (OptionError, BrandError, RuntimeError, site_files.SiteError) as problem:
        sys.exit(str(problem))
    app.synth()


def read_aloud(app: App) -> Options:
    """Read the options of an app, and say which quotas they come near to."""
    options = read(app.node.get_all_context())
    for warning in capacity.warnings(options):
        sys.stderr.write(f"{warning}\n")
    return options
