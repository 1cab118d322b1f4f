// @ts-check
/** So many within a time, and as many again afterwards. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Rate } from '../../../frontend/call/rate.js';
import { FakeClock } from './fakes.js';

test('what is more within the time is passed over, and does not count itself', () => {
  const clock = new FakeClock();
  const rate = new Rate(2, 1_000, clock);
  assert.deepEqual([rate.take(), rate.take(), rate.take()], [true, true, false]);
  clock.pass(999);
  assert.equal(rate.take(), false);
  clock.pass(1);
  assert.deepEqual([rate.take(), rate.take(), rate.take()], [true, true, false]);
});
