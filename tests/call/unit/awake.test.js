// @ts-check
/** The screen stays on while it is wanted: one lock at most, none afterwards, and a new one when the page is seen again. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

const page = Object.assign(new EventTarget(), { hidden: false });
/** @type {{ released: boolean, release(): Promise<void> }[]} */ let locks = [];
/** @type {(() => void)[]} */ let answers = [];
let refuses = false;

function request() {
  return new Promise((resolve, reject) => {
    answers.push(() => {
      if (refuses) return reject(new Error('the battery is low'));
      const lock = { released: false, async release() { lock.released = true; } };
      locks.push(lock);
      resolve(lock);
    });
  });
}

Object.assign(globalThis, { document: page });
Object.defineProperty(globalThis, 'navigator', { value: { wakeLock: { request } }, configurable: true });
const { Awake } = await import('../../../frontend/view/awake.js');

const held = () => locks.filter(({ released }) => !released).length;
async function answer() {
  for (let each = 0; each < 4; each += 1) {
    answers.shift()?.();
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}
/** @param {boolean} hidden */
function look(hidden) {
  page.hidden = hidden;
  if (hidden) locks.forEach((lock) => { lock.released = true; }); // The system takes it.
  page.dispatchEvent(new Event('visibilitychange'));
}

function start() {
  Object.assign(page, { hidden: false });
  [locks, answers, refuses] = [[], [], false];
  return new Awake();
}

test('a call keeps the screen on, and its end does not', async () => {
  const awake = start();
  awake.want(true);
  await answer();
  assert.equal(held(), 1);
  awake.want(false);
  await answer();
  assert.equal(held(), 0);
});

test('a page that is seen again keeps the screen on again, and only in a call', async () => {
  const awake = start();
  awake.want(true);
  await answer();
  look(true);
  await answer();
  assert.equal(held(), 0);
  look(false);
  await answer();
  assert.equal(held(), 1);
  awake.want(false);
  await answer();
  look(true);
  look(false);
  await answer();
  assert.equal(held(), 0);
});

test('strangers who come and go while the system answers leave one lock, or none', async () => {
  for (const last of [true, false]) {
    const awake = start();
    for (const wanted of [true, false, true, false, last]) awake.want(wanted);
    await answer();
    assert.equal(held(), last ? 1 : 0);
  }
});

test('a call that ends in the moment in which it is drawn leaves no lock', async () => {
  const awake = start();
  awake.want(true);
  await answer();
  awake.want(true);
  awake.want(false);
  await answer();
  assert.equal(held(), 0);
});

test('a refusal is not asked about again before the page is seen anew', async () => {
  const awake = start();
  refuses = true;
  awake.want(true);
  await answer();
  assert.equal(answers.length, 0);
  refuses = false;
  look(false);
  await answer();
  assert.equal(held(), 1);
});
