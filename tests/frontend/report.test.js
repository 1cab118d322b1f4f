import assert from "node:assert/strict";
import { test } from "node:test";
import { playPaired } from "./support/player.js";

/** @param {import("./support/player.js").Player} player @param {(entry: any) => boolean} which */
function idsOf(player, which) {
  return player.session.entries.filter((entry) => entry.kind === "line" && which(entry)).map((entry) => entry.id);
}

for (const polite of [true, false]) {
  test(`a report hands over ticked lines of both in their order, those of the stranger with a stamp (polite: ${polite})`, () => {
    const player = playPaired({ polite });
    player.hear("message", { room: "r1", seq: 1, text: "hello", stamp: "28000000.one" });
    player.happen("line_written", { text: "stop" });
    player.hear("message", { room: "r1", seq: 2, text: "left out", stamp: "28000000.two" });
    player.hear("message", { room: "r1", seq: 3, text: "never", stamp: "28000001.three" });
    player.takeSent();
    const handed = idsOf(player, ({ text }) => text !== "left out");

    player.happen("reported", { reason: "hate", note: "", handed, still: "_9j_4A" });

    const [theirs, own] = polite ? [0, 1] : [1, 0];
    assert.deepEqual(player.takeSent(), [{
      action: "report", room: "r1", reason: "hate", still: "_9j_4A", ack: 3,
      lines: [
        { seat: theirs, seq: 1, text: "hello", stamp: "28000000.one" }, { seat: own, seq: 1, text: "stop" },
        { seat: theirs, seq: 3, text: "never", stamp: "28000001.three" },
      ],
    }]);
  });
}

test("nothing goes along that was not ticked, and no line of the stranger that nothing proves", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "hello" });
  player.takeSent();
  player.happen("reported", { reason: "hate", note: "", handed: idsOf(player, () => true) });

  assert.deepEqual(player.takeSent(), [{ action: "report", room: "r1", reason: "hate", ack: 1 }]);
});

test("a line that is shown with fewer line breaks is handed over as it was said, for that was stamped", () => {
  const player = playPaired();
  const said = "one\n\n\n\n\u2028two";
  player.hear("message", { room: "r1", seq: 1, text: said, stamp: "28000000.one" });
  assert.equal(player.session.entries.at(-1).text, "one\n\ntwo");
  player.takeSent();
  player.happen("reported", { reason: "spam", note: "", handed: idsOf(player, () => true) });

  assert.equal(player.takeSent()[0].lines[0].text, said);
});

test("an early line keeps its own stamp until the one before it comes", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 2, text: "two", stamp: "28000000.two" });
  player.hear("message", { room: "r1", seq: 1, text: "one", stamp: "28000000.one" });
  player.hear("message", { room: "r1", seq: 2, text: "two", stamp: "28000009.again" });

  const lines = player.session.entries.filter((entry) => entry.kind === "line");
  assert.deepEqual(lines.map(({ seq, stamp }) => [seq, stamp]), [[1, "28000000.one"], [2, "28000000.two"]]);
});

test("whatever comes afterwards, an old line can still be proved", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "first", stamp: "28000000.first" });
  const handed = idsOf(player, () => true);
  for (let seq = 2; seq <= 400; seq += 1) player.hear("message", { room: "r1", seq, text: "flood", stamp: `28000000.${seq}` });
  player.takeSent();
  player.happen("reported", { reason: "hate", note: "", handed });

  assert.deepEqual(player.takeSent()[0].lines.map(({ text }) => text), ["first"]);
});

test("a report that was begun in an earlier conversation is about that one, and the next one goes on", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "nasty", stamp: "28000000.one" });
  const about = { room: player.session.room, entries: player.session.entries };
  const handed = idsOf(player, () => true);
  player.hear("peer_left", { room: "r1", reason: "left" });
  player.hear("paired", { room: "r2", mode: "text", polite: false });
  player.hear("message", { room: "r2", seq: 1, text: "kind", stamp: "28000001.kind" });
  player.takeSent();

  player.happen("reported", { reason: "hate", note: "", about, handed });

  const [frame, ...others] = player.takeSent();
  assert.equal(frame.room, "r1");
  assert.deepEqual(frame.lines.map(({ text }) => text), ["nasty"]);
  assert.deepEqual(others, []);
  assert.equal(player.session.room.id, "r2");
  assert.equal(player.session.room.over, null);
  assert.equal(player.session.phase, "chatting");
});
