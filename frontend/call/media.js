// @ts-check
/**
 * The person's own camera and microphone, as the person wants them (intent.js): asked for once, kept across skips, given
 * back on `leave()`.
 *
 * `stream` stays the same object, only its tracks change. Camera off stops the camera (its light goes out); mute leaves
 * the microphone open and silent, for as long as the person is here.
 */

import { DEVICES_SETTLE_MS, DEVICE_RETRY_MS } from './limits.js';
import { FIRST_WORDS, KINDS, advance, createIntent, isWanted } from './intent.js';
import { problemOf, problemOfPage } from './problems.js';

/**
 * @import { Event as IntentEvent, Kind, Words } from './intent.js'
 * @typedef {{ read(): Words | null, write(words: Words): void }} Memory what this tab remembers of the person's words
 */

// The size that a stranger's window shows; more only heats phones. `ideal`, because a camera that cannot is better than
// none.
const CAMERA = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } };
// One voice in a room with a loudspeaker: nothing that comes out of it goes back, and a whisper is as loud as a call.
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 } };
// Names under which a browser lists the system's own choice, beside the devices themselves.
const SYSTEMS = ['default', 'communications'];
const TRACK_KIND = /** @type {const} */ ({ camera: 'video', microphone: 'audio' });
/** @type {Memory} */
const NO_MEMORY = { read: () => null, write: () => {} };

/** Dispatches `change` whenever tracks, words or problems change. */
export class LocalMedia extends EventTarget {
  /** @param {{ scope?: typeof globalThis, memory?: Memory, chosen?: Record<Kind, string | null> }} [options] */
  constructor({ scope = globalThis, memory = NO_MEMORY, chosen } = {}) {
    super();
    this.scope = scope;
    this.memory = memory;
    this.stream = new scope.MediaStream();
    this.intent = createIntent(memory.read() ?? FIRST_WORDS, chosen);
    /** @type {Record<Kind, string | null>} */ this.problems = { camera: null, microphone: null };
    this.opening = Promise.resolve();
    this.settling = 0;
    scope.navigator.mediaDevices?.addEventListener?.('devicechange', () => this.#devicesChanged());
  }

  get cameraOff() {
    return !this.intent.camera;
  }

  get muted() {
    return !this.intent.microphone;
  }

  get facing() {
    return this.intent.facing;
  }

  /** Whether the camera's picture can be seen by others. */
  get camera() {
    return this.#isSent('camera');
  }

  /** Whether the microphone can be heard by others. */
  get microphone() {
    return this.#isSent('microphone');
  }

  /** Whether an answer is awaited, of the person or of a device. */
  get asking() {
    return KINDS.some((kind) => this.intent.devices[kind] === 'asked' && isWanted(this.intent, kind));
  }

  /** @returns {import('./peer.js').Tracks} */
  tracks() {
    return { video: this.#track('camera'), audio: this.#track('microphone') };
  }

  /** The person is where devices may open: ask for the wanted ones. Never throws: see `problems`. */
  enter() {
    return this.#happen({ type: 'entered' });
  }

  /** Give everything back: the lights go out. A device that was switched off stays off. */
  leave() {
    this.problems = { camera: null, microphone: null };
    this.#happen({ type: 'left' });
  }

  /** Ask again for what failed. */
  retry() {
    return this.#happen({ type: 'retried', kinds: KINDS });
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    return this.#happen({ type: 'switched', kind: 'microphone', on: !muted });
  }

  /** Stop or start the camera. @param {boolean} off */
  setCameraOff(off) {
    return this.#happen({ type: 'switched', kind: 'camera', on: !off });
  }

  /** Neither picture nor sound leaves, until the person wants them again. @param {boolean} textOnly */
  setTextOnly(textOnly) {
    return this.#happen({ type: 'texted', textOnly });
  }

  /** Blur the stranger's picture on this side. @param {boolean} blurred */
  setBlurred(blurred) {
    return this.#happen({ type: 'blurred', blurred });
  }

  /** Use another device of a kind from now on. @param {Kind} kind @param {string} device */
  choose(kind, device) {
    return this.#happen({ type: 'picked', kind, device });
  }

  /** Use the camera at the other side, or another where cameras do not say on which side they are. */
  async flip() {
    const before = this.#track('camera')?.getSettings().deviceId;
    const opening = this.#happen({ type: 'flipped', facing: this.facing === 'user' ? 'environment' : 'user' });
    const asked = this.intent.requests.camera;
    await opening;
    if (!before || this.#track('camera')?.getSettings().deviceId !== before) return;
    const other = (await this.devices()).camera.find(({ deviceId }) => deviceId !== before);
    if (this.intent.requests.camera !== asked) return; // The person has chosen meanwhile, and the last choice wins.
    this.#happen({ type: 'flipped', facing: 'user' });
    if (other) await this.choose('camera', other.deviceId);
  }

  /** The devices that can be picked; their names are known once one is open.
   * @returns {Promise<Record<Kind, MediaDeviceInfo[]>>} */
  async devices() {
    const all = await this.scope.navigator.mediaDevices.enumerateDevices();
    const of = (/** @type {string} */ kind) => all.filter((device) => device.kind === kind && device.deviceId !== '');
    return { camera: of('videoinput'), microphone: of('audioinput') };
  }

  /** The answer that the browser would give: `granted`, `denied`, `prompt`, or `unknown`. @param {Kind} kind */
  async permission(kind) {
    try {
      return (await this.scope.navigator.permissions.query({ name: /** @type {PermissionName} */ (kind) })).state;
    } catch {
      // Some browsers do not know these names; then nobody can tell which device was refused.
      return 'unknown';
    }
  }

  /** The only way to a track: it does the intent's actions, and nothing else.
   * @param {IntentEvent} event @param {MediaStreamTrack} [track] that of an answer */
  #happen(event, track) {
    const [intent, actions] = advance(this.intent, event);
    this.intent = intent;
    const { camera, microphone, textOnly, blurred } = intent;
    this.memory.write({ camera, microphone, textOnly, blurred });
    for (const action of actions) {
      if (action.type === 'close') this.#close(action.kind);
      else if (action.type === 'discard') track?.stop();
      else if (action.type === 'use' && track) this.#use(action.kind, track);
      else if (action.type === 'ask') this.#ask(action.kinds, action.numbers);
    }
    for (const kind of KINDS) if (!isWanted(intent, kind)) this.problems[kind] = null;
    const sound = this.#track('microphone');
    if (sound) sound.enabled = intent.microphone;
    this.dispatchEvent(new Event('change'));
    return this.opening;
  }

  /** One request after the other: phones cannot open two cameras at once. @param {Kind[]} kinds @param {Record<Kind, number>} numbers */
  #ask(kinds, numbers) {
    this.opening = this.opening.then(() => this.#request(kinds, numbers));
  }

  /** Ask for all at once, in one question; devices that fail together are then asked for one by one.
   * @param {Kind[]} asked @param {Record<Kind, number>} numbers */
  async #request(asked, numbers) {
    const isCurrent = (/** @type {Kind} */ kind) => isWanted(this.intent, kind) && this.intent.requests[kind] === numbers[kind];
    const kinds = asked.filter(isCurrent);
    for (const kind of asked) if (!isCurrent(kind)) this.#happen({ type: 'answered', kind, number: numbers[kind], answer: 'unasked' });
    if (kinds.length === 0) return;
    const problem = problemOfPage(this.scope);
    if (problem) return kinds.forEach((kind) => this.#fail(kind, numbers, problem));
    const error = await this.#get(kinds, numbers, kinds.length === 1);
    if (error === null) return;
    if (kinds.length === 1) return this.#fail(/** @type {Kind} */ (kinds[0]), numbers, problemOf(error, /** @type {Kind} */ (kinds[0])));
    const apart = await this.#worthAsking(kinds, error);
    for (const kind of kinds) {
      const own = apart.includes(kind) ? await this.#get([kind], numbers, true) : error;
      if (own) this.#fail(kind, numbers, problemOf(own, apart.length > 0 ? kind : 'devices'));
    }
  }

  /** @param {Kind} kind @param {Record<Kind, number>} numbers @param {string} problem */
  #fail(kind, numbers, problem) {
    if (this.intent.requests[kind] === numbers[kind]) this.problems[kind] = problem;
    this.#happen({ type: 'answered', kind, number: numbers[kind], answer: 'failed' });
  }

  /** The kinds that are worth asking for alone: after a "no", only those that were not refused for good.
   * @param {readonly Kind[]} kinds @param {unknown} error */
  async #worthAsking(kinds, error) {
    if (!(error instanceof Error) || error.name !== 'NotAllowedError') return kinds;
    const states = await Promise.all(kinds.map((kind) => this.permission(kind)));
    const refused = states.includes('denied');
    return refused ? kinds.filter((_, index) => states[index] !== 'denied') : [];
  }

  /** @param {readonly Kind[]} kinds @param {Record<Kind, number>} numbers @param {boolean} alone
   * @param {boolean} [anyDevice] @returns {Promise<unknown>} null, or why not */
  async #get(kinds, numbers, alone, anyDevice = false) {
    try {
      const got = await this.scope.navigator.mediaDevices.getUserMedia({
        video: kinds.includes('camera') && this.#cameraConstraints(anyDevice),
        audio: kinds.includes('microphone') && this.#microphoneConstraints(anyDevice),
      });
      for (const track of got.getTracks()) {
        const kind = track.kind === 'video' ? 'camera' : 'microphone';
        this.#happen({ type: 'answered', kind, number: numbers[kind], answer: 'granted' }, track);
      }
      return null;
    } catch (error) {
      if (!alone || anyDevice || !(await this.#mayGoBetter(/** @type {Kind} */ (kinds[0]), error))) return error;
      return this.#get(kinds, numbers, alone, true);
    }
  }

  /** Whether another try may go better: the picked device is gone, or one was only just given back.
   * @param {Kind} kind @param {unknown} error */
  async #mayGoBetter(kind, error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'OverconstrainedError' || name === 'NotFoundError') return this.intent.chosen[kind] !== null;
    if (name !== 'NotReadableError') return false;
    await new Promise((resolve) => { this.scope.setTimeout(resolve, DEVICE_RETRY_MS); });
    return true;
  }

  /** @param {boolean} any */
  #cameraConstraints(any) {
    const { chosen, facing } = this.intent;
    const which = chosen.camera && !any ? { deviceId: { exact: chosen.camera } } : { facingMode: { ideal: facing } };
    return { ...CAMERA, ...which };
  }

  /** @param {boolean} any */
  #microphoneConstraints(any) {
    const { chosen } = this.intent;
    return { ...MICROPHONE, ...(chosen.microphone && !any ? { deviceId: { exact: chosen.microphone } } : {}) };
  }

  /** @param {Kind} kind @param {MediaStreamTrack} track */
  #use(kind, track) {
    this.#close(kind);
    this.problems[kind] = null;
    track.addEventListener('ended', () => this.#ended(kind, track));
    // The system's own switch: a phone call, a privacy shutter, a key on the headset.
    for (const name of ['mute', 'unmute']) track.addEventListener(name, () => this.#interrupted(kind, track));
    this.stream.addTrack(track);
    if (track.muted) this.#interrupted(kind, track);
  }

  /** Its device was unplugged, or the permission taken back. Another takes over where that needs no question.
   * @param {Kind} kind @param {MediaStreamTrack} track */
  async #ended(kind, track) {
    if (this.#track(kind) !== track) return;
    this.stream.removeTrack(track);
    this.problems[kind] = `${kind}_unplugged`;
    this.#happen({ type: 'ended', kind });
    const left = (await this.devices())[kind];
    const permitted = (await this.permission(kind)) === 'granted';
    const isMissed = this.problems[kind] === `${kind}_unplugged`;
    if (left.length > 0 && permitted && isMissed) await this.#happen({ type: 'retried', kinds: [kind] });
  }

  /** @param {Kind} kind @param {MediaStreamTrack} track */
  #interrupted(kind, track) {
    if (this.#track(kind) !== track) return;
    this.problems[kind] = track.muted ? `${kind}_interrupted` : null;
    this.dispatchEvent(new Event('change'));
  }

  /** They change in bursts: a headset is a microphone, a loudspeaker, and for a moment neither. */
  #devicesChanged() {
    this.scope.clearTimeout(this.settling);
    this.settling = /** @type {any} */ (this.scope.setTimeout(() => this.#followDevices(), DEVICES_SETTLE_MS));
  }

  /** Back to the picked device when it is there again; to the system's where that was picked, or none; and to any that is new
   * where there was none. */
  async #followDevices() {
    const devices = await this.devices();
    const better = KINDS.filter((kind) => this.#mayBeBetter(kind, devices[kind]));
    if (better.length > 0) await this.#happen({ type: 'reopened', kinds: better });
    else this.dispatchEvent(new Event('change'));
  }

  /** @param {Kind} kind @param {MediaDeviceInfo[]} devices */
  #mayBeBetter(kind, devices) {
    const used = this.#track(kind)?.getSettings();
    if (!used) return devices.length > 0 && [`${kind}_unplugged`, `${kind}_missing`].includes(this.problems[kind] ?? '');
    const picked = devices.find(({ deviceId }) => deviceId === this.intent.chosen[kind]);
    const wanted = picked ?? devices.find(({ deviceId }) => deviceId === SYSTEMS[0]);
    if (wanted === undefined) return false;
    if (!SYSTEMS.includes(wanted.deviceId)) return used.deviceId !== wanted.deviceId;
    // The system's own device keeps its name when it becomes another one; the device behind the name tells.
    return wanted.groupId !== '' && used.groupId !== undefined && used.groupId !== wanted.groupId;
  }

  /** @param {Kind} kind */
  #close(kind) {
    const track = this.#track(kind);
    if (!track) return;
    this.stream.removeTrack(track);
    track.stop();
  }

  /** @param {Kind} kind */
  #isSent(kind) {
    const track = this.#track(kind);
    return track?.readyState === 'live' && !track.muted && isWanted(this.intent, kind);
  }

  /** @param {Kind} kind @returns {MediaStreamTrack | null} */
  #track(kind) {
    return this.stream.getTracks().find((track) => track.kind === TRACK_KIND[kind]) ?? null;
  }
}
