// @ts-check
/** Signals for a room that this page has not heard of yet: its `paired` may be overtaken by the peer's first offer. */

import { UNKNOWN_ROOM_FRAMES_MAX, UNKNOWN_ROOM_MS } from './limits.js';

export class SignalInbox {
  /** @param {() => number} now */
  constructor(now = () => performance.now()) {
    this.now = now;
    /** @type {{ room: string, data: unknown, at: number }[]} */
    this.held = [];
  }

  /** @param {string} room @param {unknown} data */
  hold(room, data) {
    this.held.push({ room, data, at: this.now() });
    if (this.held.length > UNKNOWN_ROOM_FRAMES_MAX) this.held.shift();
  }

  /** The signals that came for a room, in order; all others are of no use any more. @param {string} room @returns {unknown[]} */
  take(room) {
    const oldest = this.now() - UNKNOWN_ROOM_MS;
    const ready = this.held.filter((frame) => frame.room === room && frame.at >= oldest);
    this.held = [];
    return ready.map((frame) => frame.data);
  }
}
