// @ts-check
/** A clock that the test turns. */

export class FakeClock {
  constructor() {
    this.time = 0;
    this.numbers = 0;
    /** @type {Map<number, { at: number, run: () => void }>} */
    this.timers = new Map();
  }

  now() {
    return this.time;
  }

  /** @param {() => void} run @param {number} ms */
  setTimeout(run, ms) {
    this.numbers += 1;
    this.timers.set(this.numbers, { at: this.time + ms, run });
    return this.numbers;
  }

  /** @param {number} id */
  clearTimeout(id) {
    this.timers.delete(id);
  }

  /** @param {number} ms */
  pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [id, timer] = due;
      this.timers.delete(id);
      this.time = timer.at;
      timer.run();
    }
    this.time = end;
  }
}
