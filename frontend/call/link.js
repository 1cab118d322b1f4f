// @ts-check
/**
 * The connection of a call through all its generations: builds, restarts, rebuilds and drops peers as recovery.js says.
 *
 * A signal of an older generation is dropped; one of a newer makes the polite side build anew. The first offerer alone
 * numbers generations, by its clock, so that they grow over a reload of its page.
 */

import * as limits from './limits.js';
import { Peer } from './peer.js';
import { Rate } from './rate.js';
import { advance, begin } from './recovery.js';

/** @typedef {import('./signals.js').Signal} Signal */
/** @typedef {{ iceServers: RTCIceServer[], relayOnly: boolean }} Relays */
/**
 * @typedef {object} LinkOptions
 * @property {boolean} polite
 * @property {boolean} resumed
 * @property {Relays} relays
 * @property {import('./candidates.js').Clock} clock
 * @property {MediaStream} localStream
 * @property {() => import('./peer.js').Tracks} tracks
 * @property {() => RTCRtpEncodingParameters} encoding
 * @property {() => import('./signals.js').MediaState} mediaState travels with every description
 * @property {(signal: Signal) => void} send
 * @property {() => void} onRemote
 * @property {() => void} onChange
 * @property {() => void} [requestRelays]
 */

export class Link {
  /** @param {LinkOptions} options */
  constructor(options) {
    this.options = options;
    this.clock = options.clock;
    this.closed = false;
    /** @type {Peer | null} */
    this.peer = null;
    /** @type {import('./recovery.js').Recovery | null} */
    this.recovery = null;
    this.generation = 0;
    // Limits for the other side: each connection costs 20 ms of processor, each offer that is answered a frame besides.
    this.builds = new Rate(limits.BUILT_MAX, limits.OFFERED_WITHIN_MS, this.clock);
    this.offers = new Rate(limits.OFFERED_MAX, limits.OFFERED_WITHIN_MS, this.clock);
    /** @type {Signal[]} */
    this.ahead = [];
    this.relays = options.relays;
    this.relaysAt = this.clock.now();
    this.relaysArrived = () => {};
    this.deadlineTimer = 0;
  }

  begin() {
    this.#proceed(begin({ offerer: !this.options.polite, resumed: this.options.resumed }, this.clock.now()));
    const nowhere = this.relays.relayOnly && this.relays.iceServers.length === 0;
    if (!nowhere) return;
    this.happen({ type: 'given_up', reason: 'relay_missing' });
    this.options.send({ gaveUp: 'peer_failed' });
  }

  /** The person prefers text: nothing is tried any more, even if the peer asks, until `retry` happens. */
  decline() {
    this.recovery ??= begin({ offerer: !this.options.polite, resumed: false }, this.clock.now()).recovery;
    this.happen({ type: 'declined' });
    this.options.send({ gaveUp: 'peer_declined' });
  }

  /** @param {import('./recovery.js').Event} event */
  happen(event) {
    if (!this.closed && this.recovery) this.#proceed(advance(this.recovery, event, this.clock.now()));
  }

  /** Handle one signal; calls must not overlap. @param {Signal} signal */
  async handle(signal) {
    if (this.closed) return;
    if (signal.hold !== undefined) this.happen({ type: signal.hold ? 'held' : 'released' });
    if (signal.gaveUp) this.happen({ type: 'given_up', reason: signal.gaveUp });
    if (signal.ask) {
      this.generation = Math.max(this.generation, signal.generation ?? 0);
      this.happen({ type: 'asked', what: signal.ask });
    }
    if (signal.description || signal.candidates) await this.#negotiate(signal);
  }

  /** Use other ice servers from the next restart on. @param {Relays} relays */
  renew(relays) {
    this.relays = relays;
    this.relaysAt = this.clock.now();
    this.peer?.configure(relays);
    this.relaysArrived();
  }

  close() {
    this.closed = true;
    this.clock.clearTimeout(this.deadlineTimer);
    this.relaysArrived();
    this.#drop();
  }

  /** @param {import('./recovery.js').Step} step */
  #proceed({ recovery, actions }) {
    this.recovery = recovery;
    this.#setDeadline(recovery.deadline);
    for (const action of actions) this.#act(action).catch((error) => this.#faulty(error));
    if (recovery.phase === 'failed' || recovery.phase === 'declined') this.#drop();
    this.options.onChange();
  }

  /** @param {number} deadline */
  #setDeadline(deadline) {
    this.clock.clearTimeout(this.deadlineTimer);
    if (deadline === Infinity) return;
    const tick = () => this.happen({ type: 'tick', state: this.peer?.pc.connectionState ?? 'new' });
    this.deadlineTimer = this.clock.setTimeout(tick, Math.max(0, deadline - this.clock.now()));
  }

  /** @param {import('./recovery.js').Action} action */
  async #act(action) {
    switch (action) {
      case 'rebuild':
        await this.#freshRelays();
        return this.#build(Math.max(Date.now(), this.generation + 1));
      case 'restart':
        await this.#freshRelays();
        return this.peer?.negotiation.restart();
      case 'ask_restart':
        return this.#ask('restart');
      case 'ask_rebuild':
        return this.#ask('rebuild');
      case 'resend':
        return this.peer?.negotiation.resend();
      case 'refresh':
        return this.options.requestRelays?.();
      case 'give_up':
        return this.options.send({ gaveUp: 'peer_failed' });
    }
  }

  /** @param {'restart' | 'rebuild'} ask */
  #ask(ask) {
    this.options.send({ generation: this.generation, ask, media: this.options.mediaState() });
  }

  /** @param {number} generation */
  #build(generation) {
    if (this.closed || this.recovery?.phase === 'failed' || this.recovery?.phase === 'declined') return;
    this.#drop();
    this.generation = generation;
    const { polite, clock, localStream, tracks, encoding, onRemote, mediaState, send } = this.options;
    this.peer = new Peer({
      generation, polite, clock, localStream, tracks, encoding, onRemote, ...this.relays,
      send: (signal) => send(signal.description ? { ...signal, media: mediaState() } : signal),
      onConnection: (state) => this.happen({ type: 'connection', state }),
      onNoRoute: (reason) => this.happen({ type: 'no_route', reason }),
      onFault: (error) => this.#faulty(error),
    });
  }

  #drop() {
    this.peer?.close();
    this.peer = null;
  }

  /** @param {unknown} error */
  #faulty(error) {
    if (this.closed) return;
    console.warn('The connection is rebuilt after:', error);
    this.happen({ type: 'fault' });
  }

  /** @param {Signal} signal */
  async #negotiate(signal) {
    const generation = signal.generation ?? 0;
    const offer = signal.description?.type === 'offer';
    if (offer && !this.offers.take()) return;
    if (generation > this.generation && this.options.polite) {
      if (!offer) return this.#keepAhead(signal);
      if (!this.builds.take()) return;
      this.happen({ type: 'offer_received', fresh: true });
      this.#build(generation);
    } else if (offer && generation === this.generation) this.happen({ type: 'offer_received', fresh: false });
    if (generation !== this.generation) return;
    await this.peer?.receive(signal);
    if (offer) for (const waiting of this.#takeAhead(generation)) await this.peer?.receive(waiting);
  }

  /** Keep candidates that overtook the offer of their connection. @param {Signal} signal */
  #keepAhead(signal) {
    this.ahead.push(signal);
    if (this.ahead.length > limits.BATCH_AT_MS.length + 1) this.ahead.shift();
  }

  /** @param {number} generation */
  #takeAhead(generation) {
    const ready = this.ahead.filter((signal) => signal.generation === generation);
    this.ahead = this.ahead.filter((signal) => (signal.generation ?? 0) > generation);
    return ready;
  }

  /** Wait for fresh credentials when these may have expired; go on without them rather than not at all. */
  async #freshRelays() {
    const { relays, options, clock } = this;
    const perishable = relays.iceServers.some((server) => server.credential !== undefined);
    if (!perishable || !options.requestRelays || clock.now() - this.relaysAt < limits.CREDENTIALS_FRESH_MS) return;
    await new Promise((resolve) => {
      this.relaysArrived = () => resolve(undefined);
      clock.setTimeout(this.relaysArrived, limits.CREDENTIALS_WAIT_MS);
      options.requestRelays?.();
    });
  }
}
