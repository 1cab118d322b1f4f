"""Which Host names this machine: a page whose name was made to lead here (DNS rebinding) names another one. Pure."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"[0-9.]+")
PORT = re.compile(r":[0-9]+$")


def names_a_machine(host: str) -> bool:
    """Tell whether a Host header holds an address, or localhost: no other name can be somebody's page."""
    name = PORT.sub("", host)
    return name == "localhost" or name.startswith("[") or ADDRESS.fullmatch(name) is not None
