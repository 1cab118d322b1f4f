import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { eraseHere, keptHere } from "../../frontend/mine/browser.js";
import { askServer } from "../../frontend/mine/server.js";
import { remember, rememberInTab } from "../../frontend/preferences.js";

const FRONTEND = new URL("../../frontend/", import.meta.url);

/** A browser's storage, as far as the page uses it. */
function storage() {
  const held = new Map();
  return {
    get length() { return held.size; },
    key: (index) => [...held.keys()][index] ?? null,
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, value) => held.set(name, value),
    removeItem: (name) => held.delete(name),
  };
}

beforeEach(() => {
  globalThis.localStorage = storage();
  globalThis.sessionStorage = storage();
  const caches = new Map([["passerby-choice", "dark"], ["passerby-offline-2", "a page"]]);
  globalThis.caches = {
    match: async (_, { cacheName }) => caches.has(cacheName) ? { text: async () => caches.get(cacheName) } : undefined,
    delete: async (name) => caches.delete(name),
    has: (name) => caches.has(name),
  };
});

function fill() {
  localStorage.setItem("somebody else's", "stays");
  remember("device", "d.secret");
  remember("interests", ["go"]);
  remember("adult", true);
  rememberInTab("session", { token: "secret" });
  rememberInTab("age", "proof");
}

test("everything that the page keeps is listed in its group, and of a secret only how long it is", async () => {
  fill();
  const kept = await keptHere();

  assert.deepEqual(kept.map(({ group, name }) => [group, name]), [
    ["age", "adult"], ["device", "device"], ["settings", "interests"], ["age", "age"], ["session", "session"],
    ["appearance", "passerby-choice"],
  ]);
  assert.deepEqual(kept.find(({ name }) => name === "interests")?.value, ["go"]);
  assert.deepEqual(kept.find(({ name }) => name === "device")?.value, { characters: 10 });
  assert.ok(!JSON.stringify(kept).includes("secret"));
  assert.ok(!JSON.stringify(kept).includes("proof"));
});

test("erasing leaves nothing of this site's, and nothing of another's is touched", async () => {
  fill();
  await eraseHere(false);

  assert.deepEqual(await keptHere(), []);
  assert.equal(localStorage.getItem("somebody else's"), "stays");
  assert.ok(globalThis.caches.has("passerby-offline-2"));
});

test("a person who is locked out keeps the number by which they are", async () => {
  fill();
  await eraseHere(true);

  assert.deepEqual((await keptHere()).map(({ name }) => name), ["device"]);
});

test("a person who said that they are a minor is not let in by erasing it", async () => {
  fill();
  remember("underage", true);
  await eraseHere(false);

  assert.deepEqual((await keptHere()).map(({ name }) => name), ["underage"]);
});

test("nothing of the page keeps anything elsewhere than where this looks", () => {
  const keeping = /localStorage|sessionStorage|indexedDB|document\.cookie|caches\./;
  const files = readdirSync(FRONTEND, { recursive: true }).filter((name) => name.endsWith(".js"));
  const found = files.filter((name) => keeping.test(readFileSync(new URL(name, FRONTEND), "utf8"))).sort();

  // The offline page reads the language; the service worker keeps files of the site, and reads the appearance.
  assert.deepEqual(found, ["mine/browser.js", "offline.js", "preferences.js", "service-worker.js", "theme.js"]);
});

/** A server that answers each frame with the next of these; `asked` are the frames. */
function server(...answers) {
  const asked = [];
  class Socket extends EventTarget {
    constructor() {
      super();
      setTimeout(() => this.dispatchEvent(new Event("open")));
    }
    send(text) {
      asked.push(JSON.parse(text));
      const data = JSON.stringify(answers.shift());
      setTimeout(() => this.dispatchEvent(Object.assign(new Event("message"), { data })));
    }
    close(code) {
      asked.push(code);
    }
  }
  return { asked, open: () => new Socket() };
}

const held = (kind, number) => ({ kind, fields: { case: number } });

test("page after page is asked for until there is no more, and then the socket is closed", async () => {
  const { asked, open } = server(
    { type: "mine", did: "erase", held: [], locked: false, more: 10 },
    { type: "mine", did: "erase", held: [], locked: false },
    { type: "mine", did: "show", held: [held("report", "A")], locked: true, more: 10 },
    { type: "mine", did: "show", held: [held("report", "B")], locked: true },
  );
  const answer = await askServer("wss://site/ws", ["erase", "show"], open);

  assert.deepEqual(answer, { held: [held("report", "A"), held("report", "B")], locked: true });
  assert.deepEqual(asked, [
    { action: "mine", do: "erase", after: 0 }, { action: "mine", do: "erase", after: 10 },
    { action: "mine", do: "show", after: 0 }, { action: "mine", do: "show", after: 10 }, 1000,
  ]);
});

test("a server that never comes to an end is not asked for ever", async () => {
  const { asked, open } = server({ type: "mine", held: [], more: 10 }, { type: "mine", held: [], more: 10 });
  await askServer("wss://site/ws", ["show"], open);

  assert.equal(asked.length, 3);
});

test("a refusal is an error, and nothing more is asked", async () => {
  const { asked, open } = server({ type: "error", code: "rate_limited" });

  await assert.rejects(askServer("wss://site/ws", ["erase", "show"], open), /rate_limited/);
  assert.deepEqual(asked, [{ action: "mine", do: "erase", after: 0 }, 1000]);
});

test("a socket that is closed before it answers is an error", async () => {
  const { open } = server();
  const socket = open();
  setTimeout(() => socket.dispatchEvent(new Event("close")), 5);
  socket.send = () => {};

  await assert.rejects(askServer("wss://site/ws", ["show"], () => socket), /closed/);
});
