/** A report arrives, even if frames are lost on the way, or the person is told that it did not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { pack, unpack } from "../../frontend/keeping.js";
import { Player, playPaired } from "./support/player.js";

const REPORT = { action: "report", room: "r1", reason: "spam" };
const MINUTE = 60_000;

/** Somebody who has just reported the stranger of "r1". */
function playReported(values = {}) {
  const player = playPaired(values);
  player.happen("reported", { reason: "spam", note: "" });
  assert.deepEqual(player.takeSent(), [REPORT]);
  return player;
}

/** The reports among what was sent since last asked. */
function reportsOf(player) {
  return player.takeSent().filter((frame) => frame.action === "report");
}

/** The times at which reports were sent over so many milliseconds, while the server answers everything but reports. */
function timesOf(player, ms) {
  const begun = player.now;
  const times = [];
  while (player.now < begun + ms) {
    const sent = player.waitAnswered(500);
    times.push(...sent.filter((frame) => frame.action === "report").map(() => Math.round((player.now - begun) / 1000)));
  }
  return times;
}

const failures = (player) => player.notes.filter((note) => note === "report_failed").length;

test("a lost report, or one whose answer is lost, is sent again with growing pauses, and the search goes on meanwhile", () => {
  const player = playReported();

  assert.deepEqual(timesOf(player, 61_000), [4, 12, 28, 60]);
  assert.equal(player.session.phase, "searching");
});

test("a report is sent no more once it was answered, and an answer that comes twice is told once", () => {
  const player = playReported();
  player.wait(5_000);
  player.takeSent();
  player.hear("reported", { room: "r1", case: "K7" });
  player.hear("reported", { room: "r1", case: "K7" });

  assert.deepEqual(timesOf(player, 10 * MINUTE), []);
  assert.equal(player.notes.filter((note) => note === "reported").length, 1);
  assert.equal(failures(player), 0);
});

test("the answer to another room's report ends no wait", () => {
  const player = playReported();
  player.hear("reported", { room: "r0", case: "K0" });

  assert.ok(!player.notes.includes("reported"));
  player.wait(4_000);
  assert.deepEqual(reportsOf(player), [REPORT]);
});

for (const code of ["busy", "rate_limited"]) {
  test(`a report that is answered ${code} is sent again later`, () => {
    const player = playReported();
    player.hear("error", { code, action: "report", room: "r1" });
    player.waitAnswered(14_000);
    assert.ok(player.session.reports.length === 1 && failures(player) === 0);

    player.wait(1_000);
    assert.deepEqual(reportsOf(player), [REPORT]);
  });
}

test("a report goes on after its connection was lost and resumed", () => {
  const player = playReported();
  player.happen("closed");
  player.wait(20_000);
  assert.deepEqual(reportsOf(player), []);

  player.happen("opened");
  assert.deepEqual(player.takeSent(), [{ action: "resume", token: "t1" }]);
  player.hear("waiting", { mode: "text", resume: "t2" });
  assert.deepEqual(reportsOf(player), [REPORT]);
});

test("a report that is made without a connection ends the conversation and is sent when nothing could be resumed", () => {
  const player = playPaired();
  player.happen("closed");
  player.happen("reported", { reason: "spam", note: "" });
  assert.equal(player.session.room.over, "you_reported");
  assert.equal(failures(player), 0);

  player.happen("opened");
  player.takeSent();
  player.hear("error", { code: "resume_failed", action: "resume" });
  assert.deepEqual(player.takeSent(), [REPORT, { action: "join", mode: "text" }]);
});

test("a report from a room that is resumed after all is sent, and the room is left", () => {
  const player = playPaired();
  player.happen("closed");
  player.happen("reported", { reason: "spam", note: "" });
  player.happen("opened");
  player.takeSent();
  player.hear("paired", { room: "r1", mode: "text", polite: false, resume: "t2" });

  assert.deepEqual(player.takeSent(), [REPORT, { action: "skip", room: "r1" }]);
  assert.equal(player.session.phase, "searching");
});

test("stopping and going home drop no report, and look for nobody", () => {
  const player = playReported();
  player.happen("stopped");
  player.happen("conversation_closed");
  player.takeSent();
  player.wait(4_000);
  assert.deepEqual(player.takeSent(), [REPORT]);

  player.hear("reported", { room: "r1", case: "K7" });
  player.wait(2 * MINUTE);
  assert.deepEqual(player.takeSent(), []);
  assert.equal(player.session.link, "closed");
});

test("for a report alone a connection is opened, which is closed when it was answered, and nobody is looked for", () => {
  const player = playPaired();
  player.happen("stopped");
  player.wait(MINUTE);
  assert.equal(player.session.link, "closed");
  player.takeSent();
  player.happen("reported", { reason: "spam", note: "" });
  assert.ok(player.effects.some(({ type }) => type === "connect"));
  assert.deepEqual(player.takeSent(), []);

  player.happen("opened");
  assert.deepEqual(player.takeSent(), [REPORT]);
  player.hear("reported", { room: "r1", case: "K7" });
  player.wait(MINUTE);
  assert.equal(player.session.link, "closed");
  assert.deepEqual(player.takeSent(), []);
  assert.equal(player.session.phase, "idle");
  assert.ok(player.notes.includes("reported"));
});

test("a connection that cannot be opened for a report is tried again with growing pauses", () => {
  const player = playReported();
  player.happen("stopped");
  const begun = player.now;
  const attempts = [];
  for (player.happen("closed"); player.now < begun + 12 * MINUTE; player.wait(1_000)) {
    if (player.session.link !== "connecting") continue;
    attempts.push(Math.round((player.now - begun) / 1_000));
    player.happen("closed");
  }

  assert.deepEqual(attempts.slice(0, 5), [4, 12, 28, 60, 120]);
  assert.ok(attempts.at(-1) < 540, `${attempts}`);
  assert.equal(failures(player), 1);
});

test("a dead connection of a person who looks for nobody is replaced while a report waits", () => {
  const player = playReported();
  player.happen("stopped");
  player.takeSent();
  player.wait(28_000);

  assert.ok(player.effects.some(({ type }) => type === "reconnect"));
  assert.equal(player.session.link, "connecting");
  player.takeSent();
  player.happen("opened");
  assert.deepEqual(player.takeSent(), [REPORT]);
});

test("a connection on which a report waits its turn is not closed under it", () => {
  const player = playReported();
  player.happen("stopped");
  for (const end = player.now + 5 * MINUTE; player.now < end; player.wait(500)) {
    if (reportsOf(player).length > 0) player.hear("error", { code: "busy", action: "report", room: "r1" });
    assert.equal(player.session.link, "open");
  }

  player.hear("reported", { room: "r1", case: "K7" });
  player.wait(MINUTE);
  assert.equal(player.session.link, "closed");
});

test("a report that the server takes no more is told once, and another try is another report", () => {
  for (const code of ["stale_room", "invalid_message", "too_long"]) {
    const player = playReported();
    player.hear("error", { code, action: "report", room: "r1" });
    player.hear("error", { code, action: "report", room: "r1" });
    assert.equal(failures(player), 1, code);
    assert.deepEqual(timesOf(player, 10 * MINUTE), []);

    player.happen("reported", { reason: "spam", note: "" });
    assert.deepEqual(reportsOf(player), [REPORT]);
    player.hear("reported", { room: "r1", case: "K7" });
    assert.ok(player.notes.includes("reported"));
  }
});

test("a report is given up between 9 and 10 minutes after its room ended, and that is told", () => {
  const player = playReported();
  const times = timesOf(player, 8.9 * MINUTE);
  assert.equal(failures(player), 0);
  assert.ok(times.length <= 13 && times.at(-1) > 7.5 * 60, `${times}`);

  assert.deepEqual(timesOf(player, 1.1 * MINUTE), []);
  assert.equal(failures(player), 1);
});

test("a report of a room that ended long ago waits for no longer than the server would take it", () => {
  const player = playPaired();
  player.hear("peer_left", { room: "r1", reason: "left" });
  player.waitAnswered(8.5 * MINUTE);
  player.happen("reported", { reason: "spam", note: "" });
  timesOf(player, MINUTE);

  assert.equal(failures(player), 1);
});

test("two reports wait at once, each for its own answer, and a second of the same room takes the place of the first", () => {
  const player = playReported();
  player.hear("paired", { room: "r2", mode: "text", polite: false, resume: "t2" });
  player.happen("reported", { reason: "hate", note: "" });
  player.happen("reported", { reason: "sexual", note: "" });
  player.takeSent();
  player.hear("reported", { room: "r1", case: "K1" });
  player.wait(5_000);

  assert.deepEqual(reportsOf(player), [{ action: "report", room: "r2", reason: "sexual" }]);
  player.hear("reported", { room: "r2", case: "K2" });
  assert.deepEqual(timesOf(player, 10 * MINUTE), []);
});

test("no more than four wait at once: the fifth lets the oldest go, and that is told", () => {
  const player = playReported();
  for (const room of ["r2", "r3", "r4", "r5"]) {
    player.hear("paired", { room, mode: "text", polite: false, resume: "t" });
    player.happen("reported", { reason: "spam", note: "" });
  }

  assert.equal(failures(player), 1);
  player.takeSent();
  player.wait(4_000);
  assert.deepEqual(reportsOf(player).map(({ room }) => room), ["r2", "r3", "r4", "r5"]);
});

/** The page of `before` is loaded again after so long. */
function reload(before, ms = 1_000) {
  const kept = structuredClone(pack(before.session, "draft", [], "tab", before.now));
  const after = new Player();
  after.now = before.now + ms;
  const found = unpack(kept, after.now);
  if (found !== null) after.happen("restored", { session: found.session });
  return { after, found };
}

test("a clock that is set back holds no report up for longer than a minute", () => {
  const player = playPaired();
  player.happen("reported", { reason: "spam", note: "" });
  player.now -= 86_400_000;
  player.happen("network_changed");
  player.fire("report", player.now);
  assert.ok(player.timers.get("report") - player.now <= 60_000);
});

test("a report goes on after a reload, and with it the search", () => {
  const { after } = reload(playReported());
  after.happen("opened");
  assert.deepEqual(after.takeSent(), [{ action: "resume", token: "t1" }]);
  after.hear("waiting", { mode: "text", resume: "t2" });

  assert.deepEqual(reportsOf(after), [REPORT]);
  after.hear("reported", { room: "r1", case: "K7" });
  assert.ok(after.notes.includes("reported"));
});

test("a report goes on after a reload where nothing else does, and nothing else is kept", () => {
  const stopped = playReported();
  stopped.happen("line_written", { text: "words" });
  stopped.happen("stopped");
  for (const [before, ms] of [[stopped, 1_000], [playReported(), 5 * MINUTE]]) {
    const { after, found } = reload(before, ms);
    assert.deepEqual([found.session.wish, found.session.entries, found.draft], [null, [], ""]);
    assert.ok(after.effects.some(({ type }) => type === "connect"));
    after.happen("opened");

    assert.deepEqual(after.takeSent(), [REPORT]);
    assert.equal(after.session.phase, "idle");
  }
});

test("nothing is kept for a report that was answered, or that is too old", () => {
  const player = playReported();
  assert.equal(reload(player, 10 * MINUTE).found, null);
  player.hear("reported", { room: "r1", case: "K7" });
  player.happen("stopped");

  assert.equal(reload(player).found, null);
});

test("the proof of a report's lines is kept with it", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "nasty", stamp: "28000000.one" });
  const handed = player.lines.map(({ id }) => id);
  player.happen("reported", { reason: "hate", note: "", handed });
  const begun = player.effects.find(({ type }) => type === "reported");
  const [sent] = player.takeSent();
  assert.deepEqual(begun.frame, sent);
  player.happen("report_proved", { room: "r1", lines: [{ ...sent.lines[0], opening: "o" }] });

  const { after } = reload(player);
  after.happen("opened");
  after.hear("waiting", { mode: "text", resume: "t2" });
  assert.equal(reportsOf(after)[0].lines[0].opening, "o");
});
