/** The page's memory: what it keeps, where it can keep nothing, and in which of several tabs. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { keptHere } from "../../frontend/mine/browser.js";
import { pack, unpack } from "../../frontend/keeping.js";
import { recall, recallInTab, remember, rememberInTab } from "../../frontend/preferences.js";
import { Tabs, nameTab } from "../../frontend/tabs.js";
import { applyTheme } from "../../frontend/theme.js";
import { openDocument } from "./support/document.js";
import { playPaired } from "./support/player.js";

/** A browser in which storage is forbidden: each use of it throws. */
function forbidStorage() {
  openDocument();
  const forbidden = { get() { throw new DOMException("denied", "SecurityError"); } };
  for (const name of ["localStorage", "sessionStorage", "caches"]) Object.defineProperty(globalThis, name, { configurable: true, ...forbidden });
}

/** And one in which it is allowed. */
function allowStorage() {
  for (const name of ["localStorage", "sessionStorage", "caches"]) Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: undefined });
  openDocument();
}

test("a page whose storage is forbidden works without a memory", async () => {
  forbidStorage();
  remember("theme", "dark");
  rememberInTab("call", { camera: false });
  assert.deepEqual([recall("theme"), recall("interests"), recallInTab("call")], ["system", [], null]);
  await applyTheme("dark");
  assert.equal(document.documentElement.dataset.theme, "dark");
  assert.deepEqual(await keptHere(), []);
});

test("a page whose storage is full goes on", () => {
  allowStorage();
  localStorage.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
  remember("theme", "dark");
  assert.equal(recall("theme"), "system");
});

test("what is damaged, or of another kind than the page remembers, counts as nothing", () => {
  allowStorage();
  for (const [name, written] of [["interests", '"chess"'], ["interests", "{"], ["theme", "7"], ["volume", '"1"'], ["languages", "{}"], ["sound", "null"]]) {
    localStorage.setItem(`passerby.${name}`, written);
    assert.deepEqual(recall(name), { interests: [], theme: "system", volume: 1, languages: [], sound: false }[name], `${name}: ${written}`);
  }
});

test("a conversation is gone on with for two minutes, and not by a clock that was set back", () => {
  const { session } = playPaired();
  const kept = JSON.parse(JSON.stringify(pack(session, "half a thou", [], "tab", 1_000_000)));
  assert.deepEqual(unpack(kept, 1_119_999), kept);
  assert.deepEqual([unpack(kept, 1_120_000), unpack(kept, 999_999), unpack({ ...kept, tab: undefined }, 1_000_001)], [null, null, null]);
});

/** All tabs of one browser. */
class FakeChannel {
  /** @type {Set<FakeChannel>} */ static open = new Set();
  static posted = [];

  constructor() {
    FakeChannel.open.add(this);
  }

  postMessage(data) {
    FakeChannel.posted.push(data);
    for (const other of FakeChannel.open) if (other !== this) queueMicrotask(() => other.onmessage?.({ data }));
  }

  close() {
    FakeChannel.open.delete(this);
  }
}

test("a tab that lives says so to its copy, and to no other tab", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.BroadcastChannel = FakeChannel;
  const [first, copy, stranger] = [new Tabs(), new Tabs(), new Tabs()];
  first.be("first");
  stranger.be("another");
  const answers = Promise.all(["first", "gone", ""].map((name) => copy.isAlive(name)));
  for (let turn = 0; turn < 5; turn += 1) await null;
  t.mock.timers.tick(150);
  assert.deepEqual(await answers, [true, false, false]);
  assert.equal(FakeChannel.open.size, 3, "nobody listens for an answer any more");
  assert.deepEqual(FakeChannel.posted.filter(({ alive }) => alive), [{ alive: "first" }]);
});

test("no two tabs have the same name", () => {
  assert.equal(new Set(Array.from({ length: 100 }, nameTab)).size, 100);
});
