// @ts-check
/**
 * A video call with the stranger of one room, which the page starts, listens to and ends.
 *
 * It outlives the page's socket, which it needs only to negotiate, and ends with its room. Signals are handled one
 * after the other; a signal that is still under way when the call closes does nothing.
 */

import { INBOX_MAX, STATES_MAX } from './limits.js';
import { Link } from './link.js';
import { Presence } from './presence.js';
import { encodingFor, lowest } from './quality.js';
import { isSendable, parseSignal } from './signals.js';
import { describe } from './state.js';
import { playRemote } from './view.js';
import { Watch } from './watch.js';

/** @typedef {import('./signals.js').Signal} Signal */
/**
 * @typedef {object} CallOptions
 * @property {string} room
 * @property {boolean} polite the impolite one makes the first offer and owns restarts
 * @property {RTCIceServer[]} [iceServers]
 * @property {boolean} [relayOnly]
 * @property {boolean} [resumed] this page was reloaded into a room that was open already
 * @property {boolean} [hold] wait for `start()`: the user has not agreed yet
 * @property {boolean} [blurUntilReveal]
 * @property {import('./media.js').LocalMedia} media
 * @property {HTMLVideoElement} remoteVideo
 * @property {HTMLVideoElement} [localVideo]
 * @property {(data: Signal) => void} send one `signal` frame of this room
 * @property {(state: import('./state.js').CallState) => void} onState
 * @property {() => void} [requestRelays] ask for fresh ice servers, which `renew()` brings
 * @property {import('./candidates.js').Clock} [clock]
 */

/** @type {import('./candidates.js').Clock} */
const BROWSER_CLOCK = {
  setTimeout: (run, ms) => /** @type {any} */ (setTimeout(run, ms)),
  clearTimeout: (id) => clearTimeout(id),
  now: () => performance.now(),
};

/** @param {CallOptions} options */
export function createCall(options) {
  return new Call(options);
}

export class Call {
  /** @param {CallOptions} options */
  constructor(options) {
    this.options = options;
    this.room = options.room;
    this.clock = options.clock ?? BROWSER_CLOCK;
    this.closed = false;
    this.blurs = options.blurUntilReveal === true;
    this.revealed = !this.blurs;
    this.soundBlocked = false;
    this.shown = '';
    this.waiting = 0;
    this.states = 0;
    this.presence = this.#createPresence();
    this.work = new Promise((resolve) => { this.open = () => resolve(undefined); });
    /** @type {Link} */
    this.link = this.#createLink();
    /** @type {Watch} */
    this.watch = this.#createWatch();
    this.listeners = new AbortController();
    this.#listen();
    if (options.hold) this.#send({ hold: true });
    else this.start();
    this.#show();
  }

  /** The user agrees: the call begins, with the signals that came in the meantime. */
  start() {
    if (this.link.recovery || this.closed) return;
    if (this.options.hold) this.#send({ hold: false });
    this.link.begin();
    this.open?.();
  }

  /** The data of a `signal` frame of this room. False when it is none, or there are too many. @param {unknown} data */
  receive(data) {
    const signal = parseSignal(data);
    if (!signal || this.waiting >= INBOX_MAX) return false;
    if (signal.media && this.states < STATES_MAX) this.#learn(signal.media);
    this.waiting += 1;
    this.work = this.work.then(() => this.link.handle(signal)).finally(() => { this.waiting -= 1; });
    return true;
  }

  /** `paired` came again for this room: its ice servers are fresh and the socket works.
   * @param {{ iceServers?: RTCIceServer[], relayOnly?: boolean }} fresh */
  renew({ iceServers, relayOnly = false }) {
    // A hidden address that was promised at the start of a call is not given away in the middle of it.
    if (iceServers) this.link.renew({ iceServers, relayOnly: relayOnly || this.link.relays.relayOnly });
    this.signallingRestored();
  }

  /** The own socket, or the peer's, is back: signals that were sent meanwhile are lost. */
  signallingRestored() {
    this.presence.repeat();
    this.link.happen({ type: 'reachable' });
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    this.options.media.setMuted(muted);
  }

  /** @param {boolean} off */
  setCameraOff(off) {
    return this.options.media.setCameraOff(off);
  }

  /** @param {boolean} revealed */
  setRevealed(revealed) {
    this.revealed = revealed;
    this.#adapt();
    // Told at once: else the clear picture would arrive before the word of it, at an end that still blurs.
    this.presence.announceNow();
  }

  /** The user wants, in the middle of a call, both to be blurred until both reveal; or no longer. @param {boolean} blurs */
  setBlurUntilReveal(blurs) {
    this.blurs = blurs;
    this.setRevealed(!blurs);
  }

  /** The user tapped, so the browser lets sound be played. */
  async unblockSound() {
    this.soundBlocked = !(await playRemote(this.options.remoteVideo));
    this.#show();
  }

  /** The user wants text and no video with this stranger. */
  decline() {
    this.link.decline();
    this.open?.();
  }

  /** The user wants another try after the call failed, or was declined. */
  retry() {
    this.link.happen({ type: 'retry' });
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    this.listeners.abort();
    this.presence.close();
    this.watch.close();
    this.link.close();
    this.options.remoteVideo.srcObject = null;
    this.open?.();
  }

  #createPresence() {
    const { media } = this.options;
    return new Presence({
      clock: this.clock, revealed: this.revealed,
      facts: () => ({
        camera: media.camera, microphone: media.microphone, revealed: this.revealed,
        paused: this.watch.quality === 'audio', want: this.watch.want,
      }),
      send: (state) => this.#send({ media: state }),
    });
  }

  #createLink() {
    const { polite, resumed = false, iceServers = [], relayOnly = false, media, requestRelays } = this.options;
    return new Link({
      polite, resumed, requestRelays, clock: this.clock, relays: { iceServers, relayOnly }, localStream: media.stream,
      tracks: () => media.tracks(),
      encoding: () => this.#encoding(),
      mediaState: () => this.presence.tell(),
      send: (signal) => this.#send(signal),
      onRemote: () => this.#attach(),
      onChange: () => this.#changed(),
    });
  }

  #createWatch() {
    return new Watch({
      clock: this.clock, remoteVideo: this.options.remoteVideo,
      connection: () => (this.link.recovery?.phase === 'connected' ? (this.link.peer?.pc ?? null) : null),
      sending: () => this.options.media.camera && this.#quality() !== 'audio',
      announced: () => this.presence.theirs.camera && !this.presence.theirs.paused,
      audible: () => this.presence.theirs.microphone || (this.presence.theirs.camera && !this.presence.theirs.paused),
      onSilence: () => this.link.happen({ type: 'silent' }),
      onChange: () => this.#adapt(),
    });
  }

  #listen() {
    const on = { signal: this.listeners.signal };
    const { media, remoteVideo, localVideo } = this.options;
    if (localVideo) localVideo.srcObject = media.stream;
    media.addEventListener('change', () => this.#adapt(), on);
    remoteVideo.addEventListener('loadeddata', () => this.#show(), on);
    remoteVideo.addEventListener('resize', () => this.#show(), on);
    window.addEventListener('online', () => this.signallingRestored(), on);
  }

  /** @param {import('./signals.js').MediaState} state of the other side */
  #learn(state) {
    const was = this.presence.theirs.revealed;
    if (!this.presence.learn(state)) return;
    this.states += 1;
    // Each of the two can hide both: only both together take the blur away.
    if (was && !state.revealed && this.revealed) this.setRevealed(false);
    else this.#adapt();
  }

  #changed() {
    if (this.link.recovery?.phase === 'connected') {
      this.watch.start();
      this.#attach();
    }
    this.#show();
  }

  /** The sent or wanted media changed: change the senders, tell the peer, show it. */
  #adapt() {
    if (this.closed) return;
    this.link.peer?.update().catch((error) => console.warn('The senders were not changed:', error));
    this.presence.announce();
    this.#show();
  }

  #quality() {
    return lowest(this.watch.quality, this.presence.theirs.want);
  }

  #encoding() {
    return encodingFor(this.#quality(), this.revealed && this.presence.theirs.revealed);
  }

  /** Show the arriving media; of a rebuilt connection only once it is up, so that the last picture stays until then. */
  #attach() {
    const { remoteVideo } = this.options;
    const stream = this.link.peer?.remote;
    if (this.closed || !stream || remoteVideo.srcObject === stream) return;
    if (remoteVideo.srcObject !== null && this.link.recovery?.phase !== 'connected') return;
    remoteVideo.srcObject = stream;
    this.unblockSound().catch((error) => console.warn('The stranger cannot be played:', error));
  }

  /** @param {Signal} signal */
  #send(signal) {
    if (this.closed) return;
    if (isSendable(signal)) this.options.send(signal);
    else console.warn('A signal was too large to be sent.');
  }

  #show() {
    if (this.closed) return;
    const state = describe({
      recovery: this.link.recovery, weak: this.watch.weak, quality: this.#quality(), want: this.watch.want,
      relayOnly: this.link.relays.relayOnly, relayed: this.watch.relayed, frame: this.options.remoteVideo.videoWidth > 0,
      revealed: this.revealed, peer: this.presence.theirs, soundBlocked: this.soundBlocked,
    });
    const shown = JSON.stringify(state);
    if (shown === this.shown) return;
    this.shown = shown;
    this.options.onState(state);
  }
}
