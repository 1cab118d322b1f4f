"""The one table: its keys and its expiry, as the infrastructure creates them and the models use them."""

from __future__ import annotations

PARTITION_KEY = "pk"
SORT_KEY = "sk"
TTL_ATTRIBUTE = "expires_at"
