"""The operator's brand on localhost, as it will be deployed: of cdk.json, or of a site's own file."""

from __future__ import annotations

from infra.local.core.settings import REPOSITORY
from infra.options.context import read
from infra.options.site_file import context_of
from infra.page import dress


def dress_of(site: str) -> dress.Dress:
    """Return what the page wears; raise a `ValueError` with a sentence where that cannot be."""
    options = read({"brand": context_of(REPOSITORY, site).get("brand")})
    return dress.make(options.brand, REPOSITORY / "frontend", REPOSITORY)
