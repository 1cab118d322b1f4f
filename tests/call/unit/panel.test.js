// @ts-check
/** The video side of a room follows the person's last word, from one stranger to the next. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { FakeConnection, FakeTrack } from './world.js';
import { openDocument, part, told } from '../../frontend/support/document.js';
import { Player } from '../../frontend/support/player.js';

openDocument();
/** All that the browser was asked for. @type {any[]} */ let asked = [];
const hardware = Object.assign(new EventTarget(), {
  enumerateDevices: async () => [],
  getUserMedia: async (/** @type {any} */ constraints) => {
    asked.push(constraints);
    const kinds = ['video', 'audio'].filter((kind) => constraints[kind]);
    return { getTracks: () => kinds.map((kind) => new FakeTrack(kind, { deviceId: 'default' })) };
  },
});
Object.assign(globalThis, {
  isSecureContext: true, fetch: async () => ({ json: async () => ({}) }), setInterval: () => 0, ResizeObserver: class { observe() {} },
  matchMedia: () => ({ matches: false }),
});
Object.defineProperty(globalThis, 'navigator', {
  value: { mediaDevices: hardware, permissions: { query: async () => ({ state: 'granted' }) }, userAgent: '' }, configurable: true,
});
const { CallPanel } = await import('../../../frontend/view/call.js');
const { CallMessage } = await import('../../../frontend/view/call_message.js');
const { recall, remember } = await import('../../../frontend/preferences.js');

const setTimer = setTimeout;
/** The deadlines of calls that a test leaves keep nobody waiting. */
globalThis.setTimeout = /** @type {any} */ ((/** @type {() => void} */ run, /** @type {number} */ ms) => setTimer(run, ms).unref());

/** Wait for something, however busy the machine is; what does not come is the matter of the next assertion. @param {() => unknown} isThere */
async function until(isThere) {
  for (let turn = 0; turn < 500 && !isThere(); turn += 1) await new Promise((resolve) => { setTimer(resolve, 10); });
}

/** A person that agreed to show the address, and is ready to meet a stranger. */
class Person {
  player = new Player();
  begun = 0;
  /** @type {any[]} */ said = [];
  panel = new CallPanel({
    signal: (_, data) => this.said.push(data), wantRelays: () => {}, went: () => {}, ready: () => { this.begun += 1; }, text: () => {}, report: () => {},
  });

  /** @param {string} type @param {object} [values] */
  happen(type, values = {}) {
    this.player.happen(type, values);
    this.panel.update(this.player.session);
  }

  /** @param {string} room @param {object} [how] */
  meet(room, how = {}) {
    this.happen('received', { event: { type: 'paired', room, mode: 'video', polite: false, resume: 't', ...how } });
  }

  start() {
    this.happen('prepared', { mode: 'video', interests: [] });
    this.happen('opened');
    this.happen('started', this.player.session.preparing);
  }
}

beforeEach(() => {
  asked = [];
  FakeConnection.all = [];
  openDocument();
  remember('showAddress', true);
});

test('a person who chose text with one stranger offers the next one no call, who is told so', async () => {
  const person = new Person();
  person.start();
  person.meet('r1');
  await until(() => FakeConnection.all.length === 1);
  part('call-text').click();
  assert.deepEqual(person.said.at(-1), { gaveUp: 'peer_declined' });

  person.said = [];
  person.happen('received', { event: { type: 'peer_left', room: 'r1', reason: 'left' } });
  person.meet('r2');
  await until(() => person.said.length > 0);
  assert.deepEqual([person.said.at(-1), FakeConnection.all.length], [{ gaveUp: 'peer_declined' }, 1]);
});

test('a green room is entered once, however often it is drawn', async () => {
  const person = new Person();
  person.happen('prepared', { mode: 'video', interests: [] });
  for (let time = 0; time < 3; time += 1) person.panel.update(person.player.session);
  await until(() => person.begun > 1 || (person.begun > 0 && part('local-video').srcObject !== undefined));
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.deepEqual([person.begun, asked.length], [1, 1]);
});

test('a person who was off and mute is so in the next tab as well', async () => {
  for (const name of /** @type {const} */ (['cameraOff', 'muted'])) remember(name, true);
  const person = new Person();
  person.happen('prepared', { mode: 'video', interests: [] });
  await until(() => person.begun > 0);
  assert.deepEqual(asked, []);
});

test('the signs of a call say what is, and nothing that is not', async () => {
  remember('blur', 'on');
  const person = new Person();
  person.start();
  person.meet('r1');
  await until(() => FakeConnection.all.length === 1);
  const remote = /** @type {any} */ (part('remote-video'));
  const seen = () => [part('call').classes.has('unrevealed'), remote.disablePictureInPicture, part('peer-muted').hidden];
  assert.deepEqual(seen(), [true, true, true]);
  const [connection] = FakeConnection.all;
  Object.assign(connection ?? {}, { connectionState: 'connected' }).dispatchEvent(new Event('connectionstatechange'));
  const state = { camera: true, microphone: true, revealed: true, paused: false, want: 'video' };
  for (const [version, microphone] of /** @type {const} */ ([[1, true], [2, false]])) {
    await person.panel.receive('r1', { media: { ...state, version, microphone } });
    assert.equal(part('peer-muted').hidden, microphone);
  }
  part('reveal').click();
  assert.deepEqual(seen(), [false, false, false]);
  person.happen('stopped');
  await until(() => connection?.signalingState === 'closed');
});

test('video by a hidden address is no word about an address that is shown', async () => {
  remember('showAddress', false);
  const person = new Person();
  person.start();
  person.meet('r1', { relayOnly: true, iceServers: [{ urls: 'turn:relay' }] });
  await until(() => FakeConnection.all.length === 1);
  part('call-text').click();
  part('call-agree').click();
  assert.equal(recall('showAddress'), false);
});

test('a problem that a person goes on with is not told again until they try again', () => {
  const nothing = () => {};
  const message = new CallMessage({ agree: nothing, hear: nothing, retry: nothing, audio: nothing, watch: nothing, text: nothing, changed: nothing });
  const isTold = () => message.show({ problems: { camera: 'camera_missing', microphone: null }, state: null, consent: false, textOnly: false });
  const seen = [isTold()];
  for (const id of ['call-audio', 'call-retry', 'call-watch']) {
    part(id).click();
    seen.push(isTold());
  }
  assert.deepEqual(seen, [true, false, true, false]);
});

test('an arrow moves the small picture to the side to which it points, also from right to left', () => {
  for (const [dir, left, right] of /** @type {const} */ ([['ltr', 'start', 'end'], ['rtl', 'end', 'start']])) {
    openDocument();
    document.documentElement.dir = dir;
    new Person();
    const corner = (/** @type {string} */ key) => {
      part('swap-pictures').dispatchEvent(told('keydown', part('swap-pictures'), { key }));
      return part('call').dataset.corner;
    };
    assert.deepEqual(
      ['ArrowLeft', 'ArrowDown', 'ArrowRight', 'ArrowUp'].map(corner), [`top-${left}`, `bottom-${left}`, `bottom-${right}`, `top-${right}`], dir,
    );
  }
});

test('what a call says is written once, for whoever hears it', async () => {
  const person = new Person();
  /** @type {string[]} */ const written = [];
  Object.defineProperty(part('call-note'), 'textContent', { get: () => written.at(-1) ?? '', set: (words) => written.push(words) });
  person.start();
  person.meet('r1');
  await until(() => written.includes('Connecting video…'));
  const before = [...written];
  for (let time = 0; time < 3; time += 1) person.panel.update(person.player.session);
  part('mute').click();
  assert.deepEqual(written, before);
});

test('each switch of a call says whether it is on', async () => {
  const person = new Person();
  person.start();
  person.meet('r1');
  await until(() => !part('reveal').hidden || FakeConnection.all.length === 1);
  const pressed = () => ['mute', 'camera-off', 'blur-stranger', 'full-screen'].map((id) => part(id).getAttribute('aria-pressed') === 'true');
  assert.deepEqual(pressed(), [false, false, false, false]);
  for (const id of ['mute', 'camera-off', 'blur-stranger']) part(id).click();
  Object.assign(document, { fullscreenElement: part('chat') });
  document.dispatchEvent(new Event('fullscreenchange'));
  assert.deepEqual(pressed(), [true, true, true, true]);

  for (const revealed of ['true', 'false']) {
    assert.equal(part('reveal').getAttribute('aria-pressed'), revealed);
    part('reveal').click();
  }
  Object.assign(document, { fullscreenElement: null });
});

test('a person who begins anew with video is asked for camera and microphone again', async () => {
  const person = new Person();
  person.start();
  person.meet('r1');
  await until(() => FakeConnection.all.length === 1);
  part('call-text').click();
  person.happen('stopped');
  asked = [];
  person.happen('prepared', { mode: 'video', interests: [] });
  await until(() => asked.length > 0);
  assert.deepEqual(asked.map(({ audio, video }) => [Boolean(audio), Boolean(video)]), [[true, true]]);
});

test('a call ends with its room, and the devices are given back when the person stops', async () => {
  const person = new Person();
  person.start();
  for (const [room, type, values] of /** @type {const} */ ([
    ['r1', 'received', { event: { type: 'peer_left', room: 'r1', reason: 'left' } }], ['r2', 'stopped', {}],
  ])) {
    const before = FakeConnection.all.length;
    person.meet(room);
    await until(() => FakeConnection.all.length > before);
    const connection = FakeConnection.all.at(-1);
    assert.equal(connection?.signalingState, 'stable', room);
    person.happen(type, values);
    await until(() => connection?.signalingState === 'closed');
    assert.equal(connection?.signalingState, 'closed', room);
  }
  assert.deepEqual(part('local-video').srcObject.getTracks(), []);
});
