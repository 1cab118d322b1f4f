/** The page's answer to a peer, a server or a network of which nothing is heard. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { statusKeys } from "../../frontend/view/wording.js";
import { playPaired, playSearching } from "./support/player.js";

const JOIN_LONGEST_MS = 30_000, JOIN_SPREAD = 0.25;

/** Both ends have to show within this that a room is dead. */
const TOLD_WITHIN_MS = 30_000;
/** After a network that is gone for so long, the peer is searching again. */
const GIVEN_UP_WITHIN_MS = 40_000;

/** Turn the clock while the server answers its pings, as it does for the end whose network is whole. */
function waitOnline(player, ms) {
  const sent = [];
  for (let passed = 0; passed < ms; passed += 500) {
    player.wait(500);
    const frames = player.takeSent();
    sent.push(...frames);
    if (frames.some((frame) => frame.action === "ping")) player.hear("pong");
  }
  return sent;
}

const isShownAway = (player) => statusKeys(player.session, false).includes("status_peer_away");

test("a peer that answers no probe is shown as away within 30 seconds, and given up within 40", () => {
  for (const polite of [true, false]) {
    const player = playPaired({ polite });
    player.hear("ack", { room: "r1", ack: 0, probe: false });
    waitOnline(player, TOLD_WITHIN_MS);
    assert.ok(isShownAway(player));
    assert.equal(player.session.phase, "chatting");

    const sent = waitOnline(player, GIVEN_UP_WITHIN_MS - TOLD_WITHIN_MS);
    assert.ok(sent.some((frame) => frame.action === "skip" && frame.room === "r1"));
    assert.equal(player.session.phase, "searching");
    assert.equal(player.session.room.over, "disconnected");
  }
});

test("a client that knows no probes is never given up, and rarely probed", () => {
  const player = playPaired();
  const sent = waitOnline(player, 10 * 60_000);

  assert.equal(player.session.phase, "chatting");
  assert.ok(sent.filter((frame) => frame.action === "ack").length < 40);
});

test("a peer that the server knows to be away is not given up: the server decides that", () => {
  const player = playPaired();
  player.hear("ack", { room: "r1", ack: 0, probe: false });
  player.hear("peer_away", { room: "r1" });
  const sent = waitOnline(player, 2 * 60_000);

  assert.equal(player.session.phase, "chatting");
  assert.ok(sent.some((frame) => frame.action === "ack"), "what the server forgot is found out by probing");
});

test("a probe is answered, and an answer is not", () => {
  const player = playPaired();
  player.hear("ack", { room: "r1", ack: 0, probe: true });
  assert.deepEqual(player.takeSent(), [{ action: "ack", room: "r1", ack: 0, probe: false }]);

  player.hear("ack", { room: "r1", ack: 0, probe: false });
  assert.deepEqual(player.takeSent(), []);
});

test("a person who is heard again is there again, and gets what they missed", () => {
  const player = playPaired();
  player.happen("line_written", { text: "are you there?" });
  waitOnline(player, TOLD_WITHIN_MS);
  assert.ok(isShownAway(player));
  assert.equal(player.lines[0].delivery, "sending");

  player.hear("typing", { room: "r1", on: true });
  assert.ok(!isShownAway(player));
  assert.deepEqual(player.takeSent().filter((frame) => frame.action === "message").map((frame) => frame.seq), [1]);
});

test("two that are both there and silent keep each other alive by one exchange in 20 seconds", () => {
  const [polite, impolite] = [playPaired({ polite: true }), playPaired({ polite: false })];
  const sent = [];
  for (let passed = 0; passed < 5 * 60_000; passed += 500) {
    for (const [one, other] of [[polite, impolite], [impolite, polite]]) {
      one.wait(500);
      for (const { action, ...fields } of one.takeSent()) {
        sent.push(action);
        if (action === "ping") one.hear("pong");
        else other.hear(action, fields);
      }
    }
    assert.ok(!isShownAway(polite) && !isShownAway(impolite));
  }

  assert.ok(sent.every((action) => action === "ack"), "no pings beside it");
  assert.ok(sent.length <= 2 * 15);
});

test("when the network changes the server is asked at once", () => {
  const player = playPaired();
  player.happen("network_changed");
  assert.deepEqual(player.takeSent(), [{ action: "ping" }]);

  player.wait(5_000);
  assert.equal(player.session.link, "lost");
  assert.ok(player.effects.some((effect) => effect.type === "reconnect"));
});

test("a server that answers no join is asked less and less often, by chance at other moments than others ask", () => {
  const player = playSearching();
  const times = [];
  for (let passed = 0; passed < 5 * 60_000; passed += 500) {
    player.wait(500);
    const frames = player.takeSent();
    if (frames.some((frame) => frame.action === "ping")) player.hear("pong");
    if (frames.some((frame) => frame.action === "join")) times.push(player.now);
  }
  const pauses = times.slice(1).map((time, index) => time - times[index]);

  assert.deepEqual(pauses.slice(0, 4), [4_000, 8_000, 16_000, JOIN_LONGEST_MS]);
  assert.ok(pauses.slice(3).every((pause) => pause === JOIN_LONGEST_MS));
  const joins = player.effects.filter((effect) => effect.type === "start_timer" && effect.name === "join");
  assert.ok(joins.every((effect) => effect.spread === JOIN_SPREAD));
});

test("a server that answers again is asked as often as before", () => {
  const player = playSearching();
  waitOnline(player, 60_000);
  player.hear("waiting", { mode: "text" });
  const sent = player.waitAnswered(10_000);

  assert.equal(sent.filter((frame) => frame.action === "join").length, 2);
});

test("a person who waits for long looks rarely, for a person who comes then looks at once", () => {
  const player = playSearching();
  player.hear("waiting", { mode: "text" });
  const times = [player.now];
  for (let passed = 0; passed < 60; passed += 1) {
    const begun = times.length;
    while (times.length === begun) {
      const sent = player.waitAnswered(500);
      assert.ok(sent.every((frame) => frame.action === "join"), "nothing needs to be asked in between");
      if (sent.length > 0) times.push(player.now);
    }
  }
  const pauses = times.slice(1).map((time, index) => time - times[index]);
  const changes = pauses.filter((pause, index) => pause !== pauses[index - 1]);

  assert.deepEqual(changes, [4_000, 10_000, 40_000]);
  const minutes = (pause) => pauses.slice(0, pauses.indexOf(pause)).reduce((sum, each) => sum + each, 0) / 60_000;
  assert.ok(minutes(10_000) > 0.9 && minutes(10_000) < 1.1);
  assert.ok(minutes(40_000) > 2.5 && minutes(40_000) < 3.5);
});

test("a connection that died while somebody waits for long is noticed within a minute", () => {
  const player = playSearching();
  player.hear("waiting", { mode: "text" });
  player.waitAnswered(10 * 60_000);
  while (player.waitAnswered(500).length === 0);
  const begun = player.now;
  const isLost = () => player.effects.some((effect) => effect.type === "reconnect");
  while (!isLost() && player.now - begun < 120_000) player.wait(500);

  assert.ok(isLost() && player.now - begun < 60_000, `${player.now - begun} ms`);
});
