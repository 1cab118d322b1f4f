// @ts-check
/** Two tabs of one person: a duplicated tab has the memory of the first, and must leave it to the first while that lives. */

/** A living tab answers within this; nobody notices the wait after a reload. */
const ANSWER_WITHIN_MS = 150;

export class Tabs {
  #channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("passerby") : null;
  #own = "";

  constructor() {
    if (this.#channel === null) return;
    this.#channel.onmessage = ({ data }) => {
      if (data?.isAlive === this.#own && this.#own !== "") this.#channel?.postMessage({ alive: this.#own });
    };
  }

  /** This tab is `tab` from now on, and says so when it is asked. @param {string} tab */
  be(tab) {
    this.#own = tab;
  }

  /**
   * Whether another tab that is alive has this name.
   * @param {string} tab
   * @returns {Promise<boolean>}
   */
  isAlive(tab) {
    if (!("BroadcastChannel" in globalThis)) return Promise.resolve(false);
    const ear = new BroadcastChannel("passerby");
    return new Promise((resolve) => {
      const answer = (/** @type {boolean} */ alive) => {
        ear.close();
        resolve(alive);
      };
      ear.onmessage = ({ data }) => data?.alive === tab && answer(true);
      ear.postMessage({ isAlive: tab });
      setTimeout(() => answer(false), ANSWER_WITHIN_MS);
    });
  }
}

/** A name that no other tab has. */
export function nameTab() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
