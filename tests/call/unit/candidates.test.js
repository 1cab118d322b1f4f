// @ts-check
/** Candidates leave in few frames and wait for their description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CandidateBatch, EarlyCandidates, belongs } from '../../../frontend/call/candidates.js';
import { BATCH_AT_MS, CANDIDATES_MAX } from '../../../frontend/call/limits.js';
import { FakeClock } from './fakes.js';

const candidate = (/** @type {string} */ name, fragment = 'abcd') => ({ candidate: `candidate:${name} ufrag ${fragment}` });

function batch() {
  const clock = new FakeClock();
  /** @type {[number, number][]} */
  const sent = [];
  const outgoing = new CandidateBatch((candidates) => sent.push([clock.now(), candidates.length]), clock);
  return { clock, outgoing, sent };
}

test('what is gathered together leaves together', () => {
  const { clock, outgoing, sent } = batch();
  outgoing.start();
  outgoing.add(candidate('1'));
  clock.pass(10);
  outgoing.add(candidate('2'));
  clock.pass(1_000);
  assert.deepEqual(sent, [[BATCH_AT_MS[0], 2]]);
});

test('the end of gathering sends the rest at once', () => {
  const { clock, outgoing, sent } = batch();
  outgoing.start();
  clock.pass(3);
  outgoing.add(candidate('1'));
  outgoing.flush();
  clock.pass(1_000);
  assert.deepEqual(sent, [[3, 1]]);
});

test('nothing gathered is nothing sent', () => {
  const { outgoing, sent } = batch();
  outgoing.flush();
  assert.deepEqual(sent, []);
});

test('a trickle over ten seconds is at most six frames', () => {
  const { clock, outgoing, sent } = batch();
  outgoing.start();
  for (let each = 0; each < CANDIDATES_MAX - 4; each += 1) {
    outgoing.add(candidate(String(each)));
    clock.pass(160);
  }
  outgoing.flush();
  assert.ok(sent.length <= BATCH_AT_MS.length + 1, `${sent.length} frames`);
  assert.equal(sent.reduce((sum, [, count]) => sum + count, 0), CANDIDATES_MAX - 4);
});

test('a frame never carries more than the peer accepts', () => {
  const { clock, outgoing, sent } = batch();
  outgoing.start();
  for (let each = 0; each < CANDIDATES_MAX * 2; each += 1) outgoing.add(candidate(String(each)));
  clock.pass(10_000);
  assert.deepEqual(sent.map(([, count]) => count), [CANDIDATES_MAX, CANDIDATES_MAX]);
});

test('a closed batch sends nothing any more', () => {
  const { clock, outgoing, sent } = batch();
  outgoing.start();
  outgoing.add(candidate('1'));
  outgoing.close();
  clock.pass(10_000);
  assert.deepEqual(sent, []);
});

test('an early candidate waits for the description with its fragment', () => {
  const early = new EarlyCandidates();
  early.hold(candidate('1', 'old'));
  early.hold(candidate('2', 'new'));
  const ready = early.take('v=0\r\na=ice-ufrag:new\r\n');
  assert.deepEqual(ready, [candidate('2', 'new')]);
  assert.deepEqual(early.take('v=0\r\na=ice-ufrag:new\r\n'), []);
});

test('early candidates are not kept without end', () => {
  const early = new EarlyCandidates();
  for (let each = 0; each < CANDIDATES_MAX * 3; each += 1) early.hold(candidate(String(each)));
  assert.equal(early.held.length, CANDIDATES_MAX);
});

test('a fragment matches as a whole, from its field or from the line', () => {
  const sdp = 'v=0\na=ice-ufrag:abcdef\n';
  assert.equal(belongs({ candidate: 'candidate:1', usernameFragment: 'abcdef' }, sdp), true);
  assert.equal(belongs({ candidate: 'candidate:1', usernameFragment: 'abcd' }, sdp), false);
  assert.equal(belongs(candidate('1', 'abcdef'), sdp), true);
  assert.equal(belongs(candidate('1', 'abcd'), sdp), false);
  assert.equal(belongs({ candidate: 'candidate:1' }, sdp), true);
});
