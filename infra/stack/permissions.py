"""What a policy may hold beside the rows of functions/routes.py, once: each wildcard with its reason."""

from __future__ import annotations

from collections.abc import Mapping

# Where a policy's resource ends in `*`, and why it cannot be narrower. Tests find no other.
WILDCARDS: Mapping[str, str] = {
    "/@connections/*": "API Gateway makes connection ids while the product runs; the stage and the method are named.",
}

# Actions on services that have no resources, and why they are allowed at all. Tests find no other.
NAMELESS: Mapping[str, str] = dict.fromkeys(
    ("xray:PutTraceSegments", "xray:PutTelemetryRecords"), "Writing traces, only with `tracing`."
)
