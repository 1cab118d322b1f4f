// @ts-check
/** Steps down when the network does not carry the picture, and up again, without swinging. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MEDIA_UP_MS } from '../../../frontend/call/limits.js';
import { encodingFor, expectMedia, fairJudgement, judge, judgeArrival, lowest } from '../../../frontend/call/quality.js';

const good = { loss: 0, roundTripSeconds: 0.05, framesPerSecond: 24, limited: false, sending: true };
const lossy = { ...good, loss: 0.2 };
const hopeless = { ...good, loss: 0.5 };
const starved = { ...good, limited: true, framesPerSecond: 2 };

/** @param {import('../../../frontend/call/quality.js').Sample[]} samples @param {import('../../../frontend/call/quality.js').Judgement} [from] */
function after(samples, from = fairJudgement()) {
  return samples.reduce(judge, from);
}
const times = (/** @type {number} */ count, /** @type {typeof good} */ sample) => Array(count).fill(sample);

test('one bad sample changes nothing', () => {
  assert.equal(after([lossy, lossy, good, lossy, lossy, good]).quality, 'video');
});

test('lasting loss makes the picture small, and hopeless loss leaves the sound', () => {
  assert.equal(after(times(3, lossy)).quality, 'low');
  assert.equal(after(times(30, lossy)).quality, 'low');
  assert.equal(after(times(6, hopeless)).quality, 'audio');
});

test('an encoder that bandwidth holds at two frames a second steps down', () => {
  assert.equal(after(times(3, starved)).quality, 'low');
  assert.equal(after(times(6, starved)).quality, 'audio');
});

test('few frames of a camera that is off are no reason', () => {
  assert.equal(after(times(9, { ...starved, sending: false })).quality, 'video');
});

test('a good network brings the picture back', () => {
  const down = after(times(6, hopeless));
  assert.equal(after(times(5, good), down).quality, 'low');
  assert.equal(after(times(10, good), down).quality, 'video');
});

test('a step up that fails is tried later each time', () => {
  let judgement = after(times(3, lossy));
  const waits = [];
  for (let round = 0; round < 8; round += 1) {
    let samples = 0;
    while (judgement.quality === 'low') {
      judgement = judge(judgement, good);
      samples += 1;
    }
    waits.push(samples);
    judgement = after(times(3, lossy), judgement);
  }
  assert.deepEqual(waits, [5, 10, 20, 40, 80, 80, 80, 80]);
});

test('until both revealed themselves only a blur is sent, and nothing without a picture', () => {
  assert.equal(encodingFor('video', false).scaleResolutionDownBy, 8);
  assert.equal(encodingFor('low', false).scaleResolutionDownBy, 8);
  assert.equal(encodingFor('audio', false).active, false);
  assert.equal(encodingFor('video', true).scaleResolutionDownBy, 1);
});

test('the lowest of what is carried and wanted is sent', () => {
  assert.equal(lowest('video', 'low'), 'low');
  assert.equal(lowest('audio', 'video', 'low'), 'audio');
});

test('an announced picture that does not come is asked for smaller, and then not at all', () => {
  let arrival = expectMedia(0);
  /** @type {Record<number, string>} */
  const wants = {};
  for (let now = 0; now <= MEDIA_UP_MS * 4; now += 1_000) {
    arrival = judgeArrival(arrival, false, true, now);
    wants[now] = arrival.want;
  }
  assert.equal(wants[MEDIA_UP_MS - 1_000], 'video');
  assert.equal(wants[MEDIA_UP_MS], 'low');
  assert.equal(wants[MEDIA_UP_MS * 2], 'audio');
});

test('a picture that nobody announced is not missed', () => {
  let arrival = expectMedia(0);
  for (let now = 0; now <= MEDIA_UP_MS * 4; now += 1_000) arrival = judgeArrival(arrival, false, false, now);
  assert.equal(arrival.want, 'video');
});

test('after a while the picture is asked for again', () => {
  let arrival = expectMedia(0);
  for (let now = 0; now <= MEDIA_UP_MS * 2; now += 1_000) arrival = judgeArrival(arrival, false, true, now);
  assert.equal(arrival.want, 'audio');
  for (let now = MEDIA_UP_MS * 2; now <= MEDIA_UP_MS * 14; now += 1_000) arrival = judgeArrival(arrival, arrival.want !== 'audio', true, now);
  assert.equal(arrival.want, 'video');
});
