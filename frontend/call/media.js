// @ts-check
/**
 * The person's own camera and microphone: asked for once, kept across skips, given back on `close()`.
 *
 * `stream` stays the same object, only its tracks change. Camera off stops the camera (its light goes out); mute leaves
 * the microphone open and silent.
 */

import { DEVICE_RETRY_MS } from './limits.js';
import { problemOf, problemOfPage } from './problems.js';

// What a stranger's window shows; more only heats phones. `ideal`, because a camera that cannot is better than none.
const CAMERA = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } };
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** @typedef {'camera' | 'microphone'} Kind */
const TRACK_KIND = /** @type {const} */ ({ camera: 'video', microphone: 'audio' });
const KINDS = /** @type {const} */ (['camera', 'microphone']);

/** Dispatches `change` whenever tracks, switches or problems change. */
export class LocalMedia extends EventTarget {
  /** @param {typeof globalThis} [scope] */
  constructor(scope = globalThis) {
    super();
    this.scope = scope;
    this.stream = new scope.MediaStream();
    this.cameraOff = false;
    this.muted = false;
    this.facing = 'user';
    /** @type {Record<Kind, string | null>} */ this.problems = { camera: null, microphone: null };
    /** @type {Record<Kind, string | null>} */ this.chosen = { camera: null, microphone: null };
    this.opening = Promise.resolve();
    this.epoch = 0;
  }

  /** Whether the camera's picture can be seen by others. */
  get camera() {
    return this.#track('camera')?.readyState === 'live' && !this.cameraOff;
  }

  /** Whether the microphone can be heard by others. */
  get microphone() {
    return this.#track('microphone')?.readyState === 'live' && !this.muted;
  }

  /** @returns {import('./peer.js').Tracks} */
  tracks() {
    return { video: this.#track('camera'), audio: this.#track('microphone') };
  }

  /** Ask for what is wanted and not open yet; nothing is asked for twice. Never throws: see `problems`.
   * @param {{ camera: boolean, microphone: boolean }} [wanted] */
  open(wanted = { camera: true, microphone: true }) {
    this.opening = this.opening.then(() => this.#open(wanted));
    return this.opening;
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    this.muted = muted;
    const track = this.#track('microphone');
    if (track) track.enabled = !muted;
    this.#changed();
  }

  /** Stop or start the camera. @param {boolean} off */
  setCameraOff(off) {
    this.cameraOff = off;
    if (!off) return this.open({ camera: true, microphone: false });
    this.#remove('camera');
    this.#changed();
    return this.opening;
  }

  /** The devices that can be picked; their names are known once one is open.
   * @returns {Promise<Record<Kind, MediaDeviceInfo[]>>} */
  async devices() {
    const all = await this.scope.navigator.mediaDevices.enumerateDevices();
    const of = (/** @type {string} */ kind) => all.filter((device) => device.kind === kind && device.deviceId !== '');
    return { camera: of('videoinput'), microphone: of('audioinput') };
  }

  /** Use another device of a kind from now on. @param {Kind} kind @param {string} deviceId */
  choose(kind, deviceId) {
    this.chosen[kind] = deviceId;
    return this.#reopen(kind);
  }

  /** Use the camera at the other side, or another where cameras do not say on which side they are. */
  async flip() {
    const before = this.#track('camera')?.getSettings().deviceId;
    this.facing = this.facing === 'user' ? 'environment' : 'user';
    this.chosen.camera = null;
    await this.#reopen('camera');
    if (!before || this.#track('camera')?.getSettings().deviceId !== before) return;
    this.facing = 'user';
    const other = (await this.devices()).camera.find(({ deviceId }) => deviceId !== before);
    if (other) await this.choose('camera', other.deviceId);
  }

  /** Give everything back: the lights go out. What was switched off stays off. */
  close() {
    this.epoch += 1;
    for (const kind of KINDS) {
      this.#remove(kind);
      this.problems[kind] = null;
    }
    this.#changed();
  }

  /** @param {{ camera: boolean, microphone: boolean }} wanted */
  async #open(wanted) {
    const missing = KINDS.filter((kind) => wanted[kind] && !this.#track(kind) && !(kind === 'camera' && this.cameraOff));
    if (missing.length === 0) return;
    const problem = problemOfPage(this.scope);
    if (problem) for (const kind of missing) this.problems[kind] = problem;
    else await this.#request(missing);
    this.#changed();
  }

  /** Ask for all at once, in one question; what fails together is then asked for apart.
   * @param {readonly Kind[]} kinds */
  async #request(kinds) {
    const error = await this.#get(kinds);
    if (error === null) return;
    if (kinds.length === 1) {
      this.problems[/** @type {Kind} */ (kinds[0])] = problemOf(error, /** @type {Kind} */ (kinds[0]));
      return;
    }
    const apart = await this.#worthAsking(kinds, error);
    for (const kind of kinds) {
      const own = apart.includes(kind) ? await this.#get([kind]) : error;
      if (own) this.problems[kind] = problemOf(own, apart.length > 0 ? kind : 'devices');
    }
  }

  /** Which kinds are worth asking for alone: after a "no", only what was not refused for good.
   * @param {readonly Kind[]} kinds @param {unknown} error */
  async #worthAsking(kinds, error) {
    if (!(error instanceof Error) || error.name !== 'NotAllowedError') return kinds;
    const states = await Promise.all(kinds.map((kind) => this.#permission(kind)));
    const refused = states.includes('denied');
    return refused ? kinds.filter((_, index) => states[index] !== 'denied') : [];
  }

  /** @param {Kind} kind */
  async #permission(kind) {
    try {
      return (await this.scope.navigator.permissions.query({ name: /** @type {PermissionName} */ (kind) })).state;
    } catch {
      // Some browsers do not know these names; then nobody can tell what was refused.
      return 'unknown';
    }
  }

  /** @param {readonly Kind[]} kinds @returns {Promise<unknown>} null, or why not */
  async #get(kinds, attempt = 0) {
    const epoch = this.epoch;
    try {
      const got = await this.scope.navigator.mediaDevices.getUserMedia({
        video: kinds.includes('camera') && this.#cameraConstraints(),
        audio: kinds.includes('microphone') && this.#microphoneConstraints(),
      });
      for (const track of got.getTracks()) {
        if (epoch === this.epoch) this.#add(track);
        else track.stop();
      }
      return null;
    } catch (error) {
      return attempt === 0 && (await this.#canRetry(kinds, error)) ? this.#get(kinds, 1) : error;
    }
  }

  /** Whether a second try may go better: the picked device is gone, or one was only just given back.
   * @param {readonly Kind[]} kinds @param {unknown} error */
  async #canRetry(kinds, error) {
    const name = error instanceof Error ? error.name : '';
    const picked = kinds.some((kind) => this.chosen[kind] !== null);
    if (picked && (name === 'OverconstrainedError' || name === 'NotFoundError')) {
      for (const kind of kinds) this.chosen[kind] = null;
      return true;
    }
    if (name !== 'NotReadableError') return false;
    await new Promise((resolve) => { this.scope.setTimeout(resolve, DEVICE_RETRY_MS); });
    return true;
  }

  #cameraConstraints() {
    const which = this.chosen.camera ? { deviceId: { exact: this.chosen.camera } } : { facingMode: { ideal: this.facing } };
    return { ...CAMERA, ...which };
  }

  #microphoneConstraints() {
    return { ...MICROPHONE, ...(this.chosen.microphone ? { deviceId: { exact: this.chosen.microphone } } : {}) };
  }

  /** Phones cannot open two cameras at once, so the old one is given back first. @param {Kind} kind */
  #reopen(kind) {
    if (kind === 'camera' && this.cameraOff) return this.opening;
    this.#remove(kind);
    return this.open({ camera: kind === 'camera', microphone: kind === 'microphone' });
  }

  /** @param {MediaStreamTrack} track */
  #add(track) {
    const kind = track.kind === 'video' ? 'camera' : 'microphone';
    this.#remove(kind);
    this.problems[kind] = null;
    if (kind === 'microphone') track.enabled = !this.muted;
    track.addEventListener('ended', () => this.#ended(kind, track));
    this.stream.addTrack(track);
  }

  /** Its device was unplugged, or the permission taken back.
   * @param {Kind} kind @param {MediaStreamTrack} track */
  async #ended(kind, track) {
    if (this.#track(kind) !== track) return;
    this.stream.removeTrack(track);
    this.problems[kind] = `${kind}_unplugged`;
    this.chosen[kind] = null;
    this.#changed();
    const left = (await this.devices())[kind];
    const permitted = (await this.#permission(kind)) === 'granted';
    // Another device of the same kind takes over without a question, if there is one.
    if (left.length > 0 && permitted && !this.#track(kind)) await this.open({ camera: kind === 'camera', microphone: kind === 'microphone' });
  }

  /** @param {Kind} kind */
  #remove(kind) {
    const track = this.#track(kind);
    if (!track) return;
    this.stream.removeTrack(track);
    track.stop();
  }

  /** @param {Kind} kind @returns {MediaStreamTrack | null} */
  #track(kind) {
    return this.stream.getTracks().find((track) => track.kind === TRACK_KIND[kind]) ?? null;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
