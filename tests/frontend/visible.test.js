/** Texts that are refused because nobody could see them, that are folded, and that are shown larger. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanText, isSendable } from "../../frontend/session/lines.js";
import { foldNewlines, isBlank, isFewPictures } from "../../frontend/session/visible.js";
import { playPaired } from "./support/player.js";

const BLANK = [
  "\u200B", "\u200D", "\u2800", "\u3164", "\u200E", "\u00AD", "\u{E0020}", "\uFE0F", "\u034F", "\uFFA0", "\u115F\u1160", "\u180E",
  "\u2060", "\u2064", "\uFEFF", "\u{1D159}", "\u{E0001}", "\u17B4", "\u{1BCA0}", "\u061C", "\u2066\u2069", "\u2007", "\u00A0",
  "\u3000", "\u2800 \u200B\n\u3164", "\u0000\u0007",
];

for (const text of BLANK) {
  test(`nobody sees ${JSON.stringify(text)} (${[...text].map((each) => each.codePointAt(0).toString(16)).join(" ")}), so it is not sent`, () => {
    assert.ok(isBlank(text));
    assert.ok(!isSendable(cleanText(text)));
    const player = playPaired();
    player.happen("line_written", { text });
    assert.deepEqual(player.takeSent(), []);
  });
}

for (const text of [".", "\u200Ba", "نص", "۔", "☺", "👨‍👩‍👧", "a\u0301", "\u0600", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "–", "_", "हि", "\u2801"]) {
  test(`everybody sees ${JSON.stringify(text)}, so it is sent`, () => {
    assert.ok(!isBlank(text));
    assert.ok(isSendable(cleanText(text)));
  });
}

test("a blank line of another client is acknowledged and not shown", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "\u200B" });
  player.hear("message", { room: "r1", seq: 2, text: "seen" });

  assert.deepEqual(player.lines.map(({ text }) => text), ["seen"]);
  assert.equal(player.session.room.lines.received, 2);
});

const FLOODS = [
  ["a\n\n\nb", "a\n\nb"],
  [`a${"\n".repeat(1990)}b`, "a\n\nb"],
  ["a\n \n\t\n\u200B\n\u2800\nb", "a\n\nb"],
  ["a\u2028\u2028\u2029b", "a\n\nb"],
  ["a\n\n\n\nb\n\n\nc", "a\n\nb\n\nc"],
  ["a\nb\n\nc", "a\nb\n\nc"],
  ["a \n  b", "a \n  b"],
];

for (const [text, folded] of FLOODS) {
  test(`${JSON.stringify(text.slice(0, 24))} is folded to one empty line at most`, () => {
    assert.equal(foldNewlines(text), folded);
    assert.equal(cleanText(text), folded);
    const player = playPaired();
    player.hear("message", { room: "r1", seq: 1, text });
    assert.equal(player.lines[0].text, folded);
  });
}

const LARGE = ["😀", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "1️⃣", "#️⃣*️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇩🇪 🇫🇷", "❤️", "❤", "👍🏽", "🏳️‍🌈", "😀😀😀😀😀😀😀😀😀😀😀😀", "⌚", "😀\n😀"];
const SMALL = ["", " ", "1", "12", "#", "a😀", "😀!", "©", "™", "😀".repeat(13), "é", "→", "👍🏽 ok", "🇩", "\u200D"];

for (const text of LARGE) test(`${text} is shown larger`, () => assert.ok(isFewPictures(text)));
for (const text of SMALL) test(`${JSON.stringify(text)} is not shown larger`, () => assert.ok(!isFewPictures(text)));
