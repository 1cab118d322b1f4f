"""The AWS account that commands speak to: one Region and one profile for boto3, the CDK and AWS's own command line.

boto3 reads AWS_DEFAULT_REGION only, the CDK and the command line read AWS_REGION first (docs: "AWS_REGION" in "AWS SDKs
and Tools Reference Guide"; boto3's issue 3620); here both names mean the same, and AWS_REGION wins. Of a profile's two
names boto3 takes the one and the CDK the other where both are set; here boto3's choice is everybody's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

import boto3
from botocore.exceptions import NoRegionError

REGION_NAMES = ("AWS_REGION", "AWS_DEFAULT_REGION")
PROFILE_NAMES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")  # in the order in which botocore looks (configprovider.py)


def region(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the Region that the environment names, or None where a profile may name one."""
    return next((environment[name] for name in REGION_NAMES if environment.get(name)), None)


def open_session(environment: Mapping[str, str] = os.environ) -> boto3.Session:
    """Return a session with a Region, from the environment or the profile; raise `NoRegionError` without one."""
    session = boto3.Session(region_name=region(environment))
    if not session.region_name:
        raise NoRegionError
    return session


@cache
def session() -> boto3.Session:
    return open_session()


def for_children(session: boto3.Session) -> dict[str, str]:
    """Return the environment for programs that this one starts: one Region and one profile, under either name."""
    profile = next((os.environ[name] for name in PROFILE_NAMES if os.environ.get(name)), "")
    profiles = dict.fromkeys(PROFILE_NAMES, profile) if profile else {}
    return {**os.environ, **profiles, **dict.fromkeys(REGION_NAMES, str(session.region_name))}
