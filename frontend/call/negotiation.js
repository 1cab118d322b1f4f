// @ts-check
/**
 * Perfect negotiation of one RTCPeerConnection, with one first offerer.
 *
 * The polite side never makes the first offer: in Chromium a rollback of the very first offer, before its first
 * candidate, leaves gathering hanging for good. Afterwards either side may offer, and when both do the polite one
 * gives way. Offers are numbered and answers repeat the number, so frames may be lost, repeated and overtaken.
 */

import { EarlyCandidates, Outgoing, belongs, farthestKind, isRoute } from './candidates.js';
import { CANDIDATES_TAKEN_MAX, OFFER_RESEND_MS } from './limits.js';
import { hideAddresses, shorten } from './signals.js';

/** @typedef {import('./signals.js').Signal} Signal */

export class Negotiation {
  /**
   * @param {object} options
   * @param {RTCPeerConnection} options.pc
   * @param {boolean} options.polite
   * @param {boolean} options.relayOnly
   * @param {(signal: Signal) => void} options.send
   * @param {() => Promise<void>} options.prepare puts the local tracks in place before an answer is made
   * @param {(error: unknown) => void} options.onFault the connection cannot go on; it has to be rebuilt
   * @param {import('./candidates.js').Clock} options.clock
   */
  constructor({ pc, polite, relayOnly, send, prepare, onFault, clock }) {
    this.pc = pc;
    this.polite = polite;
    this.relayOnly = relayOnly;
    this.send = send;
    this.prepare = prepare;
    this.onFault = onFault;
    this.clock = clock;
    this.makingOffer = false;
    this.settingAnswer = false;
    this.ignoreOffer = false;
    this.offered = 0;
    this.answered = 0;
    this.resendTimer = 0;
    this.candidatesGathered = 0;
    this.candidatesTaken = 0;
    this.early = new EarlyCandidates();
    /** @type {string | undefined} */
    this.fragment = undefined;
    this.outgoing = new Outgoing({
      describe: () => this.#sendDescription(),
      send: (candidates) => this.send({ candidates }),
      // A connection that came up with its first routes needs no more of them; one that is restarted needs others.
      needed: () => pc.connectionState !== 'connected' || this.offered + this.answered > 1,
      clock,
    });
    this.listeners = new AbortController();
    this.#listen();
  }

  get #closed() {
    return this.listeners.signal.aborted;
  }

  #listen() {
    const options = { signal: this.listeners.signal };
    this.pc.addEventListener('negotiationneeded', () => this.#guard(this.#offer()), options);
    this.pc.addEventListener('icecandidate', (event) => this.#gathered(event.candidate), options);
    this.pc.addEventListener('icegatheringstatechange', () => {
      if (this.pc.iceGatheringState === 'complete') this.outgoing.complete();
    }, options);
  }

  /** Apply the peer's signal. Calls must not overlap. @param {Signal} signal */
  async receive({ description, number = 0, candidates = [] }) {
    if (description) await this.#guard(this.#describe(description, number));
    // Counted before anything is done with them: an offer that leads nowhere costs as much as a good one.
    const taken = candidates.slice(0, Math.max(0, CANDIDATES_TAKEN_MAX - this.candidatesTaken));
    this.candidatesTaken += taken.length;
    for (const candidate of taken) await this.#addCandidate(candidate);
  }

  /** Gather new routes; while an offer is unanswered nothing can be restarted, so that offer is sent again. */
  restart() {
    if (this.pc.signalingState === 'have-local-offer') this.resend();
    else this.pc.restartIce();
  }

  /** Say the last thing again: the peer may not have got it. */
  resend() {
    if (this.outgoing.holding) this.outgoing.leave();
    else this.#sendDescription();
  }

  close() {
    this.listeners.abort();
    this.outgoing.close();
    this.clock.clearTimeout(this.resendTimer);
  }

  async #offer() {
    if (this.polite && !this.pc.remoteDescription) return;
    try {
      this.makingOffer = true;
      await this.pc.setLocalDescription();
    } finally {
      this.makingOffer = false;
    }
    if (this.#closed || this.pc.signalingState !== 'have-local-offer') return;
    this.offered += 1;
    this.#startSending();
    this.#resendLater(this.offered, 0);
  }

  /** @param {{ type: 'offer' | 'answer', sdp: string }} description @param {number} number */
  async #describe(description, number) {
    if (description.type === 'offer' && number === this.answered) return this.resend();
    if (description.type === 'answer' && (number !== this.offered || this.pc.signalingState !== 'have-local-offer')) return;
    const ready = !this.makingOffer && (this.pc.signalingState === 'stable' || this.settingAnswer);
    const collision = description.type === 'offer' && !ready;
    this.ignoreOffer = !this.polite && collision;
    if (this.ignoreOffer) return;
    this.settingAnswer = description.type === 'answer';
    try {
      await this.pc.setRemoteDescription(description);
    } finally {
      this.settingAnswer = false;
    }
    if (this.#closed) return;
    if (description.type === 'answer') this.clock.clearTimeout(this.resendTimer);
    for (const candidate of this.early.take(description.sdp)) await this.#addCandidate(candidate);
    if (description.type === 'offer') await this.#answer(number);
  }

  /** @param {number} number */
  async #answer(number) {
    await this.prepare();
    if (this.#closed) return;
    await this.pc.setLocalDescription();
    if (this.#closed) return;
    this.clock.clearTimeout(this.resendTimer);
    this.answered = number;
    this.#startSending();
  }

  /** @param {RTCIceCandidateInit} candidate */
  async #addCandidate(candidate) {
    const sdp = this.pc.remoteDescription?.sdp;
    if (sdp === undefined || !belongs(candidate, sdp)) return this.early.hold(candidate);
    try {
      await this.pc.addIceCandidate(candidate);
    } catch (error) {
      // One bad candidate of a stranger costs one route; the others go on.
      if (!this.ignoreOffer && !this.#closed) console.warn('A candidate was refused:', error);
    }
  }

  /** @param {RTCIceCandidate | null} candidate */
  #gathered(candidate) {
    if (!candidate?.candidate) return this.outgoing.complete();
    this.candidatesGathered += 1;
    if (!isRoute(candidate.candidate)) return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    this.outgoing.add({ candidate: this.#hide(candidate.candidate), sdpMid, sdpMLineIndex, usernameFragment });
  }

  /** A description was made. Routes are gathered for one with a new user fragment only. */
  #startSending() {
    const before = this.fragment;
    this.fragment = /a=ice-ufrag:\S+/.exec(this.pc.localDescription?.sdp ?? '')?.[0];
    this.outgoing.start(this.fragment === before ? null : farthestKind(this.pc.getConfiguration()));
  }

  /** Send the description with the candidates gathered until now, unless it is of the past. */
  #sendDescription() {
    const { localDescription, signalingState } = this.pc;
    const type = localDescription?.type;
    if (!type || signalingState !== (type === 'offer' ? 'have-local-offer' : 'stable')) return true;
    const sdp = shorten(this.#hide(localDescription.sdp));
    this.send({ description: { type: /** @type {'offer' | 'answer'} */ (type), sdp }, number: type === 'offer' ? this.offered : this.answered });
    return sdp.includes('a=candidate:');
  }

  /** @param {number} number @param {number} attempt */
  #resendLater(number, attempt) {
    const wait = OFFER_RESEND_MS[attempt];
    this.clock.clearTimeout(this.resendTimer);
    if (wait === undefined) return;
    this.resendTimer = this.clock.setTimeout(() => {
      if (this.offered !== number || this.pc.signalingState !== 'have-local-offer') return;
      this.#sendDescription();
      this.#resendLater(number, attempt + 1);
    }, wait);
  }

  /** @param {string} text */
  #hide(text) {
    return this.relayOnly ? hideAddresses(text) : text;
  }

  /** @param {Promise<void>} work */
  async #guard(work) {
    try {
      await work;
    } catch (error) {
      // Closing a connection rejects the promises under way; any other failure means that the connection cannot go on.
      if (!this.#closed) this.onFault(error);
    }
  }
}
