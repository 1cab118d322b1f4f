"""The needs of a domain name before a deployment: a certificate that is issued for it, and the zone it is in.

CloudFront refuses anything else, minutes into a deployment that then takes everything back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.options.options import EDGE_REGION, Options

NO_CERTIFICATE = (
    "certificate_arn names no certificate of this account. Request one for {domain} in AWS Certificate Manager, in "
    "us-east-1."
)
NOT_ISSUED = (
    "The certificate of certificate_arn is not issued yet ({status}): prove in AWS Certificate Manager, in us-east-1, "
    "that {domain} is yours."
)
OTHER_NAME = "The certificate of certificate_arn is for {names} and not for {domain}."
OTHER_ZONE = "hosted_zone_id is the zone of {zone}, to which {domain} does not belong."


def problems(make_client: Any, options: Options) -> Iterator[str]:
    """Yield a sentence for each thing that the name lacks; nothing where the credentials may not ask."""
    if options.domain_name:
        yield from _of_certificate(make_client, options)
    if options.hosted_zone_id:
        yield from _of_zone(make_client, options)


def _of_certificate(make_client: Any, options: Options) -> Iterator[str]:
    domain = options.domain_name
    try:
        client = make_client("acm", region_name=EDGE_REGION)
        found = client.describe_certificate(CertificateArn=options.certificate_arn)["Certificate"]
    except (ClientError, BotoCoreError) as refused:
        if isinstance(refused, ClientError) and refused.response["Error"]["Code"] == "ResourceNotFoundException":
            yield NO_CERTIFICATE.format(domain=domain)
        return
    names = [*dict.fromkeys([found["DomainName"], *found.get("SubjectAlternativeNames", ())])]
    if not any(_covers(name, domain) for name in names):
        yield OTHER_NAME.format(names=", ".join(names), domain=domain)
    elif found["Status"] != "ISSUED":
        yield NOT_ISSUED.format(status=found["Status"].lower().replace("_", " "), domain=domain)


def _of_zone(make_client: Any, options: Options) -> Iterator[str]:
    try:
        found = make_client("route53").get_hosted_zone(Id=options.hosted_zone_id)["HostedZone"]
    except (ClientError, BotoCoreError):
        return
    zone = found["Name"].rstrip(".")
    if options.domain_name != zone and not options.domain_name.endswith(f".{zone}"):
        yield OTHER_ZONE.format(zone=zone, domain=options.domain_name)


def _covers(name: str, domain: str) -> bool:
    """Return whether a certificate's name is a host's; a star stands for one part (RFC 6125)."""
    return name == domain or (name.startswith("*.") and domain.partition(".")[2] == name[2:])
