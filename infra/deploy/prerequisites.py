"""The prerequisites of a deployment: a sentence for each that is missing says what to do."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

from boto3 import Session
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from functions.routes import ROUTES
from infra.deploy import own_name
from infra.options import capacity
from infra.options.checks import SITE_TAG
from infra.options.options import BOOTSTRAP, EDGE_REGION, Options
from infra.tools import account as account_tools

# Where `cdk bootstrap` writes which version of itself it left in an account, and what our stacks need of it.
BOOTSTRAP_PARAMETER = f"/cdk-bootstrap/{BOOTSTRAP}/version"
BOOTSTRAP_VERSION_MIN = 6
# The partition that the templates, the prices and the addresses of services are written for (docs: "AWS partitions").
OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")

# New accounts may start with 10 Lambdas at once, which a hundred people reach.
CONCURRENCY_MIN = 100

RELAY_SECRET_BYTES = 32
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"})

NO_CREDENTIALS = (
    "No AWS credentials were found. Sign in (`aws configure sso`, then `export AWS_PROFILE=…`) or set "
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; docs/deploying.md, step 2, begins with an empty account."
)
NO_REGION = "No Region was chosen. Set one that is near your visitors, for example `export AWS_REGION=eu-central-1`."
NOT_BOOTSTRAPPED = "This account was never prepared for the CDK in {region}. Run `make bootstrap` once, then again."
OLD_BOOTSTRAP = "This account was prepared by an older CDK in {region}. Run `make bootstrap`, then again."
ABSENT = (
    "{option} needs the encrypted parameter {name}. Put the secret there: "
    "`aws ssm put-parameter --type SecureString --name {name} --value …`."
)
FEW_LAMBDAS = (
    "This account may run {number} Lambdas at once, which about {people} people reach. "
    "Ask for 1,000: Service Quotas, AWS Lambda, Concurrent executions."
)

OTHER_PARTITION = (
    "{region} is a Region of China or of a government, where CloudFront and API Gateway differ; choose another."
)
FEW_REQUESTS = (
    "API Gateway lets {quota} requests a second through in this account and {region}, and may refuse the routes' "
    "throttles of {throttle}. Set throttle_percent = {percent} in cdk.json, or ask Service Quotas for more."
)
NO_SUCH_INSTANCE = (
    "{type} is not to be had in {zone}, where the relay would be. Set turn_instance_type to one that is, for example "
    "t4g.micro or c7g.medium."
)
FIRST_DISTRIBUTION = (
    "This account has no CloudFront distribution yet. A new account may have to be verified for it first: if the "
    "deployment ends with 'Your account must be verified', write to AWS Support once and deploy again."
)
TAG_INACTIVE = (
    f"The budget counts what has the tag {SITE_TAG}, which {{state}}: until it is activated for costs, the budget "
    "counts nothing. A day after the first deployment run `aws ce update-cost-allocation-tags-status "
    f"--cost-allocation-tags-status TagKey={SITE_TAG},Status=Active`, or activate it in the console: Billing, Cost "
    "allocation tags. In an organization its management account does that."
)
UNCONFIRMED = (
    "{email} has not agreed yet to be written to, so no alarm reaches anybody: open the mail of AWS Notifications and "
    "confirm. Where it is gone, subscribe the address again: Amazon SNS, Topics."
)
# Service Quotas, API Gateway, "Throttle rate"; its code is the same in every Region.
REQUESTS_QUOTA = ("apigateway", "L-8A5B8E43")


MakeClient = Callable[..., Any]  # a session's `client`: a service, and a Region if it is not the session's


class NotReadyError(RuntimeError):
    """Something is missing; the sentence says what to do."""


def open_session() -> Session:
    """Return a session with a Region, or raise `NotReadyError`."""
    try:
        return account_tools.open_session()
    except NoRegionError:
        raise NotReadyError(NO_REGION) from None
    except BotoCoreError as failed:
        raise NotReadyError(f"AWS's configuration cannot be used: {failed}.") from failed


def account(make_client: MakeClient) -> str:
    """Return the number of the account that the credentials open."""
    try:
        return str(make_client("sts").get_caller_identity()["Account"])
    except NoCredentialsError:
        raise NotReadyError(NO_CREDENTIALS) from None
    except NoRegionError:
        raise NotReadyError(NO_REGION) from None
    except ClientError as refused:
        if refused.response["Error"]["Code"] in EXPIRED:
            raise NotReadyError("The AWS credentials have expired or are wrong. Sign in again.") from None
        raise
    except BotoCoreError as failed:
        raise NotReadyError(f"AWS cannot be asked who you are: {failed}.") from failed


def check_region(region: str) -> None:
    """Raise `NotReadyError` for a Region that the product was not made for."""
    if region.startswith(OTHER_PARTITIONS):
        raise NotReadyError(OTHER_PARTITION.format(region=region))


def check(make_client: MakeClient, region: str, options: Options) -> None:
    """Raise `NotReadyError` with the first thing that is missing, and make the secret of a relay of our own."""
    for problem in problems(make_client, region, options):
        raise NotReadyError(problem)
    if options.makes_relay_secret and _parameter(make_client, options.turn_secret_parameter) is None:
        _make_relay_secret(make_client, options)


def problems(make_client: MakeClient, region: str, options: Options) -> Iterator[str]:
    """Yield a sentence for each thing without which a deployment would fail; nothing is made or changed."""
    try:
        check_region(region)
    except NotReadyError as problem:
        yield str(problem)
        return
    for used in options.regions(region):
        version = _parameter(make_client, BOOTSTRAP_PARAMETER, region=used)
        if version is None:
            yield NOT_BOOTSTRAPPED.format(region=used)
        elif int(version) < BOOTSTRAP_VERSION_MIN:
            yield OLD_BOOTSTRAP.format(region=used)
    yield from _low_quota(make_client, region, options)
    yield from own_name.problems(make_client, options)
    if options.makes_relay_secret:
        yield from _missing_instance(make_client, options)
    for option, name in options.secret_parameters:
        is_made = options.makes_relay_secret and name == options.turn_secret_parameter
        if not is_made and _parameter(make_client, name) is None:
            yield ABSENT.format(option=option, name=name)


def warnings(make_client: MakeClient, options: Options) -> Iterator[str]:
    """Yield sentences that the operator should know, and that stop no deployment."""
    found = _asked(lambda: make_client("lambda").get_account_settings())
    if found and (number := found["AccountLimit"]["ConcurrentExecutions"]) < CONCURRENCY_MIN:
        yield FEW_LAMBDAS.format(number=number, people=10 * number)
    found = _asked(lambda: make_client("cloudfront").list_distributions())
    if found and not found["DistributionList"].get("Quantity", 0):
        yield FIRST_DISTRIBUTION
    if options.alarm_email and _is_unconfirmed(make_client, options):
        yield UNCONFIRMED.format(email=options.alarm_email)
    yield from capacity.warnings(options)
    if options.monthly_budget_usd and (state := _tag_state(make_client)):
        yield TAG_INACTIVE.format(state=state)


def _is_unconfirmed(make_client: MakeClient, options: Options) -> bool:
    """Return whether the site's topic of alarms waits for its reader; a site that is not there has none."""
    found = _asked(lambda: make_client("sns").list_subscriptions())
    return any(
        each["SubscriptionArn"] == "PendingConfirmation"
        and each["Endpoint"] == options.alarm_email
        and each["TopicArn"].rpartition(":")[2].startswith(f"{options.stack_name}-Alarms")
        for each in (found or {}).get("Subscriptions", ())
    )


def _tag_state(make_client: MakeClient) -> str:
    """Say how the site's tag stands with the billing, if it is not active; asking costs a cent at most."""
    found = _asked(lambda: make_client("ce", region_name=EDGE_REGION).list_cost_allocation_tags(TagKeys=[SITE_TAG]))
    if not found:
        return "could not be looked up"  # a member of an organization may not
    is_active = any(each["Status"] == "Active" for each in found["CostAllocationTags"])
    return "" if is_active else "is not active yet"


def _low_quota(make_client: MakeClient, region: str, options: Options) -> Iterator[str]:
    """Newer Regions begin with a quarter of the others' rate (docs: "Quotas for configuring … a WebSocket API")."""
    service, code = REQUESTS_QUOTA
    found = _asked(lambda: make_client("service-quotas").get_service_quota(ServiceCode=service, QuotaCode=code))
    if not found:
        return
    quota = int(found["Quota"]["Value"])
    most = max(route.throttle.rate_per_second for route in ROUTES)
    if most * options.throttle_percent / 100 > quota:
        percent = 100 * quota // most
        throttle = most * options.throttle_percent // 100
        yield FEW_REQUESTS.format(quota=quota, region=region, throttle=throttle, percent=percent)


def _missing_instance(make_client: MakeClient, options: Options) -> Iterator[str]:
    """Look whether the zone that comes first, where the relay is built, has its type of instance."""
    client = make_client("ec2")
    kinds = [{"Name": "zone-type", "Values": ["availability-zone"]}]
    zones = _asked(lambda: client.describe_availability_zones(Filters=kinds))
    if not zones:
        return
    zone = min(each["ZoneName"] for each in zones["AvailabilityZones"])
    filters = [
        {"Name": "location", "Values": [zone]},
        {"Name": "instance-type", "Values": [options.turn_instance_type]},
    ]
    offers = _asked(lambda: client.describe_instance_type_offerings(LocationType="availability-zone", Filters=filters))
    if offers and not offers["InstanceTypeOfferings"]:
        yield NO_SUCH_INSTANCE.format(type=options.turn_instance_type, zone=zone)


def _asked(ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """Return an answer, or None: it is good to know, and no reason to stop, as not everybody who deploys may ask."""
    try:
        return ask()
    except (ClientError, BotoCoreError):
        return None


def _make_relay_secret(make_client: MakeClient, options: Options) -> None:
    name = options.turn_secret_parameter
    make_client("ssm").put_parameter(
        Name=name,
        Value=secrets.token_hex(RELAY_SECRET_BYTES),
        Type="SecureString",
        Tags=[{"Key": key, "Value": value} for key, value in options.all_tags.items()],
    )


def is_own(make_client: MakeClient, name: str, options: Options) -> bool:
    """Return whether a parameter was made for this very site: another one of the account may use the same."""
    try:
        found = make_client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    except ClientError as refused:
        if refused.response["Error"]["Code"] == "InvalidResourceId":
            return False
        raise
    return {"Key": SITE_TAG, "Value": options.stack_name} in found


def _parameter(make_client: MakeClient, name: str, *, region: str | None = None) -> str | None:
    try:
        return str(make_client("ssm", region_name=region).get_parameter(Name=name)["Parameter"]["Value"])
    except ClientError as refused:
        if refused.response["Error"]["Code"] == "ParameterNotFound":
            return None
        raise
