"""On the path of the emulated Lambdas: what Lambda unpacks under /opt is found where MiniStack unpacks it.

The Lambda that uploads the page runs the AWS command line of its layer, `/opt/awscli/aws`. MiniStack unpacks layers
into a folder of each worker and says where, so the real layer runs, with this Python instead of the one of AWS.
"""

import os
import subprocess
import sys
from pathlib import Path

LAYER_ROOT = "/opt/"

if layers := os.environ.get("_LAMBDA_LAYERS_DIRS", ""):
    run = subprocess.Popen.__init__

    def run_from_layer(self, command, *arguments, **keywords):
        """Start a program of a layer from the folder that it really lies in."""
        if isinstance(command, list) and command[0].startswith(LAYER_ROOT):
            program = Path(layers.split(os.pathsep)[0]) / command[0].removeprefix(LAYER_ROOT)
            command = [sys.executable, str(program), *command[1:]]
            # Lambda logs what a program prints; MiniStack takes a worker's stdout for the answer.
            keywords.setdefault("stdout", sys.stderr.fileno())
            # Lambda's own list of authorities, which its environment names, is not on this computer.
            keywords["env"] = {**(keywords.get("env") or os.environ), "AWS_CA_BUNDLE": os.environ["SSL_CERT_FILE"]}
        run(self, command, *arguments, **keywords)

    subprocess.Popen.__init__ = run_from_layer  # type: ignore[assignment,method-assign]  # the layer is stood in for here alone
