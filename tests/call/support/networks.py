"""Two hosts beside this machine: Linux network namespaces on a bridge, which need root."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.call.support.browsers import program

BRIDGE = "passerby0"
SERVER = "10.77.0.1"
HOSTS = {"red": "10.77.0.2", "blue": "10.77.0.3"}


def _do(command: str) -> None:
    subprocess.run(shlex.split(command), check=True, capture_output=True, text=True)


@contextmanager
def two_hosts() -> Iterator[None]:
    """Red and blue have a network card each, on a bridge that this machine is on too."""
    program("ip")
    _remove()
    try:
        _do(f"ip link add {BRIDGE} type bridge")
        _do(f"ip addr add {SERVER}/24 dev {BRIDGE}")
        _do(f"ip link set {BRIDGE} up")
        for name, address in HOSTS.items():
            _do(f"ip netns add passerby-{name}")
            _do(f"ip -n passerby-{name} link set lo up")
            _do(f"ip link add passerby-{name} type veth peer name eth0 netns passerby-{name}")
            _do(f"ip link set passerby-{name} master {BRIDGE} up")
            _do(f"ip -n passerby-{name} addr add {address}/24 dev eth0")
            _do(f"ip -n passerby-{name} link set eth0 up")
            _do(f"ip -n passerby-{name} route add default via {SERVER}")
        yield
    finally:
        _remove()


def browser_on(name: str, folder: Path) -> str:
    """A program that starts a browser on a host; the headless shell takes no origin for secure that is not."""
    wrapper = folder / f"chromium-on-{name}"
    wrapper.write_text(f'#!/bin/sh\nexec ip netns exec passerby-{name} {program("whole-chromium")} "$@"\n')
    wrapper.chmod(0o755)
    return str(wrapper)


def change_address(name: str, address: str) -> None:
    """From one network to another, as from wifi to the phone's own: the old address is gone at once."""
    _do(f"ip -n passerby-{name} addr del {HOSTS[name]}/24 dev eth0")
    _do(f"ip -n passerby-{name} addr add {address}/24 dev eth0")
    _do(f"ip -n passerby-{name} route replace default via {SERVER}")


def pull_cable(name: str) -> None:
    _do(f"ip link set passerby-{name} down")


def plug_cable(name: str) -> None:
    _do(f"ip link set passerby-{name} up")


def _remove() -> None:
    links = [f"ip link del {name}" for name in (BRIDGE, *(f"passerby-{name}" for name in HOSTS))]
    for command in (*links, *(f"ip netns del passerby-{name}" for name in HOSTS)):
        subprocess.run(shlex.split(command), check=False, capture_output=True)
