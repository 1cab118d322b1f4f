// @ts-check
/** Of several things asked one after another only the last one's answer counts, whichever comes first. Pure. */

export class Latest {
  #asked = 0;

  /**
   * Wait for an answer; null when something else was asked meanwhile.
   * @template Answer
   * @param {Promise<Answer>} answer
   * @returns {Promise<{ answer: Answer } | null>}
   */
  async wait(answer) {
    this.#asked += 1;
    const own = this.#asked;
    try {
      const found = await answer;
      return own === this.#asked ? { answer: found } : null;
    } catch (problem) {
      if (own !== this.#asked) return null;
      throw problem;
    }
  }
}
