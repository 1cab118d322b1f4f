// @ts-check
/** How often something may happen within a time; further events are passed over. */

export class Rate {
  /** @type {number[]} when it happened */ #at = [];

  /** @param {number} max @param {number} within_ms @param {import('./candidates.js').Clock} clock */
  constructor(max, within_ms, clock) {
    this.max = max;
    this.within_ms = within_ms;
    this.clock = clock;
  }

  /** Whether it may happen now; if so, it counts. */
  take() {
    const now = this.clock.now();
    this.#at = this.#at.filter((at) => now - at < this.within_ms);
    if (this.#at.length >= this.max) return false;
    this.#at.push(now);
    return true;
  }
}
