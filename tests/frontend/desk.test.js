/** The desk's pure modules: what comes too late is not shown, and times and proposals in words. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Latest } from "../../infra/desk/page/latest.js";
import { Queue } from "../../infra/desk/page/queue.js";
import { proposal, span } from "../../infra/desk/page/words.js";
import { openDocument } from "./support/document.js";

/** A promise that is kept or broken by hand. */
function promised() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

test("an answer to what was asked before is dropped, also when it comes last", async () => {
  const latest = new Latest();
  const slow = promised(), fast = promised();
  const first = latest.wait(slow.promise), second = latest.wait(fast.promise);
  fast.resolve("log");
  assert.deepEqual(await second, { answer: "log" });
  slow.resolve("case");
  assert.equal(await first, null);
});

test("a failure of what was asked before is nobody's concern, and one of the last is", async () => {
  const latest = new Latest();
  const old = promised(), now = promised();
  const first = latest.wait(old.promise), second = latest.wait(now.promise);
  old.reject(new Error("too late"));
  assert.equal(await first, null);
  now.reject(new Error("no such case"));
  await assert.rejects(second, /no such case/);
});

test("a list that was filtered anew shows nothing of what was asked for before", async () => {
  const document = openDocument();
  const list = document.createElement("section");
  document.getElementById = () => list;
  const answers = {};
  globalThis.fetch = (path) => new Promise((resolve) => {
    const reason = new URLSearchParams(path.split("?")[1]).get("reason");
    answers[reason] = () => resolve({ ok: true, json: async () => ({ cases: [{ number: reason, reason, due_at: 0 }], after: null, now: 0 }) });
  });
  const queue = new Queue(["spam", "hate"]);
  const [head, rows] = list.children;
  const loads = ["spam", "hate"].map((reason) => {
    head.children[1].value = reason;
    return queue.load();
  });
  answers.hate();
  await new Promise((resolve) => { setImmediate(resolve); });
  answers.spam();
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.deepEqual([rows.children.length, queue.neighbour(1)], [1, "hate"]);
  assert.equal(loads.length, 2);
});

test("spans are told in the unit that people use", () => {
  assert.deepEqual([30, 600, 5400, 3 * 3600, -7 * 3600, 3 * 86_400].map(span), ["1 min", "10 min", "2 h", "3 h", "7 h", "3 d"]);
});

test("a proposal is told with its length", () => {
  assert.equal(proposal("ban 7776000"), "ban for 90 d");
  assert.equal(proposal("for_good 315360000"), "ban for good");
});
