import assert from "node:assert/strict";
import { test } from "node:test";
import { playPaired } from "./support/player.js";

const ACK_SOON_MS = 1_000, ACK_AFTER_MS = 7_000;
const TYPING_PAUSE_MS = 5_000, SIGN_AFTER_MS = 25_000, PEER_TYPING_MS = 27_000;
const RESEND_SOON_MS = 3_000, RESEND_AFTER_MS = 24_000, RESEND_AGAIN_MS = 5_000, RESENDS_MAX = 4;

/** Within this a line that nobody acknowledges is given up. */
const GIVEN_UP_MS = RESEND_AFTER_MS + (RESENDS_MAX + 1) * RESEND_AGAIN_MS;

test("a line is sent, then delivered when the peer acknowledges it", () => {
  const player = playPaired();
  player.happen("line_written", { text: " hello " });
  assert.deepEqual(player.takeSent(), [{ action: "message", seq: 1, text: "hello", probe: false, implied: true, room: "r1" }]);
  assert.equal(player.lines[0].delivery, "sent");

  player.hear("ack", { room: "r1", ack: 1 });
  assert.equal(player.lines[0].delivery, "delivered");
  assert.ok(!player.timers.has("resend"));
});

test("acknowledgements ride on what is sent anyway", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "hi" });
  player.happen("line_written", { text: "hello" });
  assert.deepEqual(player.takeSent(), [{ action: "message", seq: 1, text: "hello", probe: false, implied: true, room: "r1", ack: 1 }]);

  player.wait(3_000);
  assert.deepEqual(player.takeSent(), []);
});

test("a burst of lines costs one late acknowledgement, and none where an answer carries it", () => {
  for (const answers of [false, true]) {
    const player = playPaired();
    for (let seq = 1; seq <= 10; seq += 1) {
      player.hear("message", { room: "r1", seq, text: "x" });
      player.wait(200);
    }
    if (answers) player.happen("line_written", { text: "y" });
    player.wait(answers ? RESEND_AFTER_MS - 1_000 : ACK_AFTER_MS);

    const [first, ...others] = player.takeSent();
    assert.deepEqual([first.action, first.ack], [answers ? "message" : "ack", 10]);
    assert.deepEqual(others, []);
  }
});

test("lines after a long silence are acknowledged together and soon", () => {
  const player = playPaired();
  player.wait(SIGN_AFTER_MS);
  for (const seq of [1, 2]) player.hear("message", { room: "r1", seq, text: "x" });
  player.wait(ACK_SOON_MS);

  assert.deepEqual(player.takeSent(), [{ action: "ack", room: "r1", ack: 2, probe: false }]);
});

test("a line that comes twice, or early and alone, is acknowledged soon: its sender misses something", () => {
  for (const seqs of [[1, 1], [2]]) {
    const player = playPaired();
    for (const seq of seqs) player.hear("message", { room: "r1", seq, text: "x" });
    player.wait(ACK_SOON_MS);

    assert.deepEqual(player.takeSent().map(({ action, ack }) => [action, ack]), [["ack", seqs.length === 2 ? 1 : 0]]);
  }
});

test("lines that only overtook each other cost no acknowledgement of their own", () => {
  const player = playPaired();
  for (const seq of [2, 1]) player.hear("message", { room: "r1", seq, text: "x" });
  player.wait(2 * ACK_SOON_MS);

  assert.deepEqual(player.takeSent(), []);
});

test("a line that asks for its acknowledgement gets it at once", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "x", probe: true });

  assert.deepEqual(player.takeSent(), [{ action: "ack", room: "r1", ack: 1, probe: false }]);
});

test("a line that an acknowledgement leaves out, or that may be the frame that failed, is soon sent again", () => {
  for (const [type, values] of [["ack", { room: "r1", ack: 1, probe: false }], ["frame_failed", {}]]) {
    const player = playPaired();
    for (const text of ["one", "two"]) player.happen("line_written", { text });
    player.takeSent();
    player.hear(type, values);
    player.wait(RESEND_SOON_MS);

    const again = player.takeSent();
    assert.equal(again.at(-1).seq, 2);
    assert.equal(again.at(-1).probe, true);
    assert.equal(player.lines[1].delivery, "sending");
  }
});

test("a person who ends a room says which lines came, so that these are delivered and only the others are not", () => {
  const player = playPaired();
  for (const text of ["one", "two"]) player.happen("line_written", { text });
  player.hear("peer_left", { room: "r1", reason: "skipped", ack: 1 });

  assert.deepEqual(player.lines.map((line) => line.delivery), ["delivered", "failed"]);
});

test("skip, stop and report acknowledge what came", () => {
  const ends = {
    skip: (player) => ["skip_pressed", "skip_pressed"].forEach((type) => player.happen(type)),
    leave: (player) => player.happen("stopped"),
    report: (player) => player.happen("reported", { reason: "spam", note: "" }),
  };
  for (const [action, end] of Object.entries(ends)) {
    const player = playPaired();
    player.hear("message", { room: "r1", seq: 1, text: "x" });
    player.happen("line_written", { text: "bye" });
    player.takeSent();
    end(player);

    assert.equal(player.takeSent().find((frame) => frame.action === action).ack, 1);
    assert.equal(player.lines[1].delivery, "sent", "what one ends oneself is not called undelivered");
  }
});

test("a line is being sent as long as there is no connection, or no peer", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  player.hear("peer_away", { room: "r1" });
  player.happen("line_written", { text: "two" });
  assert.deepEqual(player.lines.map((line) => line.delivery), ["sending", "sending"]);

  const other = playPaired();
  other.happen("line_written", { text: "one" });
  other.happen("closed");
  assert.equal(other.lines[0].delivery, "sending");
});

test("a line that is never acknowledged is repeated, then not delivered, then sent again on request", () => {
  const player = playPaired();
  player.happen("line_written", { text: "hello" });
  player.hear("ack", { room: "r1", ack: 0, probe: false });
  waitHeard(player, GIVEN_UP_MS);
  assert.equal(player.takeSent().filter((frame) => frame.seq === 1).length, 1 + RESENDS_MAX);
  assert.equal(player.lines[0].delivery, "failed");

  player.happen("line_resent");
  assert.deepEqual(player.takeSent(), [{ action: "message", seq: 1, text: "hello", probe: true, room: "r1" }]);
  assert.equal(player.lines[0].delivery, "sending");
  player.hear("ack", { room: "r1", ack: 1 });
  assert.equal(player.lines[0].delivery, "delivered");
});

test("a line after one that was given up is watched anew", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  waitHeard(player, GIVEN_UP_MS);
  assert.equal(player.lines[0].delivery, "failed");
  player.happen("line_written", { text: "two" });
  player.takeSent();
  waitHeard(player, RESEND_AFTER_MS);

  assert.deepEqual(player.takeSent().filter(({ action }) => action === "message").map(({ seq }) => seq), [1, 2]);
});

test("a line that the server refuses is not delivered at once", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  player.happen("line_written", { text: "two" });
  player.hear("error", { code: "too_long", action: "message", room: "r1", seq: 2 });

  assert.deepEqual(player.lines.map((line) => line.delivery), ["sent", "failed"]);
});

test("a line that was not delivered when the room ends stays so", () => {
  const player = playPaired();
  player.happen("line_written", { text: "hello" });
  player.hear("peer_left", { room: "r1", reason: "left" });
  player.happen("line_resent");

  assert.equal(player.lines[0].delivery, "failed");
  assert.equal(player.takeSent().length, 1);
});

test("nothing is sent of an empty line or one that is too long", () => {
  const player = playPaired();
  for (const text of ["", "  \n ", "x".repeat(2001)]) player.happen("line_written", { text });

  assert.deepEqual(player.takeSent(), []);
  assert.deepEqual(player.lines, []);
});

/** Let somebody type for so long, a key a second. */
function type(player, ms) {
  for (let passed = 0; passed < ms; passed += 1_000) {
    player.happen("draft_changed", { empty: false });
    player.wait(1_000);
  }
}

/** Turn the clock while the peer is there, and acknowledges nothing. */
function waitHeard(player, ms) {
  for (let passed = 0; passed < ms; passed += 1_000) {
    player.wait(1_000);
    player.hear("typing", { room: "r1", on: true });
  }
}

const typed = (player) => player.takeSent().filter(({ action }) => action === "typing").map(({ on }) => on);

test("typing is said at once where nothing was said, again while it lasts, and ended by a pause", () => {
  const player = playPaired();
  player.happen("draft_changed", { empty: false });
  assert.deepEqual(typed(player), [true]);

  type(player, SIGN_AFTER_MS + 1_000);
  assert.deepEqual(typed(player), [true]);
  player.wait(TYPING_PAUSE_MS);
  assert.deepEqual(typed(player), [false]);
});

test("lines that are written within eight seconds need no sign, for that costs as much as a line", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  for (let seq = 1; seq <= 5; seq += 1) {
    player.hear("message", { room: "r1", seq, text: "x" });
    type(player, 7_000);
    player.wait(900);
    player.happen("line_written", { text: "y" });
    player.happen("draft_changed", { empty: true });
  }

  assert.deepEqual([...new Set(player.takeSent().map(({ action }) => action))], ["message"]);
});

test("typing that lasts is said in every conversation, once, and acknowledges what has come", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  for (let seq = 1; seq <= 5; seq += 1) {
    player.hear("message", { room: "r1", seq, text: "x", ack: seq });
    player.takeSent();
    type(player, 10_000);
    assert.deepEqual(player.takeSent(), [{ action: "typing", on: true, room: "r1", ack: seq }]);
    player.happen("line_written", { text: "y" });
  }
});

test("typing is said again before the other end forgets it", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  player.hear("message", { room: "r1", seq: 1, text: "x", ack: 1 });
  player.takeSent();
  for (let passed = 0; passed < 60_000; passed += 10_000) {
    type(player, 10_000);
    player.hear("ack", { room: "r1", ack: 1 });
  }
  const signs = player.takeSent().filter(({ action }) => action === "typing");

  assert.ok(signs.length * PEER_TYPING_MS >= 60_000 && signs.length <= 4, `${signs.length} signs`);
});

/** Somebody whose peer has said that its silence speaks; `both` have, when this one has said a line. */
function playImplying({ both = true } = {}) {
  const player = playPaired();
  if (both) player.happen("line_written", { text: "one" });
  player.hear("message", { room: "r1", seq: 1, text: "x", ...(both && { ack: 1 }), probe: false, implied: true });
  return player;
}

const peerTypes = (player) => player.session.room.peerTyping;

test("a peer that neither answers nor acknowledges is shown as writing, until it does", () => {
  const ends = [
    ["ack", { ack: 2 }], ["message", { seq: 2, text: "y", ack: 2 }], ["typing", { on: false, ack: 2 }], ["peer_away", {}],
  ];
  for (const [type, values] of ends) {
    for (const after of [1_000, ACK_AFTER_MS + 2_000]) {
      const player = playImplying();
      player.happen("line_written", { text: "two" });
      player.wait(after);
      assert.equal(peerTypes(player), after > ACK_AFTER_MS, "before, its acknowledgement may be under way");
      player.hear(type, { room: "r1", ...values });
      assert.ok(!peerTypes(player), type);
      player.wait(ACK_AFTER_MS + 2_000);
      assert.ok(!peerTypes(player), type);
    }
  }
});

test("an acknowledgement does not take back what the peer said of their writing", () => {
  const player = playImplying();
  player.hear("typing", { room: "r1", on: true, ack: 1 });
  player.happen("line_written", { text: "two" });
  player.wait(ACK_AFTER_MS + 2_000);
  player.hear("ack", { room: "r1", ack: 2, probe: false });

  assert.ok(peerTypes(player));
});

test("a peer that acknowledged in time, or never said that its silence speaks, is not shown as writing", () => {
  const acknowledged = playImplying();
  acknowledged.happen("line_written", { text: "two" });
  acknowledged.wait(ACK_AFTER_MS);
  acknowledged.hear("ack", { room: "r1", ack: 2, probe: false });
  const other = playPaired();
  other.hear("message", { room: "r1", seq: 1, text: "x", probe: false });
  other.happen("line_written", { text: "one" });
  for (const player of [acknowledged, other]) {
    player.wait(RESEND_AFTER_MS - ACK_AFTER_MS - 1_000);
    assert.ok(!peerTypes(player));
  }
});

test("a person who answers a line soon gives no sign but that of having the line, before it is sent again", () => {
  const player = playImplying();
  player.wait(ACK_AFTER_MS - 1_000);
  const begun = player.now;
  while (player.sent.every(({ action }) => action === "message")) type(player, 1_000);
  const [sign] = player.takeSent().filter(({ action }) => action !== "message");

  assert.deepEqual([sign.action, sign.ack], ["typing", 1]);
  assert.ok(player.now - begun > 10_000 && player.now - begun + ACK_AFTER_MS < RESEND_AFTER_MS, `${player.now - begun}`);
});

test("a person who answers late, or a peer that knows nothing of silence, says by a sign that they write", () => {
  const late = playImplying();
  late.wait(ACK_AFTER_MS);
  assert.equal(late.takeSent().at(-1).action, "ack");
  const unsaid = playImplying({ both: false });
  unsaid.takeSent();
  for (const player of [late, unsaid]) {
    type(player, 9_000);
    assert.deepEqual(typed(player), [true]);
  }
});

test("a person who stops writing an answer takes back at once what silence says", () => {
  const player = playImplying();
  type(player, ACK_AFTER_MS + 1_000);
  player.takeSent();
  player.happen("draft_changed", { empty: true });
  player.wait(ACK_SOON_MS);

  assert.deepEqual(player.takeSent(), [{ action: "ack", room: "r1", ack: 1, probe: false }]);
});

test("a draft that was deleted is not said", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  player.takeSent();
  type(player, 1_000);
  player.happen("draft_changed", { empty: true });
  player.wait(RESEND_AFTER_MS - 2_000);

  assert.deepEqual(player.takeSent(), []);
});

test("a sent line ends typing without a frame", () => {
  const player = playPaired();
  player.happen("draft_changed", { empty: false });
  player.happen("line_written", { text: "hello" });
  player.wait(4_500);

  assert.deepEqual(player.takeSent().map(({ action }) => action), ["typing", "message"]);
});

test("a stranger's typing is shown until they stop, write, or are silent for long", () => {
  const player = playPaired();
  const typing = () => player.session.room.peerTyping;
  player.hear("typing", { room: "r1", on: true });
  assert.ok(typing());
  player.hear("message", { room: "r1", seq: 1, text: "x" });
  assert.ok(!typing());
  player.hear("typing", { room: "r1", on: true });
  player.wait(PEER_TYPING_MS - 1);
  assert.ok(typing());
  player.wait(1);
  assert.ok(!typing());
});

test("a hundred lines that were pending all arrive after a resume, batch by batch", () => {
  const player = playPaired();
  player.happen("closed");
  for (let count = 0; count < 100; count += 1) player.happen("line_written", { text: "x" });
  player.happen("opened");
  player.hear("paired", { room: "r1", mode: "text", polite: false, resume: "t2" });
  let seen = 0;
  while (player.sent.length > 0) {
    for (const frame of player.takeSent()) if (frame.action === "message") seen = Math.max(seen, frame.seq);
    player.hear("ack", { room: "r1", ack: seen });
  }

  assert.equal(seen, 100);
  assert.ok(player.lines.every((line) => line.delivery === "delivered"));
});
