import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { solve } from "../../frontend/solver.js";

const SALT = "0123456789abcdef0123?expires=1800000600";
const challenge = (salt, number) => createHash("sha256").update(`${salt}${number}`).digest("hex");

test("the number is found, wherever it lies", () => {
  for (const number of [0, 1, 9, 10, 4096, 99_999, 100_000]) {
    assert.equal(solve({ salt: SALT, challenge: challenge(SALT, number), maxnumber: 100_000 }), number);
  }
});

test("where there is none, none is found", () => {
  assert.equal(solve({ salt: SALT, challenge: challenge(SALT, 101), maxnumber: 100 }), null);
  assert.equal(solve({ salt: SALT, challenge: "nonsense", maxnumber: 100 }), null);
});

test("a salt that does not fit into one block is left alone", () => {
  const long = "x".repeat(60);
  assert.equal(solve({ salt: long, challenge: challenge(long, 1), maxnumber: 100 }), null);
});
