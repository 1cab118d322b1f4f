"""The program that `cdk synth` runs (cdk.json). It needs neither credentials nor network nor Docker.

With credentials the CDK's command line says which account and Region are meant.
"""

from __future__ import annotations

from infra.tools import node


def main() -> None:
    node.use_for_jsii()
    from infra.stack.assembly import synthesise  # noqa: PLC0415 - jsii starts Node when it is imported

    synthesise()


if __name__ == "__main__":
    main()
