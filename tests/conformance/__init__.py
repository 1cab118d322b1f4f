"""Does a server keep the protocol? Named cases, told by a client that knows only the protocol's document.

Run them with `python -m tests.conformance wss://…`, with pytest against the local gateway, or by `run_cases`.
"""

from tests.conformance.registry import CASES, Case
from tests.conformance.runner import Options, Result, run_cases

__all__ = ["CASES", "Case", "Options", "Result", "run_cases"]
