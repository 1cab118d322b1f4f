import assert from "node:assert/strict";
import { test } from "node:test";
import { findAgeUrl, findVideoConfig, keepsEvidence, takeProofOfAge } from "../../frontend/config.js";
import { recallInTab } from "../../frontend/preferences.js";
import { openDocument } from "./support/document.js";

/** Longer than people ask who ask together. */
const LATER_MS = 250;

/** A site whose file says something else each time. */
function serve() {
  let asked = 0;
  globalThis.fetch = async () => {
    asked += 1;
    return { json: async () => ({ evidence: true, ageUrl: `https://age.example/${asked}`, video: { hidesAddresses: true } }) };
  };
  return () => asked;
}

const later = () => new Promise((resolve) => { setTimeout(resolve, LATER_MS); });

test("a person who asks at once for several things is answered by one request, and one who asks later by another", async () => {
  const asked = serve();

  const [evidence, video, age] = await Promise.all([keepsEvidence(), findVideoConfig(), findAgeUrl()]);
  assert.deepEqual([evidence, video.hidesAddresses, age, asked()], [true, true, "https://age.example/1", 1]);

  await later();
  assert.deepEqual([await findAgeUrl(), asked()], ["https://age.example/2", 2]);
  await later();
});

test("a file that hangs is asked for anew", async () => {
  globalThis.fetch = () => new Promise(() => {});
  void findVideoConfig();
  await later();

  const asked = serve();
  assert.deepEqual([(await findVideoConfig()).hidesAddresses, asked()], [true, 1]);
});

test("where nothing is said the most careful holds", async () => {
  await later();
  globalThis.fetch = async () => { throw new TypeError("no network"); };

  assert.deepEqual(await findVideoConfig(), { relayUrls: [], hidesAddresses: false, blurUntilReveal: false });
  assert.equal(await keepsEvidence(), false);
});

test("a place to prove one's age that is no web page of its own is none", async () => {
  for (const ageUrl of ["javascript:alert(1)", "http://age.example/", "/age", 7, null]) {
    await later();
    globalThis.fetch = async () => ({ json: async () => ({ ageUrl }) });
    assert.equal(await findAgeUrl(), null, String(ageUrl));
  }
});

test("a proof of age is kept for this tab, and taken out of sight", () => {
  openDocument();
  const shown = [];
  Object.assign(globalThis, { location: { hash: "#age=p.r.oof", pathname: "/" }, history: { replaceState: (_, __, path) => shown.push(path) } });
  takeProofOfAge();
  assert.deepEqual([recallInTab("age"), shown], ["p.r.oof", ["/"]]);
  location.hash = "";
  takeProofOfAge();
  assert.deepEqual([recallInTab("age"), shown], ["p.r.oof", ["/"]]);
});
