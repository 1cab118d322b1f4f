// @ts-check
/** The state that each side tells of itself: camera, microphone, whether it is revealed, and the quality it wants. */

/** @typedef {import('./signals.js').MediaState} MediaState */
/** @typedef {Omit<MediaState, 'version'>} Facts */

// Toggles within this time are told in one frame.
const ANNOUNCE_MS = 50;
// Differs from any facts that the peer may know.
const LOST = 'lost';

export class Presence {
  /**
   * @param {object} options
   * @param {import('./candidates.js').Clock} options.clock
   * @param {boolean} options.revealed what holds at the start, for both
   * @param {() => Facts} options.facts what holds on this side now
   * @param {(state: MediaState) => void} options.send
   */
  constructor({ clock, revealed, facts, send }) {
    this.clock = clock;
    this.facts = facts;
    this.send = send;
    this.version = 0;
    this.told = '';
    this.timer = 0;
    /** @type {MediaState} */
    this.theirs = { version: -1, camera: true, microphone: true, paused: false, revealed, want: 'video' };
  }

  /** This side's state, which the peer knows from now on. @returns {MediaState} */
  tell() {
    const facts = this.facts();
    this.told = JSON.stringify(facts);
    // Grows across a reload of this page too.
    this.version = Math.max(Date.now(), this.version + 1);
    return { version: this.version, ...facts };
  }

  /** Something may have changed: tell it soon, unless the peer knows. Before the first description it knows nothing,
   * and that description tells it. */
  announce() {
    this.clock.clearTimeout(this.timer);
    this.timer = this.clock.setTimeout(() => this.announceNow(), ANNOUNCE_MS);
  }

  announceNow() {
    this.clock.clearTimeout(this.timer);
    if (this.told !== '' && JSON.stringify(this.facts()) !== this.told) this.send(this.tell());
  }

  /** The last state that was told may be lost: tell it again, unless a description does. */
  repeat() {
    if (this.told === '') return;
    this.told = LOST;
    this.announce();
  }

  /** The state that the peer told; frames may overtake one another, and an older one changes nothing. @param {MediaState} theirs */
  learn(theirs) {
    if (theirs.version <= this.theirs.version) return false;
    this.theirs = theirs;
    return true;
  }

  close() {
    this.clock.clearTimeout(this.timer);
  }
}
