// @ts-check
/** The state that a side tells of itself arrives, in few frames, and again when it may be lost. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Presence } from '../../../frontend/call/presence.js';
import { FakeClock } from './fakes.js';

function teller() {
  const clock = new FakeClock();
  const facts = { camera: true, microphone: true, revealed: false, paused: false, want: /** @type {const} */ ('video') };
  /** @type {import('../../../frontend/call/signals.js').MediaState[]} */
  const sent = [];
  const presence = new Presence({ clock, revealed: false, facts: () => facts, send: (state) => sent.push(state) });
  return { clock, facts, presence, sent };
}

test('before the first description nothing is told', () => {
  const { clock, presence, sent } = teller();
  presence.announce();
  presence.announceNow();
  presence.repeat();
  clock.pass(1_000);
  assert.deepEqual(sent, []);
});

test('several changes are one frame, and no change is none', () => {
  const { clock, facts, presence, sent } = teller();
  presence.tell();
  facts.camera = false;
  presence.announce();
  facts.microphone = false;
  presence.announce();
  clock.pass(1_000);
  presence.announce();
  clock.pass(1_000);
  assert.deepEqual(sent.map(({ camera, microphone }) => [camera, microphone]), [[false, false]]);
});

test('what cannot wait is told at once, and once', () => {
  const { clock, facts, presence, sent } = teller();
  presence.tell();
  facts.revealed = true;
  presence.announce();
  presence.announceNow();
  assert.deepEqual(sent.map((state) => state.revealed), [true]);
  clock.pass(1_000);
  assert.equal(sent.length, 1);
});

test('what may be lost is told again, newer than before', () => {
  const { clock, presence, sent } = teller();
  const { version } = presence.tell();
  presence.repeat();
  presence.repeat();
  clock.pass(1_000);
  assert.equal(sent.length, 1);
  assert.ok(Number(sent[0]?.version) > version);
});

test('a description that repeats it is enough', () => {
  const { clock, presence, sent } = teller();
  presence.tell();
  presence.repeat();
  presence.tell();
  clock.pass(1_000);
  assert.deepEqual(sent, []);
});
