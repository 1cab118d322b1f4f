/** One connection at a time: when it is dropped, kept, moved and tried again. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Socket, choosePause } from "../../frontend/socket.js";

class FakeWebSocket {
  static OPEN = 1;
  static all = [];
  readyState = 0;
  sent = [];
  code = null;

  constructor(url) {
    this.url = url;
    FakeWebSocket.all.push(this);
  }

  open() {
    this.readyState = FakeWebSocket.OPEN;
    this.onopen();
  }

  close(code) {
    this.readyState = 2;
    this.code = code;
  }

  /** The server or the network ends it. */
  end() {
    this.readyState = 3;
    this.onclose?.();
  }

  send(text) {
    this.sent.push(text);
  }
}

/** A socket that a failed test left would connect again for ever. @type {Socket[]} */
const begun = [];
afterEach(() => begun.splice(0).forEach((socket) => socket.disconnect()));

/** A socket of the page with all that it heard, and addresses that are found when the test says so. */
function begin({ findUrl = async () => "ws://here" } = {}) {
  FakeWebSocket.all = [];
  globalThis.WebSocket = FakeWebSocket;
  const heard = [];
  const listener = { opened: () => heard.push("opened"), closed: () => heard.push("closed"), received: (data) => heard.push(data) };
  const socket = new Socket(findUrl, listener);
  begun.push(socket);
  return { socket, heard, made: FakeWebSocket.all };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** @returns a socket that is open */
async function beginOpen(options) {
  const world = begin(options);
  world.socket.connect();
  await settled();
  world.made[0].open();
  return world;
}

test("a connection that moves is read until the new one has spoken, and then left behind", async () => {
  const { socket, heard, made } = await beginOpen();
  socket.renew();
  await settled();
  made[1].open();
  made[0].onmessage({ data: "late" });
  assert.equal(made[0].code, null);

  made[1].onmessage({ data: "first" });
  assert.equal(made[0].code, 4000);
  assert.deepEqual(heard, ["opened", "opened", "late", "first"]);
});

test("an event that arrives before the new connection is begun does not cost the old one", async () => {
  const waiting = [];
  const { socket, made } = begin({ findUrl: () => new Promise((resolve) => waiting.push(resolve)) });
  socket.connect();
  waiting.pop()("ws://here");
  await settled();
  made[0].open();
  socket.renew();
  made[0].onmessage({ data: "in the midst of it" });

  assert.equal(made[0].code, null);
});

test("where moving fails the connection stays, and nobody is told", async () => {
  const { socket, heard, made } = await beginOpen();
  socket.renew();
  await settled();
  made[1].end();
  socket.send({ action: "ping" });

  assert.deepEqual(heard, ["opened"]);
  assert.deepEqual([made[0].code, made[0].sent], [null, ['{"action":"ping"}']]);
  made[0].end();
  assert.deepEqual(heard, ["opened", "closed"]);
});

test("an address that is found too late opens nothing", async () => {
  const waiting = [];
  const { socket, made } = begin({ findUrl: () => new Promise((resolve) => waiting.push(resolve)) });
  socket.connect();
  socket.hurry();
  for (const resolve of waiting) resolve("ws://here");
  await settled();

  assert.equal(made.length, 1);
});

test("an attempt that takes ten seconds is given up, and one that opened in time is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const slow = begin();
  slow.socket.connect();
  await settled();
  t.mock.timers.tick(10_000);
  assert.deepEqual([slow.heard, slow.made[0].code], [["closed"], 4000]);

  const quick = await beginOpen();
  t.mock.timers.tick(60_000);
  assert.deepEqual([quick.heard, quick.made[0].code], [["opened"], null]);
});

test("an attempt to move has its own ten seconds, also when the first has not opened yet", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { socket, heard, made } = begin();
  socket.connect();
  await settled();
  t.mock.timers.tick(6_000);
  socket.renew();
  await settled();
  t.mock.timers.tick(6_000);
  assert.deepEqual([heard, made[1].code], [[], null]);
});

test("a pause between attempts opens nothing once the person left, or another attempt began", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const left = await beginOpen();
  left.made[0].end();
  left.socket.disconnect();
  t.mock.timers.tick(60_000);
  await settled();
  assert.equal(left.made.length, 1);

  const hurried = await beginOpen();
  hurried.made[0].end();
  hurried.socket.hurry();
  await settled();
  t.mock.timers.tick(5_000); // longer than the first pause
  await settled();
  assert.equal(hurried.made.length, 2);
});

test("an attempt that began on the network before is not waited for", async () => {
  const { socket, made } = begin();
  socket.connect();
  await settled();
  socket.hurry();
  await settled();
  assert.deepEqual([made.length, made[0].code], [2, 4000]);

  made[1].open();
  socket.hurry();
  await settled();
  assert.equal(made.length, 2, "what is open is left alone");
});

test("pauses are short again once the server has spoken, or the person is back", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(Math, "random", () => 1);
  const { socket, made } = await beginOpen();
  const lose = async (pause) => {
    const before = made.length;
    made.at(-1).end();
    t.mock.timers.tick(pause - 1);
    await settled();
    assert.equal(made.length, before, `a pause of ${pause} ms`);
    t.mock.timers.tick(1);
    await settled();
    assert.equal(made.length, before + 1);
  };
  for (const pause of [1_000, 2_000, 4_000]) await lose(pause);
  made.at(-1).open();
  await lose(8_000);
  made.at(-1).open();
  made.at(-1).onmessage({ data: "hello" });
  await lose(1_000);
  await lose(2_000);
  socket.hurry();
  await settled();
  await lose(1_000);
});

test("how a connection is closed says whether somebody comes back", async () => {
  const codes = [];
  for (const end of [
    (socket) => socket.disconnect(), (socket) => socket.reconnect(),
    (socket) => socket.suspend("gone"), (socket) => socket.suspend("back soon"), (socket) => socket.suspend("unknown"),
  ]) {
    const { socket, made } = await beginOpen();
    end(socket);
    socket.disconnect();
    codes.push(made[0].code);
  }

  assert.deepEqual(codes, [1000, 4000, 1000, 4000, 4001]);
});

test("pauses grow to half a minute and are never the same for all", () => {
  assert.deepEqual([0, 1, 5, 50].map((attempt) => choosePause(attempt, () => 1)), [1_000, 2_000, 30_000, 30_000]);
  assert.equal(choosePause(0, () => 0), 200);
});
