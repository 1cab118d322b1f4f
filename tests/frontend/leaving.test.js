/** A page that is left says whether it comes back: a reload is announced, and a closed tab is not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Leaving } from "../../frontend/leaving.js";
import { openDocument, told } from "./support/document.js";

const ANNOUNCED_FOR_MS = 10_000;

/** A page at a time that the test turns. */
function visit(t, { hasWorker = true } = {}) {
  openDocument();
  let now = 1_000_000;
  t.mock.method(performance, "now", () => now);
  const serviceWorker = Object.assign(new EventTarget(), { controller: hasWorker ? {} : null });
  Object.defineProperty(globalThis, "navigator", { value: { serviceWorker }, configurable: true });
  const answers = [];
  const leaving = new Leaving();
  const announce = (data) => serviceWorker.dispatchEvent(told("message", null, { data, ports: [{ postMessage: (answer) => answers.push(answer) }] }));
  const press = (keys) => window.dispatchEvent(told("keydown", null, { ctrlKey: false, metaKey: false, ...keys }));
  return { leaving, announce, answers, press, pass: (ms) => { now += ms; } };
}

test("a tab that is closed is gone, one that the browser keeps may come back, and without a worker nobody knows", (t) => {
  const { leaving } = visit(t);
  assert.deepEqual([leaving.outlook(false), leaving.outlook(true)], ["gone", "unknown"]);
  assert.equal(visit(t, { hasWorker: false }).leaving.outlook(false), "unknown");
});

test("a page that was announced to be loaded again is back soon, for as long as that takes", (t) => {
  const { leaving, announce, answers, pass } = visit(t);
  announce({ something: "else" });
  assert.deepEqual([leaving.outlook(false), answers], ["gone", []]);
  announce({ navigating: true });
  assert.deepEqual(answers, [true]);
  pass(ANNOUNCED_FOR_MS - 1);
  assert.equal(leaving.outlook(false), "back soon");
  pass(1);
  assert.equal(leaving.outlook(false), "gone");
});

test("the keys that load a page again, past its worker, announce it", (t) => {
  for (const keys of [{ key: "F5" }, { key: "r", ctrlKey: true }, { key: "R", metaKey: true }]) {
    const { leaving, press } = visit(t);
    press({ key: "r" });
    assert.equal(leaving.outlook(false), "gone");
    press(keys);
    assert.equal(leaving.outlook(false), "back soon", JSON.stringify(keys));
  }
});
