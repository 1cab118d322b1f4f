import assert from "node:assert/strict";
import { test } from "node:test";
import { addOwnLine, cleanText, createLines, isSendable, takeAck, takeLine } from "../../frontend/session/lines.js";

const EARLY_LINES_MAX = 500;

test("own lines are numbered from one and stay until they are acknowledged", () => {
  let lines = createLines();
  for (const text of ["a", "b", "c"]) [lines] = addOwnLine(lines, text);

  assert.deepEqual(lines.pending, [{ seq: 1, text: "a" }, { seq: 2, text: "b" }, { seq: 3, text: "c" }]);
  assert.deepEqual(takeAck(lines, 2).pending, [{ seq: 3, text: "c" }]);
});

test("an acknowledgement that makes no sense changes nothing", () => {
  const [lines] = addOwnLine(createLines(), "a");

  for (const ack of [2, 0, -1, 1.5, NaN, "1", null, undefined, {}, Infinity]) assert.equal(takeAck(lines, ack), lines);
});

test("lines in any order, each any number of times, are shown once and in order", () => {
  let lines = createLines();
  const shown = [];
  for (const seq of [2, 2, 5, 1, 1, 4, 2, 3, 5, 6]) {
    const [next, texts] = takeLine(lines, seq, `line ${seq}`);
    lines = next;
    shown.push(...texts);
  }

  assert.deepEqual(shown, [1, 2, 3, 4, 5, 6].map((seq) => `line ${seq}`));
  assert.equal(lines.received, 6);
  assert.deepEqual(lines.early, {});
});

test("a number that is none, or too far ahead, is not kept", () => {
  for (const seq of [0, -1, 1.5, NaN, "2", EARLY_LINES_MAX + 1]) {
    assert.deepEqual(takeLine(createLines(), seq, "x"), [createLines(), []]);
  }
});

test("the characters that the server would refuse are taken out of a text, and nothing else", () => {
  assert.equal(cleanText("  a\r\nb\rc\td\u0000\u0007\u0085  "), "a\nb\nc\td");
  assert.equal(cleanText("broken \uD83D pair"), "broken \uFFFD pair");
  assert.equal(cleanText("😀 שלום \u200Fabc 👩‍👩‍👧"), "😀 שלום \u200Fabc 👩‍👩‍👧");
  assert.equal(cleanText(" \n\t "), "");
});

test("the length of a line is counted in characters, as the server does", () => {
  assert.ok(isSendable("😀".repeat(2000)));
  assert.ok(!isSendable("😀".repeat(2001)));
  assert.ok(!isSendable("a".repeat(2001)));
  assert.ok(!isSendable(""));
});
