// @ts-check
/** One step of the machine in the making: the session as it will be, and the effects so far. */

import { ENTRIES_MAX } from "./limits.js";

/** @import { Delivery, Effect, Entry, Proof, Room, Session } from "./state.js" */

export class Draft {
  /** @param {Session} session @param {number} at */
  constructor(session, at) {
    this.session = session;
    this.at = at;
    /** @type {Effect[]} */
    this.effects = [];
  }

  /** @param {Partial<Session>} changes */
  change(changes) {
    this.session = { ...this.session, ...changes };
  }

  /** @param {Partial<Room>} changes */
  changeRoom(changes) {
    const { room } = this.session;
    if (room === null) throw new Error("a room was changed where there is none");
    this.change({ room: { ...room, ...changes } });
  }

  /** The open room; only for callers that know that there is one. @returns {Room} */
  get room() {
    const { room } = this.session;
    if (room === null) throw new Error("a room was expected");
    return room;
  }

  /** @param {Effect} effect */
  add(effect) {
    this.effects.push(effect);
  }

  /** Send a frame, or drop it when there is no connection: each sender also has a timer or a resume for that. */
  /** @param {Record<string, any>} frame */
  send(frame) {
    if (this.session.link === "open") this.add({ type: "send", frame });
  }

  /** Start a timer, or start it anew; by chance it takes longer, by up to `spread` of its time. */
  /** @param {string} name @param {number} after_ms @param {number} spread */
  start(name, after_ms, spread = 0) {
    this.add({ type: "start_timer", name, after_ms, spread });
  }

  /** @param {string[]} names */
  cancel(...names) {
    for (const name of names) this.add({ type: "cancel_timer", name });
  }

  /**
   * Tell the page of something to be heard or shown once.
   * @param {string} name @param {Record<string, any>} values
   */
  notice(name, values = {}) {
    this.add({ type: "notice", name, values });
  }

  /** @param {boolean} own @param {number} seq @param {string} text @param {Proof} proof */
  addLine(own, seq, text, proof = { stamp: null }) {
    this.#addEntry({ id: 0, kind: "line", at: this.at, own, seq, text, delivery: own ? this.#firstDelivery : "delivered", ...proof });
  }

  /** @param {string} name @param {Record<string, any>} values */
  addNote(name, values = {}) {
    this.#addEntry({ id: 0, kind: "note", at: this.at, name, values });
  }

  /** Take the newest note `name` back, and say `next` instead. @param {string} name @param {string} next */
  replaceNote(name, next) {
    const { entries } = this.session;
    const index = entries.findLastIndex((entry) => entry.kind === "note" && entry.name === name);
    if (index >= 0) this.change({ entries: entries.toSpliced(index, 1) });
    this.addNote(next);
  }

  /**
   * Set the delivery of own lines that are not delivered yet, from the newest backwards.
   * @param {Delivery} delivery
   * @param {(seq: number, delivery: Delivery) => boolean} which
   */
  markLines(delivery, which) {
    const entries = this.session.entries.slice();
    let changed = false;
    for (let index = entries.length - 1; index >= 0; index -= 1) {
      const entry = entries[index];
      if (entry.kind !== "line" || !entry.own) continue;
      if (entry.delivery === "delivered") break; // Acknowledgements are cumulative: all before it are, too.
      if (entry.delivery === delivery || !which(entry.seq, entry.delivery)) continue;
      entries[index] = { ...entry, delivery };
      changed = true;
    }
    if (changed) this.change({ entries });
  }

  /** @returns {Delivery} of a new own line */
  get #firstDelivery() {
    return this.session.link === "open" && !this.room.peerAway ? "sent" : "sending";
  }

  /** @param {Entry} entry */
  #addEntry(entry) {
    const { entries, nextId } = this.session;
    const kept = entries.length < ENTRIES_MAX ? entries : entries.slice(1);
    this.change({ entries: [...kept, { ...entry, id: nextId }], nextId: nextId + 1 });
  }
}
