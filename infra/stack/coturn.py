"""A relay of one's own: coturn on one small instance with a fixed address, in a network that holds nothing else.

No TLS: that needs a host name and a certificate of the operator's. An operator who wants `turns:` runs coturn elsewhere
and sets `turn_urls`. A newer image of Debian replaces the instance at the next deployment; relayed calls then
reconnect.
"""

from __future__ import annotations

from aws_cdk import CfnTag, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.options.options import Options

IMAGE = "/aws/service/debian/release/12/latest/arm64"  # wiki.debian.org/Cloud/AmazonEC2Image: kept current by Debian
DISK_GIGABYTES = 8
PORT = 3478
METADATA = "http://169.254.169.254/latest"  # docs: "Access instance metadata for an EC2 instance"
ADDRESS_SECONDS_MAX = 300  # until the fixed address is attached; without it the relay starts all the same
FIRST_START_SECONDS_MAX = 900
RELAY_PORT_MIN, RELAY_PORT_MAX = 49152, 65535  # RFC 8656, section 18: the dynamic ports

# How much one visitor may take: two addresses in each of a few calls and restarts; video at 1.5 Mbit/s and audio.
ALLOCATIONS_PER_NAME_MAX = 8
ALLOCATIONS_MAX = 1200
BYTES_PER_SECOND_MAX = 400_000

# A relay forwards to any address that a visitor names; these are nobody's visitors but the instance and its network.
DENIED = (
    "0.0.0.0-0.255.255.255",
    "10.0.0.0-10.255.255.255",
    "100.64.0.0-100.127.255.255",
    "127.0.0.0-127.255.255.255",
    "169.254.0.0-169.254.255.255",
    "172.16.0.0-172.31.255.255",
    "192.0.0.0-192.0.0.255",
    "192.0.2.0-192.0.2.255",
    "192.88.99.0-192.88.99.255",
    "192.168.0.0-192.168.255.255",
    "198.18.0.0-198.19.255.255",
    "198.51.100.0-198.51.100.255",
    "203.0.113.0-203.0.113.255",
    "224.0.0.0-255.255.255.255",
    "::-::1",
    # The same addresses again, as IPv6 carries those of IPv4: mapped, translated (RFC 6052), 6to4 and Teredo.
    "::ffff:0:0-::ffff:ffff:ffff",
    "64:ff9b::-64:ff9b::ffff:ffff",
    "64:ff9b:1::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
    "2001::-2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
    "2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
)


class Coturn(Construct):
    """`urls` are what browsers use."""

    def __init__(self, scope: Construct, id: str, options: Options, reading_secret: iam.PolicyStatement) -> None:
        super().__init__(scope, id)
        # A network for this alone, with no way to anything else of the account; it costs nothing.
        network = ec2.Vpc(
            self,
            "network",
            max_azs=1,
            nat_gateways=0,
            restrict_default_security_group=False,
            subnet_configuration=[ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC)],
        )
        address = ec2.CfnEIP(self, "address", domain="vpc", tags=[CfnTag(key="Name", value=options.stack_name)])
        instance = ec2.Instance(
            self,
            "instance",
            vpc=network,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
            instance_type=ec2.InstanceType(options.turn_instance_type),
            machine_image=ec2.MachineImage.from_ssm_parameter(IMAGE),
            security_group=_security_group(self, network),
            role=self._role(reading_secret),
            http_tokens=ec2.HttpTokens.REQUIRED,
            http_put_response_hop_limit=1,
            block_devices=[
                ec2.BlockDevice(
                    device_name="/dev/xvda",
                    volume=ec2.BlockDeviceVolume.ebs(
                        DISK_GIGABYTES, encrypted=True, volume_type=ec2.EbsDeviceVolumeType.GP3
                    ),
                )
            ],
            user_data=_user_data(self, options, address.attr_public_ip),
            user_data_causes_replacement=True,
        )
        ec2.CfnEIPAssociation(
            self, "association", allocation_id=address.attr_allocation_id, instance_id=instance.instance_id
        )
        self.urls = ",".join(f"turn:{address.attr_public_ip}:{PORT}?transport={way}" for way in ("udp", "tcp"))

    def _role(self, reading_secret: iam.PolicyStatement) -> iam.Role:
        return iam.Role(
            self,
            "role",
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            inline_policies={"secret": iam.PolicyDocument(statements=[reading_secret.copy()])},
        )


def _security_group(scope: Construct, network: ec2.IVpc) -> ec2.SecurityGroup:
    """Open what relaying needs, and no way to log in."""
    group = ec2.SecurityGroup(scope, "ports", vpc=network, description="A relay for video, and nothing else")
    anywhere = ec2.Peer.any_ipv4()
    group.add_ingress_rule(anywhere, ec2.Port.udp(PORT), "asking for a relay")
    group.add_ingress_rule(anywhere, ec2.Port.tcp(PORT), "asking where UDP is blocked")
    group.add_ingress_rule(anywhere, ec2.Port.udp_range(RELAY_PORT_MIN, RELAY_PORT_MAX), "what is relayed")
    return group


def _user_data(scope: Construct, options: Options, address: str) -> ec2.UserData:
    """Install coturn and its secret when the instance starts, and security updates by themselves from then on."""
    data = ec2.UserData.for_linux()
    data.add_commands(
        "set -euo pipefail",
        "export DEBIAN_FRONTEND=noninteractive",
        f"lifetime='X-aws-ec2-metadata-token-ttl-seconds: {FIRST_START_SECONDS_MAX}'",
        f'token=$(curl -sfX PUT -H "$lifetime" {METADATA}/api/token)',
        f'about() {{ curl -sfH "X-aws-ec2-metadata-token: $token" {METADATA}/meta-data/$1; }}',
        # The address is attached a moment after the start, which cuts off every connection that is open by then.
        f'for _ in {{1..{ADDRESS_SECONDS_MAX}}}; do [ "$(about public-ipv4)" = "{address}" ] && break; sleep 1; done',
        "apt-get update",
        "apt-get install -y coturn awscli curl unattended-upgrades",
        "own_address=$(about local-ipv4)",
        f"secret=$(aws ssm get-parameter --region {Stack.of(scope).region} --name {options.turn_secret_parameter} "
        "--with-decryption --query Parameter.Value --output text)",
        "cat > /etc/turnserver.conf <<END",
        *_settings(options, address),
        "END",
        "chown root:turnserver /etc/turnserver.conf",
        "chmod 640 /etc/turnserver.conf",
        "systemctl enable coturn",
        "systemctl restart coturn",
    )
    return data


def _settings(options: Options, address: str) -> list[str]:
    """Return the lines of turnserver.conf; the shell fills in the instance's own address and the secret."""
    return [
        f"listening-port={PORT}",
        f"min-port={RELAY_PORT_MIN}",
        f"max-port={RELAY_PORT_MAX}",
        f"external-ip={address}/$own_address",
        f"realm={options.domain_name or options.stack_name}",
        "fingerprint",
        "use-auth-secret",
        "static-auth-secret=$secret",
        f"user-quota={ALLOCATIONS_PER_NAME_MAX}",
        f"total-quota={ALLOCATIONS_MAX}",
        f"max-bps={BYTES_PER_SECOND_MAX}",
        "no-tls",
        "no-dtls",
        "no-cli",
        # RFC 6062: a TCP connection to any host, which no browser asks for, and which a security group does not see
        # when it leads to the instance itself.
        "no-tcp-relay",
        "no-multicast-peers",
        "no-software-attribute",
        # The relay writes down no addresses of people who talk.
        "log-file=/dev/null",
        *(f"denied-peer-ip={addresses}" for addresses in DENIED),
    ]
