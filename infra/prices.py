"""AWS's prices, in US dollars, in us-east-1, without taxes. Other Regions differ by some tens of percent.

Read from AWS's price list and pricing pages between 2026-08 and 2026-09. Only use that stays free for ever counts as
free; a new account's first year and its starting credits are left out.
"""

from __future__ import annotations

READ_ON = "2026-09"
REGION = "us-east-1"

# API Gateway, WebSocket: each message either way, in pieces of 32 KB, and each minute of each connection.
MESSAGE = 1.00e-6
MESSAGE_OVER_A_BILLION = 0.80e-6
CONNECTION_MINUTE = 0.25e-6

# Lambda on ARM.
INVOCATION = 0.20e-6
GIGABYTE_SECOND = 0.0000133334
FREE_INVOCATIONS = 1_000_000
FREE_GIGABYTE_SECONDS = 400_000

# DynamoDB, on demand: a write of 1 KB, a strongly consistent read of 4 KB.
WRITE_UNIT = 0.625e-6
READ_UNIT = 0.125e-6

# The delay queue: sending, receiving and deleting count each.
QUEUE_REQUEST = 0.40e-6

# CloudWatch: a gigabyte of lines, and a metric that was reported in each hour of the month.
LOG_GIGABYTE = 0.50
METRIC_MONTH = 0.30
ALARM_MONTH = 0.10
FREE_LOG_GIGABYTES = 5
FREE_METRICS = 10

# CloudFront, and what leaves API Gateway.
PAGE_GIGABYTE = 0.085
FREE_PAGE_GIGABYTES = 1000
SOCKET_GIGABYTE = 0.09
FREE_SOCKET_GIGABYTES = 100

# Amazon Kinesis Video Streams' TURN, each minute of each side that is relayed, and how many calls need a relay: sellers
# of relays say 15 to 25 %, and nobody has measured it here.
RELAY_MINUTE = 0.12e-3
RELAYED_SHARE = 0.2

# The price of an option in a month, whether it is used or not.
OPTION_MONTH = {
    "edge_secret": 0.40,
    "waf_requests_per_5_minutes": 6.00,
    # t4g.nano 3.07, its public address 3.65, 8 GB of disk 0.64.
    "turn = coturn": 7.36,
    # Its metric and its log; every 60 minutes it is 0.38 (infra/reports/costs.py).
    "smoke_minutes": 1.20,
}
