"""How long the page takes to seal a line and to open it, on this processor and on one four times as slow.

`python -m tests.bench.sealed`. Means of 300 lines, one after the other, in a browser without a screen.
"""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from infra.reports import usage
from tests.browser import chromium
from tests.frontend.site import serve

SLOWER = (1, 4)
LENGTHS = (40, 2000)

MEASURE = """async (length) => {
  const { createKeyPair, deriveRoomKeys } = await import("/sealed/keys.js");
  const { sealLine, openLine } = await import("/sealed/lines.js");
  const [one, other] = [await createKeyPair(), await createKeyPair()];
  let begun = performance.now();
  const mine = await deriveRoomKeys(one, other.public, "room", 0);
  const derive = performance.now() - begun;
  const theirs = await deriveRoomKeys(other, one.public, "room", 1);
  const texts = Array.from({ length: 300 }, (_, seq) => `${seq} `.padEnd(length, "x"));
  const lines = [];
  begun = performance.now();
  for (const [seq, text] of texts.entries()) lines.push(await sealLine(mine, seq, text));
  const seal = (performance.now() - begun) / texts.length;
  begun = performance.now();
  for (const [seq, text] of texts.entries()) {
    const { sealed, commitment } = lines[seq];
    if (await openLine(theirs, seq, sealed, commitment) !== text) throw new Error("it does not open");
  }
  return [seal, (performance.now() - begun) / texts.length, derive];
}"""


def main() -> None:
    """Print a row for each processor and length."""
    usage.take_no_arguments("tests.bench.sealed", __doc__)
    print("| processor | characters | sealed, ms | opened, ms | keys of a room, ms |\n|---:|---:|---:|---:|---:|")
    with serve() as url, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for rate in SLOWER:
            page = browser.new_page()
            page.goto(f"{url}/offline.html")
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
            for length in LENGTHS:
                page.evaluate(MEASURE, length)  # what is compiled on the way belongs to no line
                seal, opened, derive = page.evaluate(MEASURE, length)
                print(f"| 1/{rate} | {length} | {seal:.2f} | {opened:.2f} | {derive:.1f} |", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
