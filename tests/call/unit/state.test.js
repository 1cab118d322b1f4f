// @ts-check
/** The state that the page shows, and the frames of rooms that it does not know yet. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SignalInbox } from '../../../frontend/call/inbox.js';
import { UNKNOWN_ROOM_FRAMES_MAX, UNKNOWN_ROOM_MS } from '../../../frontend/call/limits.js';
import { PROBLEMS, problemOf } from '../../../frontend/call/problems.js';
import { advance, begin } from '../../../frontend/call/recovery.js';
import { describe } from '../../../frontend/call/state.js';

const { recovery: start } = begin({ offerer: true, resumed: false }, 0);
const connected = advance(start, { type: 'connection', state: 'connected' }, 1).recovery;
const lost = advance(connected, { type: 'connection', state: 'disconnected' }, 2).recovery;
const failed = advance(start, { type: 'given_up', reason: 'peer_failed' }, 1).recovery;
const held = advance(start, { type: 'held' }, 1).recovery;
const peer = { camera: true, microphone: true, paused: false, revealed: true };
/** @type {import('../../../frontend/call/state.js').Known} */
const known = { recovery: connected, weak: false, quality: 'video', want: 'video', relayOnly: true, relayed: false, frame: true, revealed: true, peer, soundBlocked: false };

test('each phase has its word', () => {
  const phases = /** @type {const} */ ([[null, 'waiting'], [held, 'waiting'], [start, 'connecting'], [connected, 'connected'], [lost, 'reconnecting'], [failed, 'failed']]);
  for (const [recovery, phase] of phases) assert.equal(describe({ ...known, recovery }).phase, phase);
  assert.equal(describe({ ...known, weak: true }).phase, 'weak');
});

test('a failed call is text with a reason, and shows no picture', () => {
  const state = describe({ ...known, recovery: failed });
  assert.deepEqual([state.step, state.reason, state.picture], ['text', 'peer_failed', false]);
});

test('a picture is shown only when it is there and meant', () => {
  assert.equal(describe(known).picture, true);
  assert.equal(describe({ ...known, frame: false }).picture, false);
  assert.equal(describe({ ...known, peer: { ...peer, camera: false } }).picture, false);
  assert.equal(describe({ ...known, peer: { ...peer, paused: true } }).picture, false);
});

test('it is clear only when both have revealed themselves', () => {
  assert.equal(describe(known).clear, true);
  assert.equal(describe({ ...known, revealed: false }).clear, false);
  assert.equal(describe({ ...known, peer: { ...peer, revealed: false } }).clear, false);
});

test('the badge never says hidden where an address could have been told', () => {
  assert.equal(describe(known).address, 'hidden');
  assert.equal(describe({ ...known, relayOnly: false }).address, 'direct');
  assert.equal(describe(known).relayed, true);
  assert.equal(describe({ ...known, relayOnly: false }).relayed, false);
  assert.equal(describe({ ...known, relayOnly: false, relayed: true }).relayed, true);
});

test('frames for an unknown room are given to that room alone', () => {
  const inbox = new SignalInbox(() => 0);
  inbox.hold('a', 1);
  inbox.hold('b', 2);
  inbox.hold('a', 3);
  assert.deepEqual(inbox.take('a'), [1, 3]);
  assert.deepEqual(inbox.take('b'), [], 'what was for another room is gone with it');
});

test('frames for an unknown room are few and fresh', () => {
  let now = 0;
  const inbox = new SignalInbox(() => now);
  inbox.hold('a', 'old');
  now = UNKNOWN_ROOM_MS + 1;
  for (let each = 0; each < UNKNOWN_ROOM_FRAMES_MAX - 1; each += 1) inbox.hold('a', each);
  assert.equal(inbox.take('a').includes('old'), false);
  for (let each = 0; each < UNKNOWN_ROOM_FRAMES_MAX * 2; each += 1) inbox.hold('a', each);
  assert.equal(inbox.take('a').length, UNKNOWN_ROOM_FRAMES_MAX);
});

test('every code that can come out has ways on', () => {
  const names = ['NotAllowedError', 'SecurityError', 'NotFoundError', 'OverconstrainedError', 'NotReadableError', 'AbortError', 'TypeError', 'SomethingNew'];
  for (const name of names) {
    for (const device of /** @type {const} */ (['camera', 'microphone'])) {
      const code = problemOf(Object.assign(new Error(), { name }), device);
      assert.ok(PROBLEMS[code]?.includes('text'), `${name} of a ${device} is ${code}`);
    }
  }
  assert.ok(PROBLEMS[problemOf(Object.assign(new Error(), { name: 'NotAllowedError' }), 'devices')]);
  assert.equal(problemOf(Object.assign(new Error('Permission denied by system'), { name: 'NotAllowedError' }), 'camera'), 'system_refused');
});
