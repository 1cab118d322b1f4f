// @ts-check
/** One person's page with a browser that answers when it is told to, and what the strangers get of it. */

import assert from 'node:assert/strict';

import { Calls } from '../../../frontend/call/calls.js';
import { KINDS } from '../../../frontend/call/intent.js';
import { LocalMedia } from '../../../frontend/call/media.js';

/** @import { Kind, Words } from '../../../frontend/call/intent.js' */

/** @param {Kind} kind */
export const trackKind = (kind) => (kind === 'camera' ? 'video' : 'audio');
export const turn = () => new Promise((resolve) => { setImmediate(resolve); });

export class FakeTrack extends EventTarget {
  readyState = 'live';
  enabled = true;
  muted = false;

  /** @param {string} kind @param {{ deviceId: string, groupId?: string }} settings */
  constructor(kind, settings) {
    super();
    this.kind = kind;
    this.settings = settings;
  }

  stop() {
    this.readyState = 'ended';
  }

  getSettings() {
    return this.settings;
  }

  /** The actions of the system, not of the page. @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }

  /** Unplugged, or the permission taken back. */
  end() {
    this.stop();
    this.dispatchEvent(new Event('ended'));
  }
}

class FakeStream {
  /** @type {FakeTrack[]} */ tracks = [];

  getTracks() {
    return [...this.tracks];
  }

  /** @param {FakeTrack} track */
  addTrack(track) {
    this.tracks.push(track);
  }

  /** @param {FakeTrack} track */
  removeTrack(track) {
    this.tracks = this.tracks.filter((each) => each !== track);
  }
}

class FakeSender {
  /** @param {FakeTrack | null} track */
  constructor(track) {
    this.track = track;
  }

  getParameters() {
    return { encodings: [] };
  }

  /** @param {FakeTrack | null} track */
  async replaceTrack(track) {
    await null;
    this.track = track;
  }
}

/** A connection to a stranger, who sees and hears what its senders carry. */
export class FakeConnection extends EventTarget {
  /** @type {FakeConnection[]} */ static all = [];
  /** @type {{ sender: FakeSender, receiver: { track: { kind: string } }, direction: string }[]} */ transceivers = [];
  connectionState = 'new';
  iceGatheringState = 'new';
  signalingState = 'stable';
  remoteDescription = null;
  localDescription = null;
  /** How many descriptions the browser was given. */ applied = 0;

  /** @param {RTCConfiguration} configuration */
  constructor(configuration) {
    super();
    this.configuration = configuration;
    FakeConnection.all.push(this);
  }

  /** @param {FakeTrack | string} what */
  addTransceiver(what) {
    const track = typeof what === 'string' ? null : what;
    const kind = typeof what === 'string' ? what : what.kind;
    const transceiver = { sender: new FakeSender(track), receiver: { track: { kind } }, direction: 'sendrecv' };
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers() {
    return this.transceivers;
  }

  getConfiguration() {
    return this.configuration;
  }

  /** @param {RTCConfiguration} configuration */
  setConfiguration(configuration) {
    this.configuration = configuration;
  }

  async setLocalDescription() {
    this.signalingState = 'stable';
  }

  /** @param {any} description */
  async setRemoteDescription(description) {
    this.remoteDescription = description;
    this.applied += 1;
    if (this.transceivers.length === 0) for (const kind of ['audio', 'video']) this.addTransceiver(kind);
  }

  close() {
    this.signalingState = 'closed';
  }
}

const elsewhere = { documentPictureInPicture: null };
Object.assign(globalThis, {
  RTCPeerConnection: FakeConnection, MediaStream: FakeStream, document: new EventTarget(),
  window: Object.assign(new EventTarget(), elsewhere),
});

const OFFER = { generation: 1, number: 1, description: { type: 'offer', sdp: 'v=0\r\n' } };

/** The person, the browser, and a stranger who is there or not. */
export class World {
  /** @type {FakeTrack[]} */ opened = [];
  /** @type {Words | null} */ words = null;
  /** The person's last words. @type {Record<Kind, boolean>} */ last = { camera: true, microphone: true };
  textOnly = false;
  here = true;
  /** @type {Record<Kind, string>} */ chosen = { camera: 'default', microphone: 'default' };
  refused = false;
  /** The system mutes what is opened. */ muted = false;
  /** To strangers. @type {import('../../../frontend/call/signals.js').Signal[]} */ said = [];
  rooms = 0;
  talking = false;
  /** The plugged devices. */ devices = [
    { kind: 'videoinput', deviceId: 'default', groupId: 'a' }, { kind: 'audioinput', deviceId: 'default', groupId: 'a' },
  ];

  constructor() {
    FakeConnection.all = [];
    this.load();
  }

  /** The page is loaded: a call of a room that is open goes on by itself. */
  load() {
    this.opened.forEach((track) => track.stop()); // A browser does this to the page that was there.
    FakeConnection.all.forEach((connection) => connection.close());
    this.calls?.end();
    /** @type {{ constraints: any, resolve: (stream: any) => void, reject: (error: Error) => void }[]} */ this.pending = [];
    const { pending } = this;
    this.hardware = Object.assign(new EventTarget(), {
      getUserMedia: (/** @type {any} */ constraints) => new Promise((resolve, reject) => { pending.push({ constraints, resolve, reject }); }),
      enumerateDevices: async () => this.devices,
    });
    const scope = {
      isSecureContext: true, RTCPeerConnection: FakeConnection, MediaStream: FakeStream, clearTimeout: () => {},
      setTimeout: (/** @type {() => void} */ run) => setImmediate(run),
      navigator: { permissions: { query: async () => ({ state: 'granted' }) }, mediaDevices: this.hardware },
    };
    const chosen = { camera: this.#picked('camera'), microphone: this.#picked('microphone') };
    const memory = { read: () => this.words, write: (/** @type {Words} */ words) => { this.words = words; } };
    this.media = new LocalMedia({ scope: /** @type {any} */ (scope), memory, chosen });
    const remoteVideo = Object.assign(new EventTarget(), { srcObject: null, videoWidth: 0 });
    this.calls = new Calls({
      media: this.media, remoteVideo: /** @type {any} */ (remoteVideo), send: (_, data) => this.said.push(data), onState: () => {},
    });
    if (this.here) this.media.enter();
    if (this.talking) this.#call(true);
  }

  /** The browser, or the person in its prompt, says yes to what was asked first. */
  grant() {
    const request = this.pending.shift();
    if (!request) return;
    const tracks = KINDS.map((kind) => [trackKind(kind), request.constraints[trackKind(kind)]]).filter(([, wanted]) => wanted)
      .map(([kind, wanted]) => new FakeTrack(kind, { deviceId: wanted.deviceId?.exact ?? 'default', groupId: 'a' }));
    for (const track of tracks) track.muted = this.muted;
    this.opened.push(...tracks);
    request.resolve({ getTracks: () => tracks });
  }

  /** @param {string} [name] of the error */
  deny(name = 'NotAllowedError') {
    this.refused ||= this.pending.length > 0;
    this.pending.shift()?.reject(Object.assign(new Error('no'), { name }));
  }

  /** @param {Kind} kind */
  track(kind) {
    return /** @type {FakeTrack | null} */ (/** @type {unknown} */ (this.media.tracks()[/** @type {'video' | 'audio'} */ (trackKind(kind))]));
  }

  /** @param {Kind} kind @param {boolean} on */
  say(kind, on) {
    this.last[kind] = on;
    if (kind === 'camera') this.media.setCameraOff(!on);
    else this.media.setMuted(!on);
  }

  /** @param {Kind} kind */
  choose(kind) {
    this.chosen[kind] = this.chosen[kind] === 'other' ? 'default' : 'other';
    this.media.choose(kind, this.chosen[kind]);
  }

  text() {
    this.textOnly = !this.textOnly;
    this.media.setTextOnly(this.textOnly);
  }

  /** The person closes the page or stops, or is there again. */
  move() {
    this.here = !this.here;
    if (this.here) this.media.enter();
    else this.media.leave();
  }

  skip() {
    this.talking = false;
    this.calls.end();
  }

  /** Another stranger; every second one makes the offer. */
  pair() {
    this.rooms += 1;
    this.talking = true;
    this.#call(false);
  }

  /** The tracks of a kind that strangers get, over all open connections. @param {Kind} kind */
  sent(kind) {
    return FakeConnection.all.filter(({ signalingState }) => signalingState !== 'closed')
      .flatMap(({ transceivers }) => transceivers.map(({ sender }) => sender.track))
      .filter((track) => track !== null).filter((track) => track.kind === trackKind(kind) && leaves(track));
  }

  /** The one invariant. @param {string} history @param {boolean} [told] the page has been told what was answered */
  check(history, told = true) {
    const used = /** @type {FakeTrack[]} */ (/** @type {unknown} */ (this.media.stream.getTracks()));
    for (const kind of KINDS) {
      const wanted = this.last[kind] && !this.textOnly && this.here;
      assert.ok(wanted || this.sent(kind).length === 0, `${history}: the ${kind} is off, and a stranger gets it`);
      const track = this.track(kind);
      assert.equal(this.media[kind], track !== null && leaves(track), `${history}: the ${kind} is told as it is`);
      if (track) assert.equal(track.getSettings().deviceId, this.chosen[kind], `${history}: the last choice of a ${kind} is used`);
      if (kind === 'camera' && !wanted) assert.equal(track, null, `${history}: its light is on`);
    }
    if (!told) return;
    const astray = this.opened.filter((track) => track.readyState === 'live' && !used.includes(track));
    assert.equal(astray.length, 0, `${history}: a device is open that nobody uses`);
  }

  /** All answers on their way come; then the wanted devices are there, and a stranger gets them, unless they were refused. @param {string} history */
  async settle(history) {
    await turn();
    while (this.pending.length > 0) {
      this.grant();
      await turn();
    }
    await turn();
    this.check(history);
    for (const kind of KINDS) {
      const wanted = this.last[kind] && !this.textOnly && this.here;
      if (wanted && !this.refused) assert.ok(this.media[kind], `${history}: the ${kind} is on, and is not there`);
      const got = this.sent(kind).map((track) => track.getSettings().deviceId);
      if (this.talking && this.media[kind]) assert.deepEqual(got, [this.chosen[kind]], `${history}: the stranger gets the ${kind} of the last choice, once`);
      if (!this.talking) assert.deepEqual(got, [], `${history}: nobody is there, and something leaves`);
    }
    this.calls.end(); // Its timers with it.
  }

  /** @param {boolean} resumed */
  #call(resumed) {
    const room = `room ${this.rooms}`;
    const polite = this.rooms % 2 === 0;
    this.calls.paired({ room, polite }, { resumed });
    if (polite) this.calls.signalled({ room, data: OFFER });
  }

  /** @param {Kind} kind */
  #picked(kind) {
    return this.chosen[kind] === 'other' ? 'other' : null;
  }
}

/** @param {FakeTrack} track */
function leaves(track) {
  return track.readyState === 'live' && track.enabled && !track.muted;
}
