// @ts-check
/** Watches a connected call: the quality to send, the quality to ask for, and whether the call is weak. */

import { HIDDEN_MS, SAMPLE_MS, SILENT_SAMPLES } from './limits.js';
import { expectMedia, fairJudgement, judge, judgeArrival, lowest } from './quality.js';
import { compare, read } from './statistics.js';

// Above this share of lost packets, or this echo, people notice: words go missing, or both talk at once.
const WEAK = { loss: 0.1, roundTripSeconds: 1 };

/**
 * @typedef {object} WatchOptions
 * @property {import('./candidates.js').Clock} clock
 * @property {HTMLVideoElement} remoteVideo
 * @property {() => RTCPeerConnection | null} connection the one to sample
 * @property {() => boolean} sending a picture is being sent
 * @property {() => boolean} announced the peer says that its picture comes
 * @property {() => boolean} audible the peer says that it sends anything
 * @property {() => void} onSilence nothing comes although something was announced
 * @property {() => void} onChange
 */

export class Watch {
  /** @param {WatchOptions} options */
  constructor(options) {
    this.options = options;
    this.clock = options.clock;
    this.judgement = fairJudgement();
    this.arrival = expectMedia(this.clock.now());
    this.weak = false;
    this.silent = 0;
    this.away = false;
    this.timer = 0;
    this.awayTimer = 0;
    /** @type {{ pc: RTCPeerConnection, reading: import('./statistics.js').Reading } | null} */
    this.last = null;
    this.listeners = new AbortController();
    const on = { signal: this.listeners.signal };
    document.addEventListener('visibilitychange', () => this.#looked(), on);
    options.remoteVideo.addEventListener('enterpictureinpicture', () => this.#looked(), on);
    options.remoteVideo.addEventListener('leavepictureinpicture', () => this.#looked(), on);
  }

  /** The quality that the network carries. */
  get quality() {
    return this.judgement.quality;
  }

  /** Whether pictures and sound come over a relay, as far as was measured. */
  get relayed() {
    return this.last?.reading.relayed === true;
  }

  /** The most that this side wants to receive. */
  get want() {
    return this.away ? 'audio' : this.arrival.want;
  }

  /** The call is connected: sample it as long as it is. */
  start() {
    if (this.timer !== 0) return;
    this.arrival = expectMedia(this.clock.now());
    this.last = null;
    this.silent = 0;
    this.#schedule();
  }

  close() {
    this.listeners.abort();
    this.clock.clearTimeout(this.timer);
    this.clock.clearTimeout(this.awayTimer);
  }

  #schedule() {
    this.timer = this.clock.setTimeout(() => this.#sample(), SAMPLE_MS);
  }

  async #sample() {
    const pc = this.options.connection();
    if (!pc) {
      this.timer = 0;
      this.weak = false;
      return;
    }
    // A hidden page gets nothing to look at, so nothing is measured for it.
    if (!this.away) await this.#measure(pc);
    if (!this.listeners.signal.aborted) this.#schedule();
  }

  /** @param {RTCPeerConnection} pc */
  async #measure(pc) {
    const reading = await this.#read(pc);
    if (reading === null) return;
    const before = this.last?.pc === pc ? this.last.reading : null;
    // Media that did not come through the last connection may come through this one.
    if (this.last && !before) this.arrival = expectMedia(this.clock.now());
    this.last = { pc, reading };
    if (!before || this.listeners.signal.aborted) return;
    const sample = compare(before, reading, this.options.sending());
    this.judgement = judge(this.judgement, sample);
    // Where nothing comes at all, asking for a smaller picture does not help.
    const announced = sample.arriving && this.options.announced();
    this.arrival = judgeArrival(this.arrival, sample.framesArriving, announced, this.clock.now());
    const poor = !sample.arriving || sample.lossIn >= WEAK.loss || sample.roundTripSeconds >= WEAK.roundTripSeconds;
    this.weak = poor || lowest(this.quality, this.arrival.want) !== 'video';
    this.silent = sample.arriving || !this.options.audible() ? 0 : this.silent + 1;
    this.options.onChange();
    if (this.silent < SILENT_SAMPLES) return;
    this.silent = 0;
    this.options.onSilence();
  }

  /** In Firefox the promise of a connection that is closed meanwhile is never settled. @param {RTCPeerConnection} pc */
  #read(pc) {
    const late = new Promise((resolve) => { this.clock.setTimeout(() => resolve(null), SAMPLE_MS); });
    return /** @type {Promise<import('./statistics.js').Reading | null>} */ (Promise.race([read(pc), late]));
  }

  /** The page was hidden or shown, or its picture put above other windows. */
  #looked() {
    const floating = /** @type {any} */ (window).documentPictureInPicture?.window ?? document.pictureInPictureElement;
    const unseen = document.hidden && !floating;
    this.clock.clearTimeout(this.awayTimer);
    if (unseen) this.awayTimer = this.clock.setTimeout(() => this.#setAway(true), HIDDEN_MS);
    else this.#setAway(false);
  }

  /** @param {boolean} away */
  #setAway(away) {
    if (this.away === away) return;
    this.away = away;
    this.last = null;
    this.arrival = { ...this.arrival, quietSince: this.clock.now() };
    this.options.onChange();
  }
}
