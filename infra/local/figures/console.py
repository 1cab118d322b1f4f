"""The lines for the person at the console: one for each important thing."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import traceback
from collections import Counter
from pathlib import Path
from typing import Any, TextIO

from infra.local.core.settings import REPOSITORY
from infra.local.figures.logs import LogSink

EXHAUSTED = {errno.EMFILE, errno.ENFILE}  # the descriptors of this process, and of the machine
SAY_AGAIN_SECONDS = 60.0
NO_PLACE = "an unknown place"


class Console:
    """Writes lines to `stream` and details to the functions' log."""

    def __init__(self, stream: TextIO, log: LogSink) -> None:
        self._stream = stream
        self._log = log
        self._failures: Counter[str] = Counter()
        self._exhausted_again_at = float("-inf")
        self._is_closed = False

    def say(self, sentence: str) -> None:
        print(sentence, file=self._stream, flush=True)

    def report_trouble(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take the event loop's own troubles; asyncio would write a traceback for each socket it cannot accept."""
        problem = context.get("exception")
        if self._is_closed and isinstance(problem, ValueError):
            return  # a second after a shortage asyncio listens again, on a socket that was closed meanwhile
        if not isinstance(problem, OSError) or problem.errno not in EXHAUSTED:
            loop.default_exception_handler(context)
        elif loop.time() >= self._exhausted_again_at:
            self._exhausted_again_at = loop.time() + SAY_AGAIN_SECONDS
            self.say(f"{problem.strerror}: newcomers wait until others have left (`ulimit -n` allows more).")

    def expect_the_end(self) -> None:
        """Take it that the sockets are being closed."""
        self._is_closed = True

    def report_failure(self, route_key: str, problem: BaseException) -> None:
        """Tell of a handler that raised; the same failure again at its 10th, 100th, 1,000th time only."""
        sentence = f"The handler of {route_key} failed at {_place(problem)}: {type(problem).__name__}: {problem}"
        self._failures[sentence] += 1
        count = self._failures[sentence]
        if count == 1:
            self.say(sentence)
        elif set(str(count)[1:]) == {"0"} and str(count)[0] == "1":
            self.say(f"{sentence} ({count} times)")
        # As Lambda's runtime logs it.
        details = "".join(traceback.format_exception(problem))
        print(json.dumps({"level": "ERROR", "route": route_key, "message": details}), file=self._log)


def route_library_logs(log: LogSink, errors: TextIO) -> None:
    """Send what libraries log to the functions' log, as Lambda does, but the server's own troubles to the console."""
    logging.basicConfig(stream=log, level=logging.WARNING, format="[%(levelname)s] %(name)s %(message)s", force=True)
    for name in ("asyncio", "aiohttp"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.StreamHandler(errors))
        logger.propagate = False


def _place(problem: BaseException) -> str:
    """Return the last line of our own that the exception passed, which tells more than one inside a library."""
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if _is_own(frame.filename)]
    if not own:
        return NO_PLACE
    return f"{Path(own[-1].filename).relative_to(REPOSITORY)}:{own[-1].lineno}"


def _is_own(filename: str) -> bool:
    """Tell whether a file is the product's: not a library's, and not this gateway's."""
    path = Path(filename)
    is_library = "site-packages" in path.parts or path.is_relative_to(REPOSITORY / "infra" / "local")
    return path.is_relative_to(REPOSITORY) and not is_library
