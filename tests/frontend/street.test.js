/** Both ends of a room at once: with any fault on the way, each line arrives once, in order, and its writer learns it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { chance } from "./support/chance.js";
import { Street, peerOf } from "./support/street.js";

function assertAllArrived(street, written) {
  for (const name of ["alice", "bob"]) {
    assert.deepEqual(street.lines(peerOf(name), false), written[name]);
    assert.ok(street.players[name].lines.every((line) => line.delivery === "delivered"), `${name} knows`);
  }
}

function talk(street, seed, count, { gap_ms = 300, cuts = 0 } = {}) {
  const { random, pick, upTo } = chance(seed + 1000);
  const written = { alice: [], bob: [] };
  for (let line = 0; line < count; line += 1) {
    const name = pick(["alice", "bob"]);
    written[name].push(`${name} ${line}`);
    street.write(name, `${name} ${line}`);
    street.run(upTo(gap_ms));
    if (random() < cuts && street.online.alice && street.online.bob) street.cut(pick(["alice", "bob"]), 500 + upTo(10_000));
  }
  street.run(60_000);
  return written;
}

test("a quiet street: every line arrives, and a burst is acknowledged by few frames", () => {
  const street = new Street(chance(1));
  const written = talk(street, 1, 200);

  assertAllArrived(street, written);
});

test("half of the frames are reordered and a third repeated: every line arrives once and in order", () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const street = new Street(chance(seed), { repeat: 0.3, delay_ms: 2_000 });

    assertAllArrived(street, talk(street, seed, 300));
  }
});

test("a tenth of the frames is lost: what is lost is repeated by itself", () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const street = new Street(chance(seed), { lose: 0.1 });

    assertAllArrived(street, talk(street, seed, 150, { gap_ms: 2_000 }));
  }
});

test("a thousand lines through dozens of cuts: all arrive, in order, once", () => {
  const street = new Street(chance(9), { repeat: 0.1, delay_ms: 300 });

  assertAllArrived(street, talk(street, 9, 1_000, { cuts: 0.06 }));
});

test("the writing of an answer is seen by the other, whoever answers, and ends with it", () => {
  const street = new Street(chance(4));
  for (const [one, other] of [["alice", "bob"], ["bob", "alice"], ["alice", "bob"]]) {
    street.write(one, "hello");
    for (let second = 0; second < 10; second += 1) {
      street.players[other].happen("draft_changed", { empty: false });
      street.run(1_000);
    }
    assert.equal(street.players[one].session.room.peerTyping, true);
    street.write(other, "hello yourself");
    street.run(200);
    assert.equal(street.players[one].session.room.peerTyping, false);
  }
});

test("typing is seen by the other while it lasts", () => {
  const street = new Street(chance(3));
  street.players.alice.happen("draft_changed", { empty: false });
  street.run(200);
  assert.equal(street.players.bob.session.room.peerTyping, true);

  street.run(10_000);
  assert.equal(street.players.bob.session.room.peerTyping, false);
});
