/** A stranger cannot make this page send so much that the server takes it for a flood and locks its person out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { playPaired } from "./support/player.js";

/** The server's bounds on and on (functions/routes.py): lines, acknowledgements and all frames of a connection. */
const LINES_A_SECOND = 25, ACKS_A_SECOND = 10, FRAMES_A_SECOND = 50;

/** Let something come twenty times a second for half a minute; return the frames that this page sent in a second. */
function framesASecond(player, come) {
  const seconds = 30;
  for (let number = 0; number < seconds * 20; number += 1) {
    come(number);
    player.wait(50);
  }
  const sent = player.takeSent();
  return (action) => sent.filter((frame) => action === undefined || frame.action === action).length / seconds;
}

for (const asks of ["message", "ack"]) {
  test(`a stranger who asks with each ${asks} for an acknowledgement gets five a second`, () => {
    const player = playPaired();
    const sent = framesASecond(player, (number) => {
      player.hear(asks, { room: "r1", probe: true, ...(asks === "message" ? { seq: number + 1, text: "x" } : { ack: 0 }) });
    });

    assert.ok(sent("ack") >= 4.5 && sent("ack") < ACKS_A_SECOND * 0.6, String(sent("ack")));
    assert.ok(sent() <= FRAMES_A_SECOND / 5);
  });
}

test("a probe that comes soon after another is answered a moment later, also where a line comes in between", () => {
  const player = playPaired();
  player.hear("ack", { room: "r1", ack: 0, probe: true });
  player.wait(50);
  player.hear("ack", { room: "r1", ack: 0, probe: true });
  player.hear("message", { room: "r1", seq: 1, text: "x", probe: false });
  assert.equal(player.takeSent().length, 1);

  player.wait(150);
  assert.deepEqual(player.takeSent(), [{ action: "ack", room: "r1", ack: 1, probe: false }]);
});

test("a stranger who comes back again and again is not sent all of it each time", () => {
  const player = playPaired();
  for (let number = 0; number < 20; number += 1) player.happen("line_written", { text: `${number}` });
  player.hear("message", { room: "r1", seq: 1, text: "x" });
  player.takeSent();
  const sent = framesASecond(player, () => {
    player.hear("peer_away", { room: "r1" });
    player.hear("peer_back", { room: "r1" });
  });

  assert.ok(sent("message") >= 5 && sent("message") <= LINES_A_SECOND / 2, String(sent("message")));
  assert.ok(sent() <= FRAMES_A_SECOND / 4);
});

test("a person who is back twice within two seconds gets everything after that", () => {
  const player = playPaired();
  for (const text of ["one", "two"]) {
    player.happen("line_written", { text });
    player.hear("peer_away", { room: "r1" });
    player.hear("peer_back", { room: "r1" });
    player.wait(100);
  }
  player.takeSent();
  player.takeNotices();
  player.wait(2_000);

  assert.deepEqual(player.takeSent().map((frame) => frame.seq), [1, 2]);
  assert.deepEqual(player.takeNotices(), ["peer_back"], "and its call is told, for signals may be lost as well");
});

test("a person who was back and is away again gets nothing in vain", () => {
  const player = playPaired();
  player.happen("line_written", { text: "one" });
  for (const event of ["peer_back", "peer_back", "peer_away"]) player.hear(event, { room: "r1" });
  player.takeSent();
  player.wait(2_000);

  assert.deepEqual(player.takeSent(), []);
});
