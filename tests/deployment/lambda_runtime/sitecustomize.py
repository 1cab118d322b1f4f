"""On the path of the emulated Lambdas: what Lambda unpacks under /opt is found where MiniStack unpacks it.

The Lambda that uploads the page runs the AWS command line of its layer, `/opt/awscli/aws`. MiniStack unpacks layers
into a folder of each worker and says where, so the real layer runs, with this Python instead of the one of AWS.

And a deployed address is reached through the front, whose name is nowhere, by streams that know of no proxy, too.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

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

DEPLOYED = (".cloudfront.net", ".amazonaws.com")
open_connection = asyncio.open_connection


async def open_deployed(host=None, port=None, *, ssl=None, **keywords):
    """Open a stream to a deployed address through the proxy that the environment names, and any other as it is."""
    if not str(host).endswith(DEPLOYED):
        return await open_connection(host, port, ssl=ssl, **keywords)
    front = urlsplit(os.environ["HTTPS_PROXY"])
    reader, writer = await open_connection(front.hostname, front.port)
    writer.write(f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    if ssl:
        await writer.start_tls(ssl, server_hostname=host)
    return reader, writer


if "HTTPS_PROXY" in os.environ:
    asyncio.open_connection = open_deployed
