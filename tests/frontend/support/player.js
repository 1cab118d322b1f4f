/** One client's state machine with its surroundings replaced: a clock that is turned by hand, timers that are listed. */

import assert from "node:assert/strict";
import { advance, createSession } from "../../../frontend/session/session.js";

export class Player {
  constructor() {
    this.session = createSession();
    this.now = 1_000_000;
    this.sent = [];
    this.timers = new Map();
    this.effects = [];
    this.notices = [];
    this.signals = [];
  }

  /** Let something happen, and return the effects. */
  happen(type, values = {}) {
    const [session, effects] = advance(this.session, { type, ...values, at: this.now });
    this.session = session;
    for (const effect of effects) this.#take(effect);
    this.effects = effects;
    return effects;
  }

  /** The server says something. */
  hear(type, values = {}) {
    return this.happen("received", { event: { type, ...values } });
  }

  /** Turn the clock, and fire what is due on the way, in order. */
  wait(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.timers].filter(([, at]) => at <= end).sort((one, two) => one[1] - two[1])[0];
      if (due === undefined) break;
      this.fire(due[0], due[1]);
    }
    this.now = end;
  }

  /** Turn the clock while the server answers what it is asked, and return what was sent. */
  waitAnswered(ms) {
    const sent = [];
    for (const end = this.now + ms; this.now < end; ) {
      this.wait(Math.min(500, end - this.now));
      const frames = this.takeSent();
      sent.push(...frames);
      if (frames.some((frame) => frame.action === "join")) this.hear("waiting", { mode: "text" });
      if (frames.some((frame) => frame.action === "ping")) this.hear("pong");
    }
    return sent;
  }

  fire(name, at = this.timers.get(name)) {
    assert.ok(this.timers.has(name), `the timer ${name} does not run`);
    this.now = Math.max(this.now, at);
    this.timers.delete(name);
    this.happen("timer_fired", { name });
  }

  /** Take what was sent since last asked. */
  takeSent() {
    return this.sent.splice(0);
  }

  takeNotices() {
    return this.notices.splice(0);
  }

  get lines() {
    return this.session.entries.filter((entry) => entry.kind === "line");
  }

  get notes() {
    return this.session.entries.filter((entry) => entry.kind === "note").map((entry) => entry.values.reason ?? entry.name);
  }

  #take(effect) {
    if (effect.type === "send") this.sent.push(effect.frame);
    if (effect.type === "start_timer") this.timers.set(effect.name, this.now + effect.after_ms);
    if (effect.type === "cancel_timer") this.timers.delete(effect.name);
    if (effect.type === "notice") this.notices.push(effect.name);
    if (effect.type === "signal") this.signals.push(effect.data);
  }
}

/** Someone who has just been paired in the room "r1". */
export function playPaired(values = {}) {
  const player = playSearching();
  player.hear("paired", { room: "r1", mode: "text", polite: false, resume: "t1", ...values });
  player.takeSent();
  player.takeNotices();
  return player;
}

/** Someone who looks for a stranger and is connected. */
export function playSearching(interests = []) {
  const player = new Player();
  player.happen("started", { mode: "text", interests });
  player.happen("opened");
  player.hear("waiting", { mode: "text", interests, widened: false, resume: "t0" });
  player.takeSent();
  return player;
}
