import assert from "node:assert/strict";
import { test } from "node:test";
import { findAgeUrl, findVideoConfig, keepsEvidence } from "../../frontend/config.js";

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
