import assert from "node:assert/strict";
import { test } from "node:test";
import { playPaired } from "./support/player.js";

test("a line is sent, then delivered when the peer acknowledges it", () => {
  const player = playPaired();
  player.happen("line_written", { text: " hello " });
  assert.deepEqual(player.takeSent(), [{ action: "message", seq: 1, text: "hello", probe: false, room: "r1" }]);
  assert.equal(player.lines[0].delivery, "sending");

  player.hear("ack", { room: "r1", ack: 1 });
  assert.equal(player.lines[0].delivery, "delivered");
  assert.ok(!player.timers.has("resend"));
});

test("acknowledgements ride on what is sent anyway", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "hi" });
  player.happen("draft_changed", { empty: false });
  assert.deepEqual(player.takeSent(), [{ action: "typing", on: true, room: "r1", ack: 1 }]);

  player.wait(3_000);
  assert.deepEqual(player.takeSent(), []);
});

test("a burst of lines costs one late acknowledgement", () => {
  const player = playPaired();
  for (let seq = 1; seq <= 10; seq += 1) {
    player.hear("message", { room: "r1", seq, text: "x" });
    player.wait(200);
  }
  player.wait(4_000);

  assert.deepEqual(player.takeSent(), [{ action: "ack", room: "r1", ack: 10, probe: false }]);
});

test("a line that is never acknowledged is repeated, then not delivered, then sent again on request", () => {
  const player = playPaired();
  player.happen("line_written", { text: "hello" });
  player.wait(16_000);
  assert.equal(player.takeSent().filter((frame) => frame.seq === 1).length, 3);
  assert.equal(player.lines[0].delivery, "failed");

  player.happen("line_resent");
  assert.deepEqual(player.takeSent(), [{ action: "message", seq: 1, text: "hello", room: "r1" }]);
  assert.equal(player.lines[0].delivery, "sending");
  player.hear("ack", { room: "r1", ack: 1 });
  assert.equal(player.lines[0].delivery, "delivered");
});

test("a line after one that was given up is watched anew", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  player.wait(16_000);
  player.happen("line_written", { text: "two" });
  player.takeSent();
  player.wait(5_000);

  assert.deepEqual(player.takeSent().filter(({ action }) => action === "message").map(({ seq }) => seq), [1, 2]);
});

test("a line that the server refuses is not delivered at once", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  player.happen("line_written", { text: "two" });
  player.hear("error", { code: "too_long", action: "message", room: "r1", seq: 2 });

  assert.deepEqual(player.lines.map((line) => line.delivery), ["sending", "failed"]);
});

test("what was not delivered when the room ends stays so", () => {
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

test("typing is said once, again while it lasts, and ended by a pause", () => {
  const player = playPaired();
  for (let second = 0; second < 12; second += 1) {
    player.happen("draft_changed", { empty: false });
    player.wait(1_000);
  }
  player.wait(10_000);

  assert.deepEqual(player.takeSent().filter(({ action }) => action === "typing").map(({ on }) => on), [true, true, false]);
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
  player.wait(16_000);
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
