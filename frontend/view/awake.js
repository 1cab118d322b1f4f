// @ts-check
/** Keeps the screen on as long as the page wants it. The system takes the lock back when the page is hidden, and does not give it again by itself. */

export class Awake {
  #wanted = false;
  /** @type {WakeLockSentinel | null} */ #lock = null;
  #settling = false;
  /** Something was wanted while the last wish was being settled. */ #again = false;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#settle());
  }

  /** @param {boolean} wanted */
  want(wanted) {
    this.#wanted = wanted;
    void this.#settle();
  }

  /** One request after the other: of two at once the earlier lock would be held for good. */
  async #settle() {
    this.#again = true;
    if (this.#settling) return;
    this.#settling = true;
    while (this.#again) {
      this.#again = false;
      while (await this.#step());
    }
    this.#settling = false;
  }

  /** True if something was done, after which another wish may be there. */
  async #step() {
    if (this.#lock?.released) this.#lock = null;
    if (!this.#wanted && this.#lock !== null) {
      await this.#lock.release();
      return true;
    }
    if (!this.#wanted || document.hidden || this.#lock !== null) return false;
    // Refused when the battery is low, which is the device's to decide.
    this.#lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    return this.#lock !== null;
  }
}
