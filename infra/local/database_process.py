"""MiniStack as a child process that ends with its parent, however that ends.

The parent holds the other end of this process's standard input. When it closes that end, or is killed, the read below
returns; no pid file and no signal handler can promise as much.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading


def main() -> None:
    # MiniStack writes a pid file into the temporary folder; this one vanishes with the process.
    folder = tempfile.TemporaryDirectory(prefix=f"passerby-database-{os.getpid()}-")
    tempfile.tempdir = folder.name
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()

    # Only now: it keeps what the environment and the temporary folder are when it is imported.
    from ministack.app import main as serve  # type: ignore[import-untyped]  # noqa: PLC0415

    sys.argv = ["ministack"]
    serve()


def _end_with_parent(folder: tempfile.TemporaryDirectory[str]) -> None:
    sys.stdin.buffer.read()
    folder.cleanup()
    os._exit(0)  # its state is in memory and nobody is left to use it


if __name__ == "__main__":
    main()
