// @ts-check
/**
 * Candidates on their way: out in few frames, in at the right moment.
 *
 * Frames are paid for, so a description waits a moment and takes its first candidates with it; later ones leave in few
 * batches, if they are needed at all. Frames may overtake one another, so a candidate that came waits for the
 * description that names its user fragment.
 */

import { BATCH_AT_MS, BURST_MS, CANDIDATES_MAX, GATHER_MS } from './limits.js';

/** @typedef {{ setTimeout(run: () => void, ms: number): number, clearTimeout(id: number): void, now(): number }} Clock */
/** @typedef {keyof typeof GATHER_MS} Kind */

/** Sends descriptions with their candidates, and later ones in at most `BATCH_AT_MS.length + 1` batches. */
export class Outgoing {
  /**
   * @param {object} options
   * @param {() => boolean} options.describe sends the description; whether candidates went with it
   * @param {(candidates: RTCIceCandidateInit[]) => void} options.send
   * @param {() => boolean} options.needed whether later candidates are of any use
   * @param {Clock} options.clock
   */
  constructor({ describe, send, needed, clock }) {
    this.describe = describe;
    this.send = send;
    this.needed = needed;
    this.clock = clock;
    /** Whether a description waits. */
    this.holding = false;
    /** @type {Kind | null} what is waited for, and worth a frame of its own if it comes too late */
    this.awaited = null;
    /** @type {RTCIceCandidateInit[]} */
    this.waiting = [];
    this.timer = 0;
    this.due = Infinity;
    this.leftAt = 0;
  }

  /** A new description was made; null: nothing is gathered for it. @param {Kind | null} awaited */
  start(awaited) {
    this.close();
    this.holding = true;
    this.awaited = awaited;
    if (awaited === null) return this.leave();
    this.waiting = []; // They are of the gathering before.
    this.#leaveWithin(GATHER_MS[awaited]);
  }

  /** @param {RTCIceCandidateInit} candidate */
  add(candidate) {
    this.waiting.push(candidate);
    if (this.waiting.length >= CANDIDATES_MAX) this.leave();
    else if (this.awaited && this.#awaitedCame) this.#leaveWithin(BURST_MS[this.awaited]);
    else if (!this.holding) this.#leaveWithin(this.#untilNextBatch());
  }

  /** Gathering ended: there is nothing more to wait for. */
  complete() {
    if (this.holding || this.awaited) this.leave();
  }

  /** Send what there is. */
  leave() {
    this.close();
    if (this.#awaitedCame) this.awaited = null;
    const candidates = this.waiting;
    this.waiting = [];
    let wanted = !this.holding && this.needed();
    if (this.holding) {
      this.holding = false;
      this.leftAt = this.clock.now();
      wanted = !this.describe();
    }
    if (wanted && candidates.length > 0) this.send(candidates);
  }

  close() {
    this.clock.clearTimeout(this.timer);
    this.due = Infinity;
  }

  get #awaitedCame() {
    return this.waiting.some(({ candidate }) => candidate?.includes(` typ ${this.awaited}`));
  }

  #untilNextBatch() {
    const elapsed = this.clock.now() - this.leftAt;
    const last = /** @type {number} */ (BATCH_AT_MS.at(-1));
    return (BATCH_AT_MS.find((at) => at > elapsed) ?? elapsed + last) - elapsed;
  }

  /** @param {number} ms */
  #leaveWithin(ms) {
    const due = this.clock.now() + ms;
    if (due >= this.due) return;
    this.close();
    this.due = due;
    this.timer = this.clock.setTimeout(() => this.leave(), ms);
  }
}

/** The farthest kind of route that a connection asks for. @param {RTCConfiguration} configuration @returns {Kind} */
export function farthestKind({ iceServers = [], iceTransportPolicy }) {
  if (iceTransportPolicy === 'relay') return 'relay';
  return iceServers.length > 0 ? 'srflx' : 'host';
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

/** Whether two browsers can use a candidate: over TCP both call and none listens, and RTCP takes the media's way.
 * @param {string} candidate */
export function isRoute(candidate) {
  return !/ tcptype active|^candidate:\S+ 2 /.test(candidate);
}

/** Whether a candidate is of the gathering that a description describes. A page that names no fragment is believed.
 * @param {RTCIceCandidateInit} candidate @param {string} sdp */
export function belongs(candidate, sdp) {
  const fragment = candidate.usernameFragment ?? / ufrag (\S+)/.exec(candidate.candidate ?? '')?.[1];
  return fragment === undefined || fragment === null || sdp.split(/\r?\n/).includes(`a=ice-ufrag:${fragment}`);
}
