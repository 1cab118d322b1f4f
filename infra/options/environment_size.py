"""How long the environment of a Lambda becomes: AWS refuses more than 4 KB, minutes into a deployment. Pure."""

from __future__ import annotations

from infra.options.options import Options

BYTES_MAX = 4096  # docs: "Lambda quotas", environment variables
# Names of variables, and values that no option makes longer: addresses of the API, of the queue and of the page.
FIXED_BYTES = 950
# CloudFormation makes names of the stack's, our own for a thing, and 13 characters; AWS puts its own parts around them.
TABLE_NAME_BYTES = 30
CHANNEL_ARN_BYTES = 105
# The namespace, the queue, the bucket and the parameter of the keys are named by the stack.
NAMED_BY_STACK = 4


def estimate(options: Options) -> int:
    """Return how many bytes the longest environment has at most."""
    name = len(options.stack_name)
    channels = options.kinesis_channels if options.turn == "kinesis" else 0
    lists = (options.allowed_origins, options.turn_urls, options.stun_urls)
    texts = (options.turn_username, options.turn_secret_parameter, options.age_secret_parameter, options.evidence_key)
    return sum(
        (
            FIXED_BYTES,
            NAMED_BY_STACK * name,
            len(options.table_name) or TABLE_NAME_BYTES + name,
            channels * (CHANNEL_ARN_BYTES + name),
            *(len(",".join(each)) for each in lists),
            *(len(each) for each in texts),
        )
    )
