/** The service worker: the newest page where there is a network, a page of our own where there is none. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const ORIGIN = "https://passerby.example";
const DAY_MS = 24 * 3_600_000;
const FILES = ["/offline.html", "/offline.js", "/styles/colors.css", "/styles/base.css", "/styles/offline.css", "/images/icon.svg"];

class FakeCache {
  held = new Map();

  async addAll(paths) {
    for (const path of paths) await this.add(path);
  }

  async add(path) {
    this.held.set(path, await fetch(path));
  }

  async put(path, response) {
    this.held.set(path, response);
  }
}

/** @type {Map<string, FakeCache>} */ let stored;
const pathOf = (request) => new URL(typeof request === "string" ? request : request.url, ORIGIN).pathname;
globalThis.caches = {
  open: async (name) => stored.get(name) ?? stored.set(name, new FakeCache()).get(name),
  keys: async () => [...stored.keys()],
  delete: async (name) => stored.delete(name),
  match: async (request, { cacheName = null } = {}) => {
    const found = [...stored].filter(([name]) => cacheName === null || name === cacheName).map(([, cache]) => cache.held.get(pathOf(request)));
    return found.find(Boolean)?.clone();
  },
};
globalThis.WindowClient = class {
  constructor(id) {
    this.id = id;
    this.heard = [];
    this.answers = true;
  }

  postMessage(data, [port] = []) {
    this.heard.push(data);
    if (this.answers) port?.postMessage(true);
  }

  async focus() {
    focused.push(this.id);
  }
};
/** The pages' answer to `announce`, without the machinery of the browser's. */
globalThis.MessageChannel = class {
  port1 = { onmessage: null };
  port2 = { postMessage: () => queueMicrotask(() => this.port1.onmessage?.({})) };
};
let pages = [], focused = [], opened = [], shown = [], lives = [];
globalThis.self = Object.assign(new EventTarget(), {
  location: { origin: ORIGIN },
  skipWaiting: async () => { lives.push("does not wait"); },
  clients: {
    matchAll: async () => pages, get: async (id) => pages.find((page) => page.id === id), claim: async () => { lives.push("claims"); },
    openWindow: async (path) => { opened.push(path); },
  },
  registration: {
    showNotification: async (title, options) => {
      const notification = { title, ...options, close: () => { shown = shown.filter((each) => each !== notification); } };
      shown = [...shown.filter(({ tag }) => tag !== options.tag), notification];
    },
    getNotifications: async () => shown,
  },
});
await import("../../frontend/service-worker.js");

/** The site, as it answers now; null: there is no network. @type {((path: string) => Response) | null} */ let site;
let asked = [];
globalThis.fetch = async (request) => {
  asked.push(pathOf(request));
  if (site === null) throw new TypeError("no network");
  return site(pathOf(request));
};
const html = (words, { at = Date.now(), status = 200 } = {}) => new Response(words, { status, headers: { "content-type": "text/html", date: new Date(at).toUTCString() } });

/** Have the worker see an event through, and return its answer, if it has one. */
async function happen(name, fields = {}) {
  const waited = [];
  let answer;
  const event = Object.assign(new Event(name), { waitUntil: (work) => waited.push(work), respondWith: (work) => { answer = work; } });
  for (const [field, value] of Object.entries(fields)) Object.defineProperty(event, field, { value });
  self.dispatchEvent(event);
  await Promise.all([...waited, answer]);
  return answer;
}

const ask = (path, { mode = "no-cors", method = "GET", origin = ORIGIN } = {}) => happen("fetch", { request: { url: origin + path, mode, method } });
const navigate = async () => (await ask("/", { mode: "navigate" })).text();

beforeEach(async () => {
  [stored, pages, focused, opened, shown, lives] = [new Map(), [], [], [], [], []];
  site = (path) => html(`<html lang="en">${path} of today`);
  await happen("install");
  asked = [];
});

test("a new worker keeps the offline page with all that it needs, and is at work at once", async () => {
  assert.deepEqual([...stored.values()].map(({ held }) => [...held.keys()]), [FILES]);
  await happen("activate");
  assert.deepEqual(lives, ["does not wait", "claims"]);
});

test("a new worker drops the copies of older ones, and keeps the person's choice", async () => {
  const own = [...stored.keys()];
  for (const name of ["passerby-offline-1", "passerby-choice"]) await caches.open(name);
  await happen("activate");
  assert.deepEqual([...stored.keys()], [...own, "passerby-choice"]);
});

test("a page and the offline page's own files are the server's of now, and copies only where there is no network", async () => {
  site = (path) => html(`${path} of tomorrow`);
  assert.equal(await navigate(), "/ of tomorrow");
  for (const path of FILES.slice(1)) assert.equal(await (await ask(path)).text(), `${path} of tomorrow`);

  site = null;
  assert.match(await navigate(), /offline.html of today/);
  for (const path of FILES.slice(1)) assert.match(await (await ask(path)).text(), new RegExp(`${path} of today`));
});

test("everything else is left to the browser", async () => {
  for (const [path, how] of [["/main.js", {}], ["/styles/base.css", { method: "POST" }], ["/styles/base.css", { origin: "https://elsewhere.example" }]]) {
    assert.equal(await ask(path, how), undefined);
  }
  assert.deepEqual(asked, []);
});

test("the offline page is fetched again once it is a day old, and the old one stays where that fails", async () => {
  const [cache] = stored.values();
  const keep = (age) => cache.held.set("/offline.html", html("kept", { at: Date.now() - age }));
  const kept = () => cache.held.get("/offline.html").clone().text();
  keep(DAY_MS - 60_000);
  await navigate();
  assert.equal(await kept(), "kept");
  keep(DAY_MS + 60_000);
  await navigate();
  assert.match(await kept(), /of today/);
  keep(DAY_MS + 60_000);
  site = null;
  await navigate();
  assert.equal(await kept(), "kept");
});

test("a chosen theme stands in each document before it is painted, and in nothing else", async () => {
  for (const choice of ["dark", "light"]) {
    await (await caches.open("passerby-choice")).put("/theme", new Response(choice));
    site = () => html('<html lang="en">', { status: 404 });
    const answer = await ask("/", { mode: "navigate" });
    assert.deepEqual([await answer.text(), answer.status], [`<html data-theme="${choice}" lang="en">`, 404]);
    site = () => new Response("<html lang>", { headers: { "content-type": "text/plain" } });
    assert.equal(await navigate(), "<html lang>");
    site = null;
    assert.match(await navigate(), new RegExp(`data-theme="${choice}".*offline`));
  }
  await (await caches.open("passerby-choice")).put("/theme", new Response("system"));
  site = () => html('<html lang="en">');
  assert.equal(await navigate(), '<html lang="en">');
});

test("a navigation is announced to every page, and waits for none that is frozen", async () => {
  pages = [new WindowClient("a"), new WindowClient("b")];
  pages[1].answers = false;
  await navigate();
  assert.deepEqual(pages.map(({ heard }) => heard), [[{ navigating: true }], [{ navigating: true }]]);
});

test("a tab's notification takes the place of its own, goes when it is seen, and leads to its tab or to another", async () => {
  pages = [new WindowClient("a"), new WindowClient("b")];
  const say = (page, data) => happen("message", { source: page, data });
  for (const page of [pages[0], pages[1], pages[1]]) await say(page, { notify: { title: "Passerby", options: { body: page.id } } });
  assert.deepEqual(shown.map(({ body }) => body), ["a", "b"]);
  const [first] = shown;
  await say(pages[1], { seen: true });
  assert.deepEqual(shown, [first]);

  const click = (data) => happen("notificationclick", { notification: { data, close() {} } });
  pages.reverse();
  await click("a");
  await click("gone");
  pages = [];
  await say(new WindowClient("c"), { seen: true });
  assert.deepEqual(shown, [], "its page is gone");
  await click("a");
  assert.deepEqual([focused, opened], [["a", "b"], ["/"]]);
});

test("nobody but a page is listened to", async () => {
  await happen("message", { source: {}, data: { notify: { title: "Passerby", options: {} } } });
  assert.deepEqual(shown, []);
});
