// @ts-check
/** Named timers: starting one again moves it. */

export class Timers {
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */ #running = new Map();

  /** @param {(name: string) => void} fired */
  constructor(fired) {
    this.fired = fired;
  }

  /** @param {string} name @param {number} after_ms @param {number} spread by how much of itself it may take longer */
  start(name, after_ms, spread = 0) {
    this.cancel(name);
    const timer = setTimeout(() => {
      this.#running.delete(name);
      this.fired(name);
    }, after_ms * (1 + spread * Math.random()));
    this.#running.set(name, timer);
  }

  /** @param {string} name */
  has(name) {
    return this.#running.has(name);
  }

  /** @param {string} name */
  cancel(name) {
    clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }
}
