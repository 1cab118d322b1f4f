// @ts-check
/** The effect of the other side's words on a call, and the words that it tells of its own. */

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';

import { FakeConnection, World, turn } from './world.js';

const STATE = { camera: true, microphone: true, paused: false, want: /** @type {const} */ ('video') };
const TOLD_WITHIN_MS = 80;

async function inCall() {
  const world = new World();
  world.pair();
  await turn();
  world.grant();
  await turn();
  const call = /** @type {import('../../../frontend/call/call.js').Call} */ (world.calls.call);
  call.presence.tell(); // As its first description does.
  world.said = [];
  return { world, call };
}

/** @param {World} world */
async function lastTold(world) {
  await new Promise((resolve) => { setTimeout(resolve, TOLD_WITHIN_MS); });
  return world.said.at(-1)?.media;
}

test('a stranger who hides hides both, and only both together are clear again', async () => {
  const { world, call } = await inCall();
  call.receive({ media: { ...STATE, version: 1, revealed: false } });
  assert.equal(call.revealed, false);
  assert.equal((await lastTold(world))?.revealed, false);
  call.receive({ media: { ...STATE, version: 2, revealed: true } });
  assert.equal(call.revealed, false, 'the other cannot speak for this person');
  call.setRevealed(true);
  assert.equal(call.revealed && call.presence.theirs.revealed, true);
  world.calls.end();
});

test('what this person hides is hidden for both from then on', async () => {
  const { world, call } = await inCall();
  call.setBlurUntilReveal(true);
  assert.equal((await lastTold(world))?.revealed, false);
  call.receive({ media: { ...STATE, version: 1, revealed: false } });
  call.setRevealed(true);
  assert.equal(call.presence.theirs.revealed, false);
  world.calls.end();
});

test('a picture that is revealed is told at once, before it arrives clear', async () => {
  const { world, call } = await inCall();
  call.setRevealed(false);
  assert.deepEqual(world.said.map(({ media }) => media?.revealed), [false]);
  world.calls.end();
});

test('an address that was promised to be hidden stays hidden when the relays are renewed', async () => {
  const world = new World();
  for (const relayOnly of [true, false]) {
    const paired = { room: `hidden: ${relayOnly}`, polite: false, relayOnly, iceServers: [{ urls: 'turn:old' }] };
    world.calls.paired(paired);
    await turn();
    world.calls.paired({ ...paired, relayOnly: false, iceServers: [{ urls: 'turn:new' }] });
    const { iceServers, iceTransportPolicy } = FakeConnection.all.at(-1)?.configuration ?? {};
    assert.deepEqual([iceServers, iceTransportPolicy], [[{ urls: 'turn:new' }], relayOnly ? 'relay' : 'all']);
    assert.equal(world.calls.call?.link.relays.relayOnly, relayOnly, 'also for the next connection');
  }
  world.calls.end();
});

test('a call that ended listens to nothing of the page any more', async () => {
  const world = new World();
  const { remoteVideo } = world.calls.options;
  const listeners = () => [
    [window, 'online'], [document, 'visibilitychange'], [world.media, 'change'], [remoteVideo, 'loadeddata'], [remoteVideo, 'resize'],
    [remoteVideo, 'enterpictureinpicture'], [remoteVideo, 'leavepictureinpicture'],
  ].map(([target, name]) => getEventListeners(/** @type {EventTarget} */ (target), String(name)).length);
  const before = listeners();
  world.pair();
  assert.notDeepEqual(listeners(), before);
  world.calls.end();
  assert.deepEqual(listeners(), before);
});

for (const kind of /** @type {const} */ (['camera', 'microphone'])) {
  test(`a ${kind} that the system mutes, or that is pulled out, is told, and so is its return`, async () => {
    const { world } = await inCall();
    world.track(kind)?.mute(true);
    assert.equal((await lastTold(world))?.[kind], false);
    world.track(kind)?.mute(false);
    assert.equal((await lastTold(world))?.[kind], true);
    const { devices } = world;
    world.devices = [];
    world.track(kind)?.end();
    assert.equal((await lastTold(world))?.[kind], false);
    world.devices = devices;
    world.hardware?.dispatchEvent(new Event('devicechange'));
    for (let each = 0; each < 4; each += 1) {
      await turn();
      world.grant();
    }
    assert.equal((await lastTold(world))?.[kind], true);
    world.calls.end();
  });
}

for (const [name, generationOf, connections] of /** @type {const} */ ([
  ['one connection', () => 1, 1], ['as many connections', (/** @type {number} */ number) => number, 6],
])) {
  test(`of a thousand offers of ${name} few are given to the browser`, async () => {
    const world = new World();
    world.rooms = 1;
    world.pair(); // The other side makes the offers.
    for (let number = 2; number <= 1_000; number += 1) {
      const description = { type: /** @type {const} */ ('offer'), sdp: 'v=0\r\n' };
      world.calls.call?.receive({ generation: generationOf(number), number, description });
      if (number % 20 === 0) await turn();
    }
    const applied = FakeConnection.all.map((connection) => connection.applied).reduce((sum, each) => sum + each, 0);
    assert.ok(applied >= 1 && applied <= 20, `${applied}`);
    assert.ok(FakeConnection.all.length <= connections, `${FakeConnection.all.length}`);
    world.calls.end();
  });
}
