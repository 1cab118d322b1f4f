// @ts-check
/**
 * Candidates on their way: out in few frames, in at the right moment.
 *
 * Frames are paid for, so candidates leave in batches at growing intervals and at once when gathering ends. Frames
 * may also overtake one another, so a candidate waits until the description that names its user fragment is there.
 */

import { BATCH_AT_MS, CANDIDATES_MAX } from './limits.js';

/** @typedef {{ setTimeout(run: () => void, ms: number): number, clearTimeout(id: number): void, now(): number }} Clock */

/** Collects gathered candidates and sends them in at most `BATCH_AT_MS.length` batches a gathering. */
export class CandidateBatch {
  /** @param {(candidates: RTCIceCandidateInit[]) => void} send @param {Clock} clock */
  constructor(send, clock) {
    this.send = send;
    this.clock = clock;
    /** @type {RTCIceCandidateInit[]} */
    this.waiting = [];
    this.timer = 0;
    this.startedAt = clock.now();
    this.batches = 0;
  }

  /** A description left: the intervals count from here. */
  start() {
    this.startedAt = this.clock.now();
    this.batches = 0;
    if (this.waiting.length > 0) this.#schedule();
  }

  /** @param {RTCIceCandidateInit} candidate */
  add(candidate) {
    this.waiting.push(candidate);
    if (this.waiting.length >= CANDIDATES_MAX) this.flush();
    else this.#schedule();
  }

  /** Send what is waiting now: gathering ended. */
  flush() {
    this.close();
    if (this.waiting.length === 0) return;
    const candidates = this.waiting;
    this.waiting = [];
    this.batches += 1;
    this.send(candidates);
  }

  close() {
    this.clock.clearTimeout(this.timer);
    this.timer = 0;
  }

  #schedule() {
    if (this.timer !== 0) return;
    const elapsed = this.clock.now() - this.startedAt;
    const last = /** @type {number} */ (BATCH_AT_MS.at(-1));
    const next = BATCH_AT_MS.slice(Math.min(this.batches, BATCH_AT_MS.length - 1)).find((at) => at > elapsed) ?? elapsed + last;
    this.timer = this.clock.setTimeout(() => { this.timer = 0; this.flush(); }, next - elapsed);
  }
}

/** Candidates that came before their description. */
export class EarlyCandidates {
  constructor() {
    /** @type {RTCIceCandidateInit[]} */
    this.held = [];
  }

  /** Keep a candidate; of too many the oldest belong to a description that will not come.
   * @param {RTCIceCandidateInit} candidate */
  hold(candidate) {
    this.held.push(candidate);
    if (this.held.length > CANDIDATES_MAX) this.held.shift();
  }

  /** Those that belong to a description, which are no longer held.
   * @param {string} sdp @returns {RTCIceCandidateInit[]} */
  take(sdp) {
    const ready = this.held.filter((candidate) => belongs(candidate, sdp));
    this.held = this.held.filter((candidate) => !belongs(candidate, sdp));
    return ready;
  }
}

/** Whether a candidate is of the gathering that a description describes. A page that names no fragment is believed.
 * @param {RTCIceCandidateInit} candidate @param {string} sdp */
export function belongs(candidate, sdp) {
  const fragment = candidate.usernameFragment ?? / ufrag (\S+)/.exec(candidate.candidate ?? '')?.[1];
  return fragment === undefined || fragment === null || sdp.split(/\r?\n/).includes(`a=ice-ufrag:${fragment}`);
}
