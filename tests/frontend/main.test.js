/** The wiring of the page: what happens as it is left, slept through, gone back to, loaded again or copied. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import english from "../../frontend/strings/en.js";
import { pack } from "../../frontend/keeping.js";
import { openDocument, part, told } from "./support/document.js";
import { playPaired } from "./support/player.js";

class FakeSocket {
  static OPEN = 1;
  static all = [];
  readyState = 0;
  sent = [];

  constructor() {
    FakeSocket.all.push(this);
  }

  open() {
    this.readyState = FakeSocket.OPEN;
    this.onopen();
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  say(event) {
    this.onmessage({ data: JSON.stringify(event) });
  }

  close(code, reason) {
    this.readyState = 3;
    this.closed = { code, reason };
  }

  get actions() {
    return this.sent.map(({ action }) => action);
  }
}

globalThis.reportError = (error) => { throw error; };
const setTimer = setTimeout;
const timers = [];
/** The page's own timers, some of two hours, keep no test waiting; they end with its test. */
globalThis.setTimeout = (...values) => {
  timers.push(setTimer(...values).unref());
  return timers.at(-1);
};

let pages = 0;

/** Open the page, in a tab that remembers this. @param {{ kept?: object | null }} [options] */
async function open({ kept = null } = {}) {
  pages += 1;
  if (kept !== null) sessionStorage.setItem("passerby.session", JSON.stringify(kept));
  await import(`../../frontend/main.js?${pages}`);
}

/** Let everything happen that was promised, and what is drawn a moment later. */
async function settle() {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
}

async function until(isThere) {
  for (let turn = 0; turn < 500 && !isThere(); turn += 1) await new Promise((resolve) => { setTimer(resolve, 5); });
  assert.ok(isThere());
}

const socket = () => FakeSocket.all.at(-1);
const kept = () => JSON.parse(sessionStorage.getItem("passerby.session"));

/** Talk to somebody. */
async function talk() {
  await open();
  part("start-text").click();
  await until(() => FakeSocket.all.length > 0);
  socket().open();
  await until(() => socket().actions.includes("join"));
  socket().say({ type: "paired", room: "r1", mode: "text", polite: true, resume: "t1" });
  socket().say({ type: "message", room: "r1", seq: 1, text: "hello" });
  await settle();
}

beforeEach(() => {
  for (const timer of timers.splice(0)) clearTimeout(timer);
  FakeSocket.all = [];
  openDocument();
  Object.assign(globalThis, {
    WebSocket: FakeSocket, location: { origin: "https://passerby.example", hash: "" }, setInterval: () => 0, MediaStream: class { getTracks() { return []; } },
    fetch: async () => ({ json: async () => ({}), headers: new Headers() }),
  });
  delete globalThis.BroadcastChannel;
  Object.assign(window, { innerWidth: 390, innerHeight: 844, visualViewport: null });
  Object.defineProperty(globalThis, "navigator", { value: { languages: ["en"], onLine: true }, configurable: true });
});

/** As a browser tells that a page is left. */
const leave = (persisted = false) => window.dispatchEvent(told("pagehide", null, { persisted }));

test("a page that is left says which lines have come, and keeps all that a reload needs", async () => {
  await talk();
  part("message").value = "half a thou";
  leave();
  assert.deepEqual([socket().closed.code, JSON.parse(socket().closed.reason)], [4001, { room: "r1", ack: 1 }]);
  assert.deepEqual([kept().session.token, kept().draft, kept().session.entries.at(-1).text], ["t1", "half a thou", "hello"]);
});

test("a page that is left after a stop holds nothing", async () => {
  await talk();
  for (let tap = 0; tap < 2; tap += 1) part("stop").click();
  leave();
  assert.deepEqual([socket().actions.at(-1), socket().closed.code, kept()], ["leave", 1000, null]);
});

test("a page that nobody looks at any more keeps what it has, for it may be closed without a word", async () => {
  await talk();
  sessionStorage.removeItem("passerby.session");
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(kept().session.token, "t1");
});

test("a search for video that is left is ended before its connection is", async () => {
  await open();
  part("start-video").click();
  await until(() => FakeSocket.all.length > 0);
  socket().open();
  await settle();
  await until(() => {
    part("ready").click(); // Its panel is fetched by the tap on video.
    return socket().actions.includes("join");
  });
  leave(true);
  await settle();
  assert.equal(socket().actions.at(-1), "leave");
});

test("whoever sees the page again, gets a network or goes back to it asks at once whether the connection still stands", async () => {
  await talk();
  const pings = () => socket().actions.filter((action) => action === "ping").length;
  for (const happen of [
    () => document.dispatchEvent(new Event("visibilitychange")), () => window.dispatchEvent(new Event("online")),
    () => window.dispatchEvent(told("pageshow", null, { persisted: true })),
  ]) {
    const before = pings();
    happen();
    await settle();
    assert.equal(pings(), before + 1, String(happen));
  }
  const before = pings();
  window.dispatchEvent(told("pageshow", null, { persisted: false }));
  assert.equal(pings(), before);
});

test("a page that was left for another one connects anew when somebody goes back to it", async () => {
  await talk();
  leave(true);
  window.dispatchEvent(told("pageshow", null, { persisted: true }));
  await until(() => FakeSocket.all.length === 2);
  socket().open();
  await settle();
  assert.deepEqual(socket().sent, [{ action: "resume", token: "t1" }]);
});

test("a network that is gone or back is told at once", async () => {
  await talk();
  leave(true);
  for (const [name, onLine, key] of [["offline", false, "status_offline"], ["online", true, "status_reconnecting"]]) {
    navigator.onLine = onLine;
    window.dispatchEvent(new Event(name));
    assert.equal(part("status-now").textContent, english[key]);
  }
});

test("a page that is loaded again goes on under its tab's name", async () => {
  const before = pack(playPaired().session, "half a thou", [], "a tab", Date.now());
  await open({ kept: before });
  await until(() => FakeSocket.all.length > 0);
  socket().open();
  await settle();
  assert.deepEqual([socket().sent, part("message").value], [[{ action: "resume", token: "t1" }], "half a thou"]);
  leave();
  assert.equal(kept().tab, "a tab");
});

test("a copy of a tab that lives leaves everything to it, and keeps none of its secrets", async () => {
  globalThis.BroadcastChannel = class {
    postMessage({ isAlive }) {
      queueMicrotask(() => this.onmessage?.({ data: { alive: isAlive } }));
    }

    close() {}
  };
  await open({ kept: pack(playPaired().session, "half a thou", [{ public: "p", private: "secret" }], "a tab", Date.now()) });
  await settle();
  assert.deepEqual([FakeSocket.all, part("message").value, sessionStorage.getItem("passerby.session")], [[], "", null]);
});
