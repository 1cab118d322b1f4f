"""How long a first visit takes on a slow phone: `python -m tests.bench.first_paint`.

The uploaded page comes from a server that speaks HTTP/2 over TLS and compresses, as CloudFront does; Chromium's own
tools make the processor four times slower and the network what they call slow 4G.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from infra.page import bundle, site_files, site_headers
from infra.stack.assembly import BUNDLES, FRONTEND
from infra.tools import node
from tests.browser import chromium

ROUNDS = 7
PROCESSOR_RATE = 4
SERVER = Path(__file__).with_name("http2_site.mjs")
# Chromium's own presets: what its panel calls slow 4G delays each request by as much as several round trips take, and
# what its audit calls so is the network itself.
KILOBIT = 1000 / 8
NETWORKS = {
    "slow 4G of the panel (562 ms a request, 1.4 Mbit/s)": (562.5, 1440 * KILOBIT, 675 * KILOBIT),
    "slow 4G of the audit (150 ms a request, 1.6 Mbit/s)": (150.0, 1638.4 * KILOBIT, 750 * KILOBIT),
}
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
# From when on a press of the button does something.
NOTE_USABLE = """
  const look = () => {
    const button = document.querySelector("#start-text");
    if (button !== null && !button.disabled) window.usableAt ??= performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ["disabled"] });
"""


class Visit(NamedTuple):
    """Milliseconds from the navigation on, and what was fetched until then."""

    first_paint: float
    usable: float
    requests: int


@contextmanager
def served() -> Iterator[str]:
    """Serve the page as it is uploaded; yields its address."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = site_files.prepare(bundle.build(FRONTEND, BUNDLES), folder / "builds")
        for part in (files.pages, files.assets):
            shutil.copytree(part, folder / "site", dirs_exist_ok=True)
        (folder / "site" / "config.json").write_text('{"websocketUrl": "wss://127.0.0.1:1/ws"}')
        (folder / "site" / "online.json").write_text("{}")
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
        subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        command = [node.executable(), str(SERVER), str(folder / "site"), str(key), str(certificate)]
        styles = site_headers.styles_in((files.pages / "index.html").read_text(encoding="utf-8"))
        environment = {**os.environ, "HEADERS": json.dumps(site_headers.headers("wss://127.0.0.1:1", styles))}
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        try:
            assert server.stdout is not None
            yield f"https://127.0.0.1:{int(server.stdout.readline())}/"
        finally:
            server.kill()
            server.wait()


def visit(browser: Browser, url: str, network: tuple[float, float, float], locale: str = "en-US") -> Visit:
    """Return how long a first visit takes."""
    context = browser.new_context(
        ignore_https_errors=True, locale=locale, viewport={"width": 390, "height": 844}, service_workers="block"
    )
    page = context.new_page()
    page.add_init_script(NOTE_USABLE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    tools = context.new_cdp_session(page)
    latency, download, upload = network
    tools.send("Network.enable")
    tools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": latency, "downloadThroughput": download, "uploadThroughput": upload},
    )
    tools.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR_RATE})
    page.goto(url, wait_until="commit")
    page.wait_for_function("() => window.usableAt !== undefined")
    usable, requests = float(page.evaluate("() => window.usableAt")), len(asked)
    page.wait_for_function(FIRST_PAINT)
    found = Visit(float(page.evaluate(FIRST_PAINT)), usable, requests)
    context.close()
    return found


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="How long a first visit takes on a slow phone.")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="visits for each network, of which the median counts"
    )
    rounds = parser.parse_args(arguments).rounds
    with served() as url, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        visit(browser, url, (0, -1, -1))  # warms the browser, which a phone's user opened long ago
        print("| network | first paint | usable | requests |\n|---|---:|---:|---:|")
        for name, network in NETWORKS.items():
            visits = [visit(browser, url, network) for _ in range(rounds)]
            paint, usable, requests = (statistics.median(column) for column in zip(*visits, strict=True))
            print(f"| {name} | {paint / 1000:.2f} s | {usable / 1000:.2f} s | {requests:.0f} |")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
