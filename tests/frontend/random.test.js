/** Random histories: with any events of the server and the person, in any order, the machine stays sound. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { advance } from "../../frontend/session/session.js";
import { chance } from "./support/chance.js";
import { Player } from "./support/player.js";

const HISTORIES = 300;
const STEPS = 400;
const ROOMS = ["r1", "r2", "r3"];

/** The possible events, each with some values. */
const HAPPENINGS = {
  started: (pick) => ({ mode: pick(["text", "video"]), interests: pick([[], ["chess"]]) }),
  line_written: (pick) => ({ text: pick(["hello", "", "x".repeat(2001), "two\nlines"]) }),
  line_resent: () => ({}), draft_changed: (pick) => ({ empty: pick([true, false]) }),
  skip_pressed: () => ({}), stop_pressed: () => ({}), swiped: () => ({}), question_withdrawn: () => ({}), stopped: () => ({}), conversation_closed: () => ({}),
  reported: () => ({ reason: "spam", note: "" }), appeal_written: () => ({ text: "no" }), widen_chosen: () => ({}), hold_chosen: () => ({}),
  signal_made: (pick) => ({ room: pick(ROOMS), data: {} }), relays_wanted: () => ({}),
  opened: () => ({}), closed: () => ({}), network_changed: () => ({}),
};

/** The possible events of the server, at any time, also nonsense. */
const EVENTS = {
  waiting: (pick) => ({ mode: "text", ticket: pick([undefined, "q1", "q2"]), resume: pick([undefined, "t1", "t2"]) }),
  paired: (pick) => ({ room: pick(ROOMS), mode: "text", polite: pick([true, false]), ticket: pick([undefined, "q1"]), resume: "t" }),
  message: (pick) => ({ room: pick(ROOMS), seq: pick([1, 2, 3, 4, 900, -1]), text: "hi", ack: pick([undefined, 1, 99]) }),
  ack: (pick) => ({ room: pick(ROOMS), ack: pick([0, 1, 2, 99, undefined]), probe: pick([true, false, undefined]) }),
  typing: (pick) => ({ room: pick(ROOMS), on: pick([true, false]) }),
  signal: (pick) => ({ room: pick(ROOMS), data: {} }),
  peer_left: (pick) => ({ room: pick(ROOMS), reason: pick(["left", "skipped", "disconnected", "strange", undefined]) }),
  peer_away: (pick) => ({ room: pick(ROOMS) }), peer_back: (pick) => ({ room: pick(ROOMS) }),
  reported: (pick) => ({ room: pick(ROOMS), case: "K" }), appealed: () => ({ case: "K" }),
  error: (pick) => ({
    code: pick(["invalid_message", "unknown_action", "stale_room", "too_long", "rate_limited", "banned", "closed", "age_required", "unknown_case", "resume_failed", "busy", "constructor"]),
    action: pick(["join", "message", "skip", "resume", "report", undefined]), room: pick([...ROOMS, undefined]), seq: pick([1, 2, undefined]),
  }),
  pong: () => ({}), frame_failed: () => ({}), constructor: () => ({}), news: () => ({}),
};

test("random histories keep every promise of the machine", () => {
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const player = new Player();
    const { pick, upTo } = chance(seed);
    for (let step = 0; step < STEPS; step += 1) {
      const before = player.session;
      act(player, pick, upTo);
      check(before, player, `seed ${seed}, step ${step}`);
    }
  }
});

test("a step leaves the state before it untouched", () => {
  const player = new Player();
  const { pick, upTo } = chance(7);
  for (let step = 0; step < 300; step += 1) {
    const frozen = deepFreeze(player.session);
    advance(frozen, { type: "timer_fired", name: "join", at: 0 });
    act(player, pick, upTo);
  }
});

/** Events that end much are rarer than the rest, or no history would get far. */
const RARE = new Set(["stopped", "conversation_closed", "reported", "skip_pressed", "peer_left", "paired", "error", "waiting"]);

/** Connections open only when wanted, as the real socket does; the rest happens as it likes. */
function act(player, pick, upTo) {
  const kind = upTo(10);
  if (kind < 4) {
    const type = pick(Object.keys(HAPPENINGS));
    if (RARE.has(type) && upTo(8) > 0) return;
    if (type === "opened" && !["connecting", "lost", "open"].includes(player.session.link)) return;
    if (type === "closed" && !["open", "resuming", "moving", "connecting"].includes(player.session.link)) return;
    player.happen(type, HAPPENINGS[type](pick));
  } else if (kind < 8) {
    if (!["open", "resuming", "moving"].includes(player.session.link)) return;
    const type = pick(Object.keys(EVENTS));
    if (RARE.has(type) && player.session.phase === "chatting" && upTo(8) > 0) return;
    player.hear(type, EVENTS[type](pick));
  } else if (player.timers.size > 0) {
    if (kind === 8) player.fire(pick([...player.timers.keys()]));
    else player.wait(upTo(4_000));
  }
}

function check(before, player, where) {
  const { session, timers } = player;
  const { phase, link, wish, room } = session;
  const open = room !== null && room.over === null;
  assert.equal(phase === "chatting", open, `${where}: a room is open exactly while chatting`);
  assert.equal(phase === "idle" || phase === "refused", wish === null, `${where}: one who wishes nothing is idle`);
  if (wish === null) assert.ok(session.token === null, `${where}: one who wishes nothing resumes nothing`);
  if (phase === "searching" && link === "open") {
    assert.ok(timers.has("join"), `${where}: a search asks again`);
  }
  if (wish !== null && link === "open" && !open) assert.ok(timers.has("silence") || timers.has("pong"), `${where}: silence is noticed`);
  if (link === "resuming" || link === "moving") assert.ok(timers.has("resume") || timers.has("resume_again"), `${where}: a resume has an end`);
  if (open && room.doubted && link === "open") assert.ok(timers.has("doubt"), `${where}: a doubt is decided soon`);
  if (open && !room.doubted && link === "open") {
    assert.ok(timers.has("quiet"), `${where}: a quiet room is probed`);
    const undecided = room.lines.pending.length > 0 && !room.peerAway
      && session.entries.some((entry) => ["sending", "sent"].includes(entry.delivery));
    if (undecided) assert.ok(timers.has("resend"), `${where}: a line is decided at last`);
    if (room.lines.received > room.lines.acknowledged) {
      assert.ok(timers.has("ack") || timers.has("sign"), `${where}: lines are acknowledged`);
    }
    if (room.writingSince !== null) assert.ok(timers.has("sign") || timers.has("typing_pause"), `${where}: writing is told, or ends`);
  }
  assert.equal(session.reports.length > 0, timers.has("report"), `${where}: a report is sent again, or given up`);
  assert.ok(session.reports.length <= 4, `${where}: few reports wait`);
  for (const [name, isNeeded] of Object.entries(needs(session))) assert.ok(isNeeded || !timers.has(name), `${where}: the timer ${name} runs for nothing`);
  checkFrames(before, player, where);
}

/** Which timers may run, by the state of the session; the others may always. */
function needs({ phase, link, wish, room }) {
  const open = room !== null && room.over === null;
  const writing = open && room.writingSince !== null;
  return {
    ack: open, sign: open, resend: open, quiet: open, peer_typing: open, implied: open, typing_pause: writing,
    confirm: open && room.confirming !== null, doubt: open && room.doubted, join: phase === "searching",
    widen: phase === "searching" && !wish.held, silence: wish !== null, pong: wish !== null, linger: wish === null, renew: link !== "lost" && link !== "closed",
  };
}

/** Frames follow the contract, go out only through a connection, and name the room that is or was open. */
function checkFrames(before, player, where) {
  for (const frame of player.takeSent()) {
    assert.ok(player.session.link !== "closed" || player.session.phase === "refused", `${where}: sent without a connection`);
    if (["message", "typing", "ack", "signal"].includes(frame.action)) {
      const rooms = [before.room?.id, player.session.room?.id];
      assert.ok(rooms.includes(frame.room), `${where}: ${frame.action} names room ${frame.room}`);
    }
    if (frame.action === "message") assert.ok(frame.seq >= 1 && frame.text.length >= 1 && frame.text.length <= 2000, where);
    if (frame.action === "join") assert.ok(player.session.wish !== null, `${where}: joined without a wish`);
  }
}

function deepFreeze(value) {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
