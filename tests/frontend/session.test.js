import assert from "node:assert/strict";
import { test } from "node:test";
import { statusKeys } from "../../frontend/view/wording.js";
import { Player, playPaired, playSearching } from "./support/player.js";

const WIDEN_AFTER_MS = 8_000, LINGER_MS = 60_000;

test("a search connects, joins, and joins again while nobody comes", () => {
  const player = new Player();
  player.happen("started", { mode: "text", interests: ["chess"] });
  assert.deepEqual(player.effects.at(-1), { type: "connect" });

  player.happen("opened");
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text", interests: ["chess"] }]);

  player.hear("waiting", { mode: "text", interests: ["chess"], resume: "t" });
  player.wait(5000);
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text", interests: ["chess"] }]);
});

test("a search for interests widens after a while and says so", () => {
  const player = playSearching(["chess"]);
  player.wait(WIDEN_AFTER_MS);

  assert.equal(player.session.search.widened, true);
  assert.deepEqual(player.takeSent().at(-1), { action: "join", mode: "text", interests: ["chess"], widen: true });
});

test("a search for a language widens as one for interests does", () => {
  const player = new Player();
  player.happen("started", { mode: "text", interests: [], languages: ["de"] });
  player.happen("opened");
  player.hear("waiting", { mode: "text", interests: [], resume: "t" });
  player.wait(WIDEN_AFTER_MS);

  assert.deepEqual(player.takeSent().at(-1), { action: "join", mode: "text", languages: ["de"], widen: true });
});

test("each search begins narrow again, also after a match that was widened", () => {
  const player = playSearching(["chess"]);
  player.happen("widen_chosen");
  player.hear("paired", { room: "r1", mode: "text", polite: true, common: [], resume: "t1" });
  player.happen("skip_pressed");
  player.happen("skip_pressed");
  player.hear("waiting", { mode: "text", interests: ["chess"], widened: false, resume: "t2" });

  assert.equal(player.session.search.widened, false);
  player.takeSent();
  assert.ok(player.waitAnswered(WIDEN_AFTER_MS - 1000).every((frame) => !frame.widen));
  assert.ok(player.waitAnswered(2000).some((frame) => frame.widen));
});

test("another wish while waiting is sent at once and begins narrow", () => {
  const player = playSearching(["chess"]);
  player.happen("widen_chosen");
  player.takeSent();
  player.happen("wish_changed", { interests: ["chess", "films"], languages: ["en"] });

  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text", interests: ["chess", "films"], languages: ["en"] }]);
  assert.equal(player.session.search.widened, false);
  const paired = playPaired();
  paired.happen("wish_changed", { interests: ["films"], languages: [] });
  assert.deepEqual(paired.takeSent(), []);
});

test("a held search never widens, and a person can widen at once", () => {
  const player = playSearching(["chess"]);
  player.happen("hold_chosen");
  assert.ok(player.waitAnswered(60_000).every((frame) => !frame.widen));

  player.happen("widen_chosen");
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text", interests: ["chess"], widen: true }]);
});

test("a search that a person widened does not widen once more", () => {
  const player = playSearching(["chess"]);
  player.wait(1_000);
  player.happen("widen_chosen");
  assert.ok(!player.timers.has("widen"));
});

test("skip asks first, then ends the room and searches on", () => {
  const player = playPaired();
  player.happen("skip_pressed");
  assert.deepEqual(player.takeSent(), []);
  assert.equal(player.session.room.confirming, "skip");

  player.happen("skip_pressed");
  assert.deepEqual(player.takeSent(), [{ action: "skip", room: "r1" }]);
  assert.equal(player.session.phase, "searching");
  assert.equal(player.session.room.over, "you_skipped");
});

test("stop asks where skip asks, and ends at once where there is nothing to lose", () => {
  const player = playPaired();
  player.happen("stop_pressed");
  assert.equal(player.session.room.confirming, "stop");
  player.happen("stop_pressed");
  assert.equal(player.session.phase, "idle");

  const searching = playSearching();
  searching.happen("stop_pressed");
  assert.equal(searching.session.phase, "idle");
});

test("one question is no answer to the other", () => {
  for (const [first, second] of [["skip", "stop"], ["stop", "skip"]]) {
    const player = playPaired();
    player.happen(`${first}_pressed`);
    player.happen(`${second}_pressed`);
    assert.equal(player.session.phase, "chatting");
    assert.equal(player.session.room.confirming, second);
  }
});

test("a person who goes on writing, or sends a line, has not meant to go", () => {
  for (const going of [["question_withdrawn", {}], ["line_written", { text: "wait" }]]) {
    for (const question of ["skip_pressed", "stop_pressed", "swiped"]) {
      const player = playPaired();
      player.happen(question);
      player.happen(...going);
      assert.equal(player.session.room.confirming, null);
      player.wait(5_000);
      assert.equal(player.session.phase, "chatting", `${question}, ${going[0]}`);
    }
  }
});

test("a swipe skips after a second in which it can be taken back", () => {
  const player = playPaired();
  player.happen("swiped");
  player.wait(999);
  assert.equal(player.session.phase, "chatting");
  player.wait(1);
  assert.deepEqual(player.takeSent(), [{ action: "skip", room: "r1" }]);
  assert.equal(player.session.phase, "searching");
});

test("the question whether to skip is withdrawn after a while", () => {
  const player = playPaired();
  player.happen("skip_pressed");
  player.wait(5000);
  player.happen("skip_pressed");

  assert.equal(player.session.phase, "chatting");
});

test("when the stranger leaves, the search goes on without a frame", () => {
  const player = playPaired();
  player.hear("peer_left", { room: "r1", reason: "skipped" });

  assert.equal(player.session.phase, "searching");
  assert.deepEqual(player.takeSent(), []);
  assert.deepEqual(player.notes, ["paired", "skipped"]);
});

test("events of another room change nothing", () => {
  const player = playPaired();
  const before = player.session;
  player.hear("message", { room: "r0", seq: 1, text: "late" });
  player.hear("typing", { room: "r0", on: true });
  player.hear("signal", { room: "r0", data: {} });
  player.hear("peer_away", { room: "r0" });
  player.hear("error", { code: "stale_room", room: "r0", action: "message" });

  assert.deepEqual(player.session, before);
  assert.deepEqual(player.takeSent(), []);
  assert.deepEqual(player.signals, []);
});

test("a pairing in another room supersedes the open one", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "old" });
  player.hear("paired", { room: "r2", mode: "text", polite: true, common: [], resume: "t2" });

  assert.equal(player.session.room.id, "r2");
  assert.deepEqual(player.lines, []);
  assert.equal(player.session.previous.entries.filter((entry) => entry.kind === "line").length, 1);
});

test("a person who has stopped answers a pairing with leave", () => {
  const player = playSearching();
  player.happen("stopped");
  assert.deepEqual(player.takeSent(), [{ action: "leave" }]);

  player.hear("paired", { room: "r9", mode: "text", polite: true });
  player.hear("waiting", { mode: "text" });
  assert.deepEqual(player.takeSent(), [{ action: "leave", room: "r9" }, { action: "leave" }]);
  assert.equal(player.session.phase, "idle");
});

test("a pairing in a room that was skipped repeats the skip that was lost", () => {
  const player = playPaired();
  player.happen("skip_pressed");
  player.happen("skip_pressed");
  player.takeSent();
  player.hear("paired", { room: "r1", mode: "text", polite: false });

  assert.deepEqual(player.takeSent(), [{ action: "skip", room: "r1" }]);
  assert.equal(player.session.phase, "searching");
});

test("a farewell that overtakes its pairing does not leave a ghost", () => {
  const player = playSearching();
  player.hear("peer_left", { room: "r5", reason: "left" });
  player.hear("paired", { room: "r5", mode: "text", polite: true });

  assert.equal(player.session.phase, "searching");
});

test("waiting in a room is asked about once, and then believed", () => {
  const player = playPaired();
  player.hear("waiting", { mode: "text", ticket: "new" });
  assert.equal(player.session.phase, "chatting");
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text" }]);

  player.hear("waiting", { mode: "text", ticket: "new" });
  assert.equal(player.session.phase, "searching");
  assert.equal(player.session.room.over, "disconnected");
});

test("waiting that came late, before the pairing it led to, means nothing", () => {
  const player = playPaired({ ticket: "q1" });
  player.hear("waiting", { mode: "text", ticket: "q1", resume: "old" });

  assert.deepEqual(player.takeSent(), []);
  assert.equal(player.session.token, "t1");
});

test("a room that the server confirms goes on as it was", () => {
  const player = playPaired();
  player.hear("message", { room: "r1", seq: 1, text: "hi" });
  player.hear("waiting", { mode: "text" });
  player.hear("paired", { room: "r1", mode: "text", polite: false, resume: "t2" });
  player.wait(10_000);

  assert.equal(player.session.phase, "chatting");
  assert.equal(player.lines.length, 1);
});

test("a room that was doubted and is open is asked about no more", () => {
  const player = playPaired();
  player.hear("waiting", { mode: "text" });
  assert.ok(player.timers.has("doubt"));
  player.hear("paired", { room: "r1", mode: "text", polite: false });
  assert.ok(!player.timers.has("doubt"));
});

test("a stale room is over, and the search begins with a frame", () => {
  const player = playPaired();
  player.hear("error", { code: "stale_room", room: "r1", action: "message", seq: 1 });

  assert.equal(player.session.phase, "searching");
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text" }]);
});

test("a ban ends everything and is kept with its reason", () => {
  const player = playPaired();
  player.hear("error", { code: "banned", until: 99, reason: "spam", case: "A1", automatic: true });

  const { kind, until, reason, case: number, automatic } = player.session.refusal;
  assert.deepEqual([player.session.phase, kind, until, reason, number, automatic], ["refused", "banned", 99, "spam", "A1", true]);
  assert.equal(player.session.room.over, "banned");
  player.wait(100_000);
  assert.deepEqual(player.takeSent(), []);
  assert.equal(player.session.link, "closed");
});

test("a person who is locked out can appeal, also after the connection has gone", () => {
  const player = playPaired();
  player.hear("error", { code: "banned", until: 99, reason: "spam", case: "A1" });
  player.wait(100_000);
  player.happen("appeal_written", { text: " it was not me " });
  assert.deepEqual(player.effects.at(-1), { type: "connect" });

  player.happen("opened");
  assert.deepEqual(player.takeSent(), [{ action: "appeal", case: "A1", text: "it was not me" }]);
  player.hear("appealed", { case: "A1" });
  assert.equal(player.session.refusal.appeal.outcome, "kept");
});

test("an appeal that the server does not know, or that nobody answers, has failed and can be tried again", () => {
  for (const end of [(player) => player.hear("error", { code: "unknown_case", action: "appeal" }), (player) => player.wait(100_000)]) {
    const player = playPaired();
    player.hear("error", { code: "banned", until: 99, reason: "spam", case: "A1" });
    player.happen("appeal_written", { text: "no" });
    end(player);

    assert.equal(player.session.refusal.appeal.outcome, "failed");
  }
});

test("a person who is warned looks for nobody until they go on, and then says that they have read it", () => {
  const player = playSearching(["chess"]);
  player.hear("error", { code: "warned", reason: "hate", case: "A1", action: "join" });
  assert.deepEqual([player.session.phase, player.session.refusal.kind, player.session.refusal.reason], ["refused", "warned", "hate"]);
  player.wait(30_000);
  assert.deepEqual(player.takeSent(), []);

  player.happen("started", { mode: "text", interests: ["chess"] });
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text", interests: ["chess"], read: "A1" }]);
  player.hear("waiting", { mode: "text", interests: ["chess"], widened: false, resume: "t3" });
  assert.ok(player.waitAnswered(20_000).every((frame) => frame.action !== "join" || frame.read === undefined));
});

test("that a warning was read is said until the server has answered, also before video and over another connection", () => {
  const player = playSearching();
  player.hear("error", { code: "warned", reason: "spam", case: "A1", action: "join" });
  player.wait(100_000);
  assert.equal(player.session.link, "closed");
  player.happen("prepared", { mode: "video", interests: [], languages: [] });
  player.happen("opened");
  player.happen("started", { mode: "video", interests: [] });
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "video", read: "A1" }]);

  player.wait(6_000);
  assert.deepEqual(player.takeSent().filter(({ action }) => action === "join").map(({ read }) => read), ["A1"]);
});

test("a person who leaves a warning unread has read nothing", () => {
  const player = playSearching();
  player.hear("error", { code: "warned", reason: "spam", case: "A1", action: "join" });
  player.happen("conversation_closed");
  player.happen("started", { mode: "text", interests: [] });

  assert.equal(player.takeSent().at(-1).read, undefined);
});

test("interests that the server does not take are left out of the search", () => {
  const player = playSearching(["odd"]);
  player.hear("error", { code: "invalid_message", action: "join" });

  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text" }]);
});

test("a kind of chat that is closed is said, and another can be started", () => {
  const player = playSearching();
  player.hear("error", { code: "closed", mode: "video", message: "Video is closed tonight.", action: "join" });
  assert.deepEqual([player.session.refusal.kind, player.session.refusal.message], ["closed", "Video is closed tonight."]);

  player.happen("started", { mode: "text", interests: [] });
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text" }]);
  assert.equal(player.session.refusal, null);
});

test("the device's token is remembered and the operator's notice shown", () => {
  const player = playSearching();
  player.hear("waiting", { mode: "text", device: "d1", notice: "Closed on Monday." });

  assert.ok(player.effects.some((effect) => effect.type === "remember_device" && effect.token === "d1"));
  assert.equal(player.session.notice, "Closed on Monday.");
});

test("a busy server is asked less often", () => {
  const player = playSearching();
  player.hear("error", { code: "busy", action: "join" });
  const joins = (sent) => sent.filter((frame) => frame.action === "join").length;

  assert.equal(joins(player.waitAnswered(12_000)), 0);
  assert.equal(joins(player.waitAnswered(4_000)), 1);
});

test("a report ends the room and the search goes on with its answer", () => {
  const player = playPaired();
  player.happen("reported", { reason: "spam", note: "" });
  assert.deepEqual(player.takeSent(), [{ action: "report", room: "r1", reason: "spam" }]);
  assert.equal(player.session.room.over, "you_reported");

  player.hear("reported", { room: "r1", case: "K7" });
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text" }]);
  assert.ok(player.session.entries.some((entry) => entry.values?.case === "K7"));
});

test("a stranger who comes before a report is answered is talked to, and not searched for", () => {
  const player = playPaired();
  player.happen("reported", { reason: "spam", note: "" });
  player.hear("paired", { room: "r2", mode: "text", polite: false, resume: "t2" });
  player.wait(3_500);
  assert.ok(player.takeSent().every(({ action }) => action !== "join"));
});

test("a line is said to the stranger it was written to, or to nobody", () => {
  const player = playPaired();
  player.hear("paired", { room: "r2", mode: "text", polite: false, resume: "t2" });
  player.happen("line_written", { text: "wait for me", room: "r1" });
  assert.deepEqual([player.takeSent(), player.lines], [[], []]);
});

test("the last room can be reported after its end without disturbing the search", () => {
  const player = playPaired();
  player.hear("peer_left", { room: "r1", reason: "left" });
  player.happen("reported", { reason: "hate", note: " words\u0007 " });

  assert.deepEqual(player.takeSent(), [{ action: "report", room: "r1", reason: "hate", note: "words" }]);
  assert.equal(player.session.phase, "searching");
});

test("stop lets the connection linger for a moment and then closes it", () => {
  const player = playPaired();
  player.happen("stopped");
  assert.deepEqual(player.takeSent(), [{ action: "leave", room: "r1" }]);

  player.wait(LINGER_MS);
  assert.deepEqual(player.effects.at(-1), { type: "disconnect" });
  assert.equal(player.session.link, "closed");
});

test("a person who ends a video room says how its call went", () => {
  const player = playPaired();
  player.happen("call_went", { room: "another", call: "direct" });
  player.happen("call_went", { room: "r1", call: "no_connection" });
  player.happen("skip_pressed");
  player.happen("skip_pressed");
  assert.deepEqual(player.takeSent(), [{ action: "skip", room: "r1", call: "no_connection" }]);

  player.hear("paired", { room: "r2", mode: "video", polite: true, common: [], resume: "t" });
  player.happen("call_went", { room: "r2", call: "relayed" });
  player.happen("stopped");
  assert.deepEqual(player.takeSent().at(-1), { action: "leave", room: "r2", call: "relayed" });
});

test("the other mode is taken at once for text, and by way of camera and microphone for video", () => {
  const player = new Player();
  player.happen("started", { mode: "text", interests: ["chess"], languages: ["en"] });
  player.happen("opened");
  player.hear("waiting", { mode: "text", others: "video" });
  assert.equal(player.session.search.others, "video");
  player.takeSent();
  player.happen("mode_switched", { mode: "video" });
  assert.deepEqual(player.takeSent(), [{ action: "leave" }]);
  assert.equal(player.session.wish, null);
  assert.deepEqual(player.session.preparing, { mode: "video", interests: ["chess"], languages: ["en"] });

  player.happen("started", { ...player.session.preparing });
  player.hear("waiting", { mode: "video", others: "text" });
  player.takeSent();
  player.happen("mode_switched", { mode: "text" });
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text", interests: ["chess"], languages: ["en"] }]);
  assert.equal(player.session.search.others, null);
});

const PUZZLE = { algorithm: "SHA-256", challenge: "c", maxnumber: 9, salt: "s", signature: "g" };

test("a person who is asked to work instead of waiting does, and sends the solution once with the search", () => {
  const player = playSearching(["chess"]);
  player.takeSent();
  player.hear("waiting", { mode: "text", interests: ["chess"], resume: "t", puzzle: PUZZLE });
  assert.deepEqual(player.effects.at(-1), { type: "work", puzzle: PUZZLE });
  player.happen("worked", { solution: "w" });

  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text", interests: ["chess"], solution: "w" }]);
  player.hear("waiting", { mode: "text", interests: ["chess"], resume: "t" });
  player.wait(5000);
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "text", interests: ["chess"] }]);
});

test("a person who may not even wait is asked to work, too", () => {
  const player = playSearching();
  player.hear("error", { code: "rate_limited", action: "join", puzzle: PUZZLE });

  assert.deepEqual(player.effects.at(-1), { type: "work", puzzle: PUZZLE });
});

test("a person who may not wait asks again after five seconds at most, however long they have waited", () => {
  const player = playSearching();
  for (let time = 0; time < 300_000; time += 5_000) {
    player.wait(5_000);
    player.hear("waiting", { mode: "text", interests: ["chess"], resume: "t" });
  }
  player.takeSent();
  player.hear("error", { code: "rate_limited", action: "join" });
  player.wait(3_900);
  assert.deepEqual(player.takeSent(), []);
  player.wait(1_200);
  assert.deepEqual(player.takeSent().map((frame) => frame.action), ["join"]);
  assert.equal(player.session.phase, "searching");
});

test("work that was done for nothing is not handed in", () => {
  const player = playPaired();
  player.takeSent();
  player.happen("worked", { solution: "w" });

  assert.deepEqual(player.takeSent(), []);
});

test("a search tells how the conversation before it ended, and one begun by hand after a stop does not", () => {
  const player = playPaired();
  player.hear("peer_left", { room: "r1", reason: "left" });
  assert.deepEqual(statusKeys(player.session, false), ["note_left", "status_searching"]);

  player.happen("stopped");
  player.happen("started", { mode: "text", interests: [] });
  assert.deepEqual(statusKeys(player.session, false), ["status_searching"]);
  player.hear("paired", { room: "r2", mode: "text", polite: true, common: [], resume: "t2" });
  player.hear("peer_left", { room: "r2", reason: "left" });
  assert.deepEqual(statusKeys(player.session, false), ["note_left", "status_searching"]);
});
