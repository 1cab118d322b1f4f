"""The platform's limits, which nobody can raise, in one place. Pure.

Source: docs.aws.amazon.com, "Quotas for configuring and running a WebSocket API". The local gateway keeps these limits,
and the limits of the fields (chat/protocol/fields.py) stay inside them.
"""

from __future__ import annotations

FRAME_BYTES_MAX = 32 * 1024
MESSAGE_BYTES_MAX = 128 * 1024
IDLE_SECONDS_MAX = 600
CONNECTION_SECONDS_MAX = 7200
INTEGRATION_SECONDS_MAX = 29
# Lambda ends a handler after this. Its calls take 3 s at most when they hang (chat/aws/clients.py) and 50 ms else, so a
# handler that is not done by then never will be; later handlers rely on its being dead.
HANDLER_SECONDS_MAX = 10
