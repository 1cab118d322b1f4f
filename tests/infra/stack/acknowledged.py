"""Findings of cdk-nag's AWS Solutions rules that are meant, each with its reason.

A row is a rule and a construct path, both as patterns of fnmatch. Tests fail on a finding without a row, and on a row
without a finding.
"""

from __future__ import annotations

from infra.stack.permissions import ASKED

CONNECTION_IDS = "API Gateway makes connection ids while the product runs; the stage and the method are named."
CDK_UPLOADER = "The CDK's own tool for uploading; it acts on the deployment's files and the site's bucket only."
STACK_IDS = "CloudFormation ends a stack's ARN with an id that it makes; the stack's name is there."
NO_VISITOR_LOGS = "Who visited from which address is not kept: SECURITY.md promises it."

ACKNOWLEDGED: dict[tuple[str, str], str] = {
    ("AwsSolutions-APIG1", "*/Sockets/stage/*"): NO_VISITOR_LOGS,
    (
        "AwsSolutions-APIG4",
        "*/Sockets/api/*",
    ): "Strangers have no accounts; the handlers check origins, bans and floods.",
    ("AwsSolutions-S1", "*/Site/bucket/*"): NO_VISITOR_LOGS,
    ("AwsSolutions-CFR3", "*/Site/distribution/*"): NO_VISITOR_LOGS,
    ("AwsSolutions-CFR1", "*/Site/distribution/*"): "Where the site may be used is the operator's to decide, not ours.",
    ("AwsSolutions-CFR2", "*/Site/distribution/*"): "A WAF costs money when idle; waf_requests_per_5_minutes adds one.",
    (
        "AwsSolutions-CFR4",
        "*/Site/distribution/*",
    ): "CloudFront's own name has its own TLS settings; domain_name sets ours.",
    ("AwsSolutions-SQS3", "*/ClosingFailed/*"): "It is the queue of what failed, of a topic and of a Lambda.",
    ("AwsSolutions-L1", "*/Lambdas/*"): "Python 3.13 starts faster than 3.14 and is supported until 2029.",
    ("AwsSolutions-L1", "*/Canary/*"): "As the handlers: Python 3.13 is supported until 2029.",
    ("AwsSolutions-L1", "*/Custom::CDKBucketDeployment*"): CDK_UPLOADER,
    ("AwsSolutions-IAM5?Resource::*/@connections/*", "*/Lambdas/*"): CONNECTION_IDS,
    ("AwsSolutions-IAM5?Resource::?]", "*/Lambdas/*"): "X-Ray has no resources; only with tracing, and only to write.",
    ("AwsSolutions-IAM5?Action::s3:*", "*/Upload/role/*"): CDK_UPLOADER,
    ("AwsSolutions-IAM5?Resource::arn:aws:s3:::cdk-*/*", "*/Upload/role/*"): CDK_UPLOADER,
    ("AwsSolutions-IAM5?Resource::<Sitebucket*.Arn>/*", "*/Upload/role/*"): CDK_UPLOADER,
    (
        "AwsSolutions-IAM4?Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]",
        "*/Gradual/role/*",
    ): "AWS says and keeps what its CodeDeploy needs to move an alias.",
    ("AwsSolutions-SMG4", "*/EdgeSecret/*"): "Both ends must change together: make rotate-edge-secret does it.",
    ("AwsSolutions-IAM5?Resource::?]", "*-pipeline/Role/*"): "Questions about the whole account, which name nothing.",
    ("AwsSolutions-IAM5?Resource::arn:aws:cloudformation:*:stack/*/*", "*-pipeline/Role/*"): STACK_IDS,
    ("AwsSolutions-VPC7", "*/Coturn/network/*"): NO_VISITOR_LOGS,
    ("AwsSolutions-EC23", "*/Coturn/ports/*"): "A relay serves whoever has a credential, wherever they are.",
    ("AwsSolutions-EC28", "*/Coturn/instance/*"): "Metrics each minute cost $2 a month and are looked at by nobody.",
    ("AwsSolutions-EC29", "*/Coturn/instance/*"): "It keeps nothing: a new one is as good.",
}

# Where a policy's resource ends in `*`, as a pattern, and why it cannot be narrower.
WILDCARDS: dict[str, str] = {
    r"/@connections/\*$": CONNECTION_IDS,
    r":stack/[A-Za-z0-9-]+/\*$": STACK_IDS,
    r"^(arn:[^:]+)?:?s3:::?.*/\*$": CDK_UPLOADER,
    r"^Sitebucket\w+\.Arn/\*$": CDK_UPLOADER,
}
# Actions on services that have no resources, and why they are allowed at all.
NAMELESS: dict[str, str] = {
    **dict.fromkeys(("xray:PutTraceSegments", "xray:PutTelemetryRecords"), "Writing traces, only with `tracing`."),
    **dict.fromkeys(ASKED, "A pipeline's questions about the whole account; they change nothing."),
}
