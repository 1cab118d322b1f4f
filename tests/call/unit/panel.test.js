// @ts-check
/** The video side of a room follows the person's last word, from one stranger to the next. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { FakeConnection, FakeTrack } from './world.js';
import { openDocument, part } from '../../frontend/support/document.js';
import { Player } from '../../frontend/support/player.js';

openDocument();
/** What the browser was asked for. @type {any[]} */ let asked = [];
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
const { remember } = await import('../../../frontend/preferences.js');

/** Let everything happen that was promised. */
const settle = () => new Promise((resolve) => { setTimeout(resolve, 60); });

/** Somebody who agreed to show the address, and is ready to meet somebody. */
class Person {
  player = new Player();
  /** @type {any[]} */ said = [];
  panel = new CallPanel({
    signal: (_, data) => this.said.push(data), wantRelays: () => {}, went: () => {}, ready: () => {}, text: () => {}, report: () => {},
  });

  /** @param {string} type @param {object} [values] */
  async happen(type, values = {}) {
    this.player.happen(type, values);
    this.panel.update(this.player.session);
    await settle();
  }

  /** @param {string} room */
  meet(room) {
    return this.happen('received', { event: { type: 'paired', room, mode: 'video', polite: false, resume: 't' } });
  }

  async start() {
    await this.happen('prepared', { mode: 'video', interests: [] });
    await this.happen('opened');
    await this.happen('started', this.player.session.preparing);
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
  await person.start();
  await person.meet('r1');
  assert.equal(FakeConnection.all.length, 1);
  part('call-text').click();
  await settle();
  assert.deepEqual(person.said.at(-1), { gaveUp: 'peer_declined' });

  person.said = [];
  await person.happen('received', { event: { type: 'peer_left', room: 'r1', reason: 'left' } });
  await person.meet('r2');
  assert.deepEqual([person.said.at(-1), FakeConnection.all.length], [{ gaveUp: 'peer_declined' }, 1]);
});

test('a person who begins anew with video is asked for camera and microphone again', async () => {
  const person = new Person();
  await person.start();
  await person.meet('r1');
  part('call-text').click();
  await person.happen('stopped');
  asked = [];
  await person.happen('prepared', { mode: 'video', interests: [] });
  assert.deepEqual(asked.map(({ audio, video }) => [Boolean(audio), Boolean(video)]), [[true, true]]);
});

test('a call ends with its room, and the devices are given back when the person stops', async () => {
  const person = new Person();
  await person.start();
  for (const [room, type, values] of /** @type {const} */ ([
    ['r1', 'received', { event: { type: 'peer_left', room: 'r1', reason: 'left' } }], ['r2', 'stopped', {}],
  ])) {
    await person.meet(room);
    assert.notEqual(FakeConnection.all.at(-1)?.signalingState, 'closed');
    await person.happen(type, values);
    assert.equal(FakeConnection.all.at(-1)?.signalingState, 'closed', room);
  }
  assert.deepEqual(part('local-video').srcObject.getTracks(), []);
});
