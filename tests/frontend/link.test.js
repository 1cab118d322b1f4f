import assert from "node:assert/strict";
import { test } from "node:test";
import { statusKeys } from "../../frontend/view/wording.js";
import { Player, playPaired, playSearching } from "./support/player.js";

const QUIET_MS = { impolite: 25_500, polite: 26_500 };
const RENEW_AFTER_MS = 110 * 60_000;

test("a lost connection resumes first and repeats what is pending, in order", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  player.happen("closed");
  player.happen("line_written", { text: "two" });
  player.takeSent();
  player.happen("opened");
  assert.deepEqual(player.takeSent(), [{ action: "resume", token: "t1" }]);

  player.hear("paired", { room: "r1", mode: "text", polite: false, resume: "t2" });
  assert.deepEqual(player.takeSent(), [
    { action: "message", seq: 1, text: "one", room: "r1" },
    { action: "message", seq: 2, text: "two", probe: true, room: "r1" },
  ]);
  assert.equal(player.session.token, "t2");
});

test("a refused resume ends the room and starts fresh", () => {
  const player = playPaired();
  player.happen("closed");
  player.happen("opened");
  player.hear("error", { code: "resume_failed", action: "resume" });
  assert.deepEqual(player.takeSent().at(-1), { action: "join", mode: "text" });

  player.hear("waiting", { mode: "text", resume: "t2" });
  assert.equal(player.session.room.over, "lost");
  assert.equal(player.session.phase, "searching");
});

test("a refused resume without a further answer ends the room, too", () => {
  const player = playPaired();
  player.happen("closed");
  player.happen("opened");
  player.hear("error", { code: "resume_failed", action: "resume" });
  player.wait(5_000);

  assert.equal(player.session.room.over, "lost");
  assert.equal(player.session.phase, "searching");
});

test("a token that may have been used by an attempt without an answer is tried some more times", () => {
  const player = playPaired();
  for (const attempt of ["first", "second"]) {
    player.happen("closed");
    player.happen("opened");
    assert.deepEqual(player.takeSent(), [{ action: "resume", token: "t1" }], attempt);
  }
  for (let again = 0; again < 6; again += 1) {
    player.hear("error", { code: "resume_failed", action: "resume" });
    assert.deepEqual(player.takeSent(), []);
    player.wait(1_500);
    assert.deepEqual(player.takeSent(), [{ action: "resume", token: "t1" }]);
  }
  player.hear("error", { code: "resume_failed", action: "resume" });
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text" }]);
});

test("a resume that was handled twice succeeds and fails, in any order, and the room goes on", () => {
  for (const events of [["paired", "error"], ["error", "paired"]]) {
    const player = playPaired();
    player.happen("line_written", { text: "one" });
    player.happen("closed");
    player.happen("opened");
    for (const event of events) {
      if (event === "error") player.hear("error", { code: "resume_failed", action: "resume" });
      else player.hear("paired", { room: "r1", mode: "text", polite: false, resume: "t2" });
    }

    assert.equal(player.session.room.over, null);
    assert.ok(player.takeSent().some((frame) => frame.action === "message"));
  }
});

test("a server that does not know resume is joined anew", () => {
  const player = playPaired();
  player.happen("closed");
  player.happen("opened");
  player.hear("error", { code: "unknown_action", action: "resume" });

  assert.deepEqual(player.takeSent().at(-1), { action: "join", mode: "text" });
});

test("a resume without an answer is tried on another connection", () => {
  const player = playPaired();
  player.happen("closed");
  player.happen("opened");
  player.wait(7_000);

  assert.ok(player.effects.some((effect) => effect.type === "reconnect"));
  player.happen("opened");
  assert.deepEqual(player.takeSent().at(-1), { action: "resume", token: "t1" });
});

test("a room that ended while the connection was lost is over without doubt", () => {
  const player = playPaired();
  player.happen("closed");
  player.happen("opened");
  player.hear("waiting", { mode: "text", resume: "t2" });

  assert.equal(player.session.phase, "searching");
  assert.equal(player.session.room.over, "disconnected");
});

test("a person who waits keeps the place when the connection comes back", () => {
  const player = playSearching(["chess"]);
  player.happen("closed");
  player.happen("opened");
  assert.deepEqual(player.takeSent(), [{ action: "resume", token: "t0" }]);

  player.hear("waiting", { mode: "text", resume: "t1" });
  player.wait(5_000);
  assert.equal(player.takeSent()[0].action, "join");
});

test("a reload goes on with the same numbers", () => {
  const before = playPaired();
  before.happen("line_written", { text: "one" });
  before.hear("message", { room: "r1", seq: 1, text: "hi" });
  const after = new Player();
  after.happen("restored", { session: structuredClone(before.session) });
  assert.deepEqual(after.effects.at(-1), { type: "connect" });

  after.happen("opened");
  after.hear("paired", { room: "r1", mode: "text", polite: false, resume: "t2" });
  after.happen("line_written", { text: "two" });
  after.hear("message", { room: "r1", seq: 1, text: "hi" });
  assert.deepEqual(after.sent.filter((frame) => frame.action === "message").map((frame) => [frame.seq, frame.text]), [[1, "one"], [2, "two"]]);
  assert.equal(after.lines.filter((line) => !line.own).length, 1);
});

test("a quiet room is probed, and a dead connection is noticed: the room within 30 seconds, the cause in some more", () => {
  for (const polite of [true, false]) {
    const player = playPaired({ polite });
    player.wait(30_000);
    const actions = player.takeSent().map((frame) => frame.action);

    assert.deepEqual(actions.slice(0, 3), ["ack", "ack", "ping"]);
    assert.deepEqual(statusKeys(player.session, false), ["status_peer_away"]);
    player.wait(4_000);
    assert.equal(player.session.link, "lost");
  }
});

test("a pong keeps the connection", () => {
  const player = playPaired();
  for (let second = 0; second < 120; second += 1) {
    player.wait(1_000);
    if (player.takeSent().some((frame) => frame.action === "ping")) player.hear("pong");
  }

  assert.equal(player.session.link, "open");
});

test("a lively room is never pinged", () => {
  const player = playPaired();
  for (let seq = 1; seq < 30; seq += 1) {
    player.wait(QUIET_MS.impolite - 1_000);
    player.hear("message", { room: "r1", seq, text: "x" });
  }

  assert.ok(player.takeSent().every((frame) => frame.action === "ack"));
});

test("a connection is moved before the platform ends it", () => {
  const player = playPaired();
  player.happen("opened");
  player.hear("paired", { room: "r1", mode: "text", polite: false, resume: "t2" });
  const at = player.timers.get("renew");

  assert.equal(at - player.now, RENEW_AFTER_MS);
  player.fire("renew");
  assert.deepEqual(player.effects[0], { type: "renew" });
  assert.ok(player.timers.has("renew"), "tried again where that fails");
});

test("a connection that began in the green room, or outlived a search, is moved as well", () => {
  const prepared = new Player();
  prepared.happen("prepared", { mode: "video", interests: [] });
  prepared.happen("opened");
  prepared.happen("started", prepared.session.preparing);
  assert.equal(prepared.timers.get("renew") - prepared.now, RENEW_AFTER_MS);

  const restarted = playSearching();
  restarted.happen("stopped");
  restarted.fire("renew");
  assert.deepEqual(restarted.effects.filter(({ type }) => type === "renew"), [], "nobody needs it now");
  restarted.happen("started", { mode: "text", interests: [] });
  restarted.fire("renew");
  assert.deepEqual(restarted.effects[0], { type: "renew" });
});

test("moving to another connection is nothing that anybody has to know", () => {
  const player = playPaired();
  player.happen("opened");
  player.happen("line_written", { text: "one" });

  assert.deepEqual(statusKeys(player.session, false), ["status_chatting"]);
  player.takeSent();
  player.hear("paired", { room: "r1", mode: "text", polite: false, resume: "t2" });
  assert.deepEqual(player.takeSent(), [{ action: "message", seq: 1, text: "one", probe: true, implied: true, room: "r1" }]);
  assert.deepEqual(player.notes, ["paired"]);
});

test("the peer's lost connection is told, and all that is pending follows when it is back", () => {
  const player = playPaired();
  player.hear("peer_away", { room: "r1" });
  player.happen("line_written", { text: "still there?" });
  player.wait(15_000);
  assert.equal(player.lines[0].delivery, "sending");

  player.takeSent();
  player.hear("peer_back", { room: "r1" });
  assert.deepEqual(player.takeSent(), [{ action: "message", seq: 1, text: "still there?", probe: true, room: "r1" }]);
  assert.deepEqual(player.notes, ["paired", "peer_back"]);
});

test("fresh relays are asked for in a room only", () => {
  const player = playPaired({ mode: "video" });
  player.happen("relays_wanted");
  assert.deepEqual(player.takeSent().map(({ action }) => action), ["join"]);
  player.hear("peer_left", { room: "r1", reason: "left" });
  player.happen("relays_wanted");
  assert.deepEqual(player.takeSent(), []);
});

test("signals wait for the connection and never reach another room", () => {
  const player = playPaired({ mode: "video" });
  player.happen("closed");
  player.happen("signal_made", { room: "r1", data: { description: 1 } });
  player.happen("signal_made", { room: "r0", data: { description: 0 } });
  player.happen("opened");
  player.takeSent();
  player.hear("paired", { room: "r1", mode: "video", polite: false });

  assert.deepEqual(player.takeSent(), [{ action: "signal", room: "r1", data: { description: 1 } }]);
});
