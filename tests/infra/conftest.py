"""The CDK's Python starts Node when it is imported: the environment's own."""

from __future__ import annotations

from infra.tools import node

node.use_for_jsii()
