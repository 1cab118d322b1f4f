/** The page without a network: in the person's language, and back as soon as there is one. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { LANGUAGES } from "../../frontend/language.js";
import { openDocument, part } from "./support/document.js";

const ASK_EVERY_MS = 10_000;

const SOURCE = readFileSync(new URL("../../frontend/offline.js", import.meta.url), "utf8");
let visits = 0;

/** Load the page anew. */
async function visit(t, { languages = ["en"], chosen = null, forbidden = false } = {}) {
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["setInterval"] });
  const document = openDocument();
  document.getElementById = (id) => part(id);
  if (chosen !== null) localStorage.setItem("passerby.language", JSON.stringify(chosen));
  if (forbidden) localStorage.getItem = () => { throw new DOMException("denied", "SecurityError"); };
  const left = [];
  globalThis.location = { replace: (path) => left.push(path) };
  Object.defineProperty(globalThis, "navigator", { value: { languages }, configurable: true });
  globalThis.fetch = async () => { throw new TypeError("no network"); };
  visits += 1;
  await import(`data:text/javascript,${encodeURIComponent(`${SOURCE}// ${visits}`)}`); // Without an export it would be loaded once.
  return { left, words: ["title", "text", "again"].map((id) => part(id).textContent) };
}

test("every language of the page has its own words there, in its direction", async (t) => {
  const said = new Set();
  for (const { tag, direction } of LANGUAGES.filter((each) => each.tag !== "en")) {
    const { words } = await visit(t, { languages: [`${tag}-XX`, "en"] });
    words.forEach((each) => said.add(each));
    assert.deepEqual([document.documentElement.lang, document.documentElement.dir], [tag, direction]);
  }
  assert.ok(said.size === 3 * (LANGUAGES.length - 1) && !said.has(""));
});

test("the chosen language comes before the browser's, and English is the document's own", async (t) => {
  await visit(t, { languages: ["de"], chosen: "fr" });
  assert.equal(document.documentElement.lang, "fr");
  for (const how of [{ languages: ["de"], chosen: "en" }, { languages: ["xx"] }]) {
    assert.deepEqual((await visit(t, how)).words, ["", "", ""], JSON.stringify(how));
  }
});

test("a browser that forbids storage is spoken to in its own language", async (t) => {
  await visit(t, { languages: ["de"], forbidden: true });
  assert.equal(document.documentElement.lang, "de");
});

test("the page comes back when the browser says so, or the server answers", async (t) => {
  const { left } = await visit(t);
  window.dispatchEvent(new Event("online"));
  assert.deepEqual(left, ["/"]);

  const asking = await visit(t);
  t.mock.timers.tick(ASK_EVERY_MS);
  await null;
  assert.deepEqual(asking.left, []);
  globalThis.fetch = async () => ({});
  t.mock.timers.tick(ASK_EVERY_MS);
  await null;
  await null;
  assert.deepEqual(asking.left, ["/"]);
});
