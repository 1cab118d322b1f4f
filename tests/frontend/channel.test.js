import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "../../frontend/sealed/channel.js";
import { createKeyPair, deriveRoomKeys } from "../../frontend/sealed/keys.js";
import { openLine, sealLine } from "../../frontend/sealed/lines.js";
import { toWords } from "../../frontend/sealed/words.js";
import { Player } from "./support/player.js";

/** As a browser has it; here an error ends the test. */
globalThis.reportError = (error) => { throw error; };

/** Requests that WebCrypto has not answered. */ let underWay = 0;
for (const name of ["generateKey", "exportKey", "importKey", "deriveBits", "encrypt", "decrypt", "sign", "verify"]) {
  const asked = crypto.subtle[name].bind(crypto.subtle);
  crypto.subtle[name] = (...values) => {
    underWay += 1;
    return asked(...values).finally(() => { underWay -= 1; });
  };
}

/** Let everything happen that waits for WebCrypto, however busy the machine is: each answer leads to its next question within a turn. */
async function settle() {
  for (let quiet = 0; quiet < 2; quiet = underWay === 0 ? quiet + 1 : 0) await new Promise((resolve) => { setImmediate(resolve); });
}

/** A page without its view: the session and the channel, as main.js joins them. */
class Page {
  sent = [];
  connection = 1;
  player = new Player();
  channel = new Channel({
    room: () => this.player.session.room, connection: () => this.connection, send: (frame) => this.sent.push(frame),
    happen: ({ type, ...values }) => this.happen(type, values),
  });

  happen(type, values = {}) {
    this.player.happen(type, values);
    for (const frame of this.player.takeSent()) this.channel.send(frame);
  }

  hear(type, values) {
    this.channel.receive({ type, ...values });
    return settle();
  }

  async search() {
    this.happen("started", { mode: "text", interests: [] });
    this.happen("opened");
    await settle();
  }

  async say(text) {
    this.happen("line_written", { text });
    await settle();
    return this.last("message");
  }

  last(action) {
    return this.sent.findLast((frame) => frame.action === action);
  }

  get key() {
    return this.sent.findLast((frame) => frame.key !== undefined)?.key;
  }

  get words() {
    return this.player.session.room.words?.join(" ");
  }

  get heard() {
    return this.player.lines.filter((line) => !line.own).map((line) => line.text);
  }

  get notes() {
    return this.player.notes;
  }
}

/** Two pages that are told of a room, each of the key that `keysFor` gives it. */
async function meet({ keysFor = (one, other) => [other.key, one.key], room = "room" } = {}) {
  const pages = [new Page(), new Page()];
  for (const page of pages) await page.search();
  const keys = keysFor(...pages);
  for (const [seat, page] of pages.entries()) {
    const shown = keys[seat] === null ? {} : { key: keys[seat], ownKey: page.key };
    await page.hear("paired", { room, mode: "text", polite: seat === 1, resume: "t", ...shown });
  }
  return pages;
}

/** Pass a line on as an honest relay does. */
async function pass(frame, page) {
  const { action: _action, ...fields } = frame;
  await page.hear("message", { ...fields, stamp: "28000000.AAAAAAAAAAAAAAAAAAAAAA" });
}

test("two pages read each other, and show the same words", async () => {
  const [one, other] = await meet();
  await pass(await one.say("hello"), other);
  await pass(await other.say("hi"), one);

  assert.deepEqual([one.heard, other.heard], [["hi"], ["hello"]]);
  assert.equal(one.words, other.words);
  assert.ok(!JSON.stringify([one.sent, other.sent]).includes("hello"));
});

test("a server that strips both keys makes a chat that both are told is not private", async () => {
  const pages = await meet({ keysFor: () => [null, null] });
  for (const { player } of pages) {
    assert.equal(player.session.entries[0].values.sealed, false);
    assert.equal(player.session.room.words, null);
  }
});

test("a server that strips the key of one tells that one, and the other takes nothing in the clear for the stranger's", async () => {
  const [one, other] = await meet({ keysFor: (_, two) => [two.key, null] });
  assert.equal(other.player.session.entries[0].values.sealed, false);

  await pass(await other.say("in the clear"), one);
  await pass(await one.say("sealed"), other);

  assert.deepEqual([one.heard, other.heard], [[], []]);
  assert.ok(one.notes.includes("tampered"));
});

test("nothing is sent where the server names an own key that this page never had", async () => {
  const [one] = await meet({ keysFor: (own, peer) => [peer.key, own.key] });
  const stranger = await createKeyPair();
  const page = new Page();
  await page.search();
  await page.hear("paired", { room: "room", mode: "text", polite: false, resume: "t", key: one.key, ownKey: stranger.public });

  assert.equal(await page.say("for your eyes only"), undefined);
  assert.ok(!JSON.stringify(page.sent).includes("for your eyes only"));
});

test("a server that sits in the middle and seals anew reads everything, and the words tell", async () => {
  const [middle0, middle1] = await Promise.all([createKeyPair(), createKeyPair()]);
  const [one, other] = await meet({ keysFor: () => [middle0.public, middle1.public] });
  const toOne = await deriveRoomKeys(middle0, one.key, "room", 1);
  const toOther = await deriveRoomKeys(middle1, other.key, "room", 0);

  const frame = await one.say("hello");
  const read = await openLine(toOne, 1, frame.sealed, frame.commitment);
  await pass({ ...frame, ...await sealLine(toOther, 1, read) }, other);

  assert.equal(read, "hello");
  assert.deepEqual(other.heard, ["hello"]);
  assert.ok(!other.notes.includes("tampered"), "nothing but the words tells");
  assert.notEqual(one.words, other.words);
  assert.deepEqual([one.words, other.words], [toWords(toOne.words).join(" "), toWords(toOther.words).join(" ")]);
});

test("a line that was said before comes in no second time, whatever connection carries it", async () => {
  const [one, other] = await meet();
  const first = await one.say("once");
  await pass(first, other);
  other.happen("closed");
  other.happen("opened");
  await other.hear("paired", { room: "room", mode: "text", polite: true, resume: "t2", key: one.key, ownKey: other.key });
  await pass(first, other);
  await pass({ ...first, seq: 2 }, other);

  assert.deepEqual(other.heard, ["once"]);
  assert.ok(other.notes.includes("tampered"), "moved to another number");
});

test("after a reload the page goes on with its keys, and its numbers", async () => {
  const [one, other] = await meet();
  await pass(await one.say("before"), other);
  const again = new Page();
  again.channel.restore(one.channel.pairs);
  again.happen("restored", { session: one.player.session });
  again.happen("opened");
  await again.hear("paired", { room: "room", mode: "text", polite: false, resume: "t2", key: other.key, ownKey: one.key });
  const frame = await again.say("after");

  assert.equal(frame.seq, 2);
  await pass(frame, other);
  assert.deepEqual(other.heard, ["before", "after"]);
});

test("a page forgets the key of a conversation when it meets the next stranger, and all of them when its person stops", async () => {
  const [one, other] = await meet();
  const first = one.key;
  one.happen("skip_pressed");
  one.happen("skip_pressed");
  await settle();
  assert.notEqual(one.key, first);
  await one.hear("paired", { room: "room2", mode: "text", polite: false, resume: "t", key: other.key, ownKey: one.key });
  assert.deepEqual(one.channel.pairs.map((pair) => pair.public), [one.key]);

  const second = one.key;
  one.happen("stopped");
  await settle();
  assert.equal(one.channel.pairs.length, 1);
  assert.ok(![first, second].includes(one.channel.pairs[0].public));
});

test("a line that was sealed too late for its connection goes out over the next one alone", async () => {
  const [one] = await meet();
  one.happen("line_written", { text: "hello" });
  one.connection = 2;
  await settle();
  assert.equal(one.last("message"), undefined);

  await one.say("again");
  assert.equal(one.last("message").seq, 2);
});

test("a skip does not wait for its key, which nobody has seen", async () => {
  const [one] = await meet();
  const before = one.key;
  one.happen("skip_pressed");
  one.happen("skip_pressed");
  for (let turn = 0; turn < 20; turn += 1) await null; // WebCrypto's threads do not answer between these.

  assert.equal(typeof one.last("skip")?.key, "string");
  assert.notEqual(one.last("skip").key, before);
});

test("the proof of a report's lines is told once, and a report that is sent again makes no new key", async () => {
  const [one, other] = await meet();
  await pass(await other.say("nasty"), one);
  const handed = one.player.lines.map((line) => line.id);
  one.happen("reported", { reason: "hate", note: "", handed });
  await one.channel.report(one.player.session.reports[0].frame);
  await settle();
  const pairs = one.channel.pairs.map((pair) => pair.public);
  const [{ frame }] = one.player.session.reports;
  assert.deepEqual(frame, one.last("report"));
  assert.match(frame.lines[0].opening, /^[\w-]{43}$/);

  const loadedAnew = new Page();
  loadedAnew.channel.send(frame);
  await settle();
  assert.deepEqual(loadedAnew.last("report"), frame);
  one.channel.send(frame);
  await settle();
  assert.deepEqual(one.channel.pairs.map((pair) => pair.public), pairs);
});

test("lines of an earlier conversation are proved with its keys, and own ones not at all", async () => {
  const [one, other] = await meet();
  await pass(await other.say("nasty"), one);
  await one.say("stop");
  const about = { room: one.player.session.room, entries: one.player.session.entries };
  const handed = one.player.lines.map((line) => line.id);
  await one.hear("peer_left", { room: "room", reason: "left" });
  const third = new Page();
  await third.search();
  await one.hear("paired", { room: "room2", mode: "text", polite: false, resume: "t", key: third.key, ownKey: one.key });

  one.happen("reported", { reason: "hate", note: "", about, handed });
  await settle();

  const { room, lines: [theirs, own] } = one.last("report");
  assert.equal(room, "room");
  assert.deepEqual(Object.keys(own).sort(), ["seat", "seq", "text"]);
  const said = other.last("message");
  const key = await crypto.subtle.importKey("raw", Buffer.from(theirs.opening, "base64url"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const commitment = Buffer.from(await crypto.subtle.sign("HMAC", key, Buffer.from(theirs.text))).toString("base64url");
  assert.equal(commitment, said.commitment);
});

test("a sealed conversation takes as many frames as one in the clear, of the same kinds", async () => {
  const actions = [];
  for (const keysFor of [undefined, () => [null, null]]) {
    const [one, other] = await meet({ keysFor });
    for (const text of ["one", "two"]) await pass(await one.say(text), other);
    await pass(await other.say("three"), one);
    one.happen("skip_pressed");
    one.happen("skip_pressed");
    await settle();
    actions.push([one, other].map((page) => page.sent.map((frame) => frame.action)));
  }

  assert.deepEqual(actions[0], actions[1]);
  assert.ok(actions[0][0].includes("message"));
});
