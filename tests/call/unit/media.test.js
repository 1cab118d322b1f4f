// @ts-check
/** Devices as they are: what is asked of them, what the system takes away, and what comes back or anew. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { World, turn } from './world.js';

const HEADSET = { kind: 'audioinput', deviceId: 'headset', groupId: 'bluetooth' };
const BUILT_IN = { kind: 'audioinput', deviceId: 'built-in', groupId: 'a' };
const CAMERA = { kind: 'videoinput', deviceId: 'default', groupId: 'a' };
/** @param {string} groupId of the device that is the system's now */
const standard = (groupId) => ({ kind: 'audioinput', deviceId: 'default', groupId });

/** Somebody in a call with both devices open. @param {Partial<World>} [options] */
async function caller(options = {}) {
  const world = new World();
  Object.assign(world, options);
  if (Object.keys(options).length > 0) world.load();
  world.pair();
  await answer(world);
  return world;
}

/** @param {World} world */
async function answer(world) {
  for (let each = 0; each < 6; each += 1) {
    world.grant();
    await turn();
  }
}

/** The plugged devices change, and every device that is asked for then is given. @param {World} world @param {any[]} devices */
async function plug(world, devices) {
  world.devices = devices;
  world.hardware?.dispatchEvent(new Event('devicechange'));
  await turn();
  await turn();
  const asked = world.pending.map(({ constraints }) => constraints);
  await answer(world);
  return asked;
}

test('a voice is asked for without echo, noise and loudness of its own, and a picture of a size that phones bear', async () => {
  const world = new World();
  await turn();
  const { audio, video } = world.pending[0]?.constraints ?? {};
  assert.deepEqual(audio, { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 } });
  assert.deepEqual(video, { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 }, facingMode: { ideal: 'user' } });
});

test('a camera that is switched on twice is asked for once', async () => {
  const world = new World();
  await answer(world);
  world.say('camera', false);
  await turn();
  world.say('camera', true);
  world.say('camera', true);
  await turn();
  assert.equal(world.pending.length, 1);
  await answer(world);
  await world.settle('on twice');
});

test('text only and leaving close both at once, whatever is on its way, and the words stay', async () => {
  for (const away of /** @type {((world: World) => void)[]} */ ([(world) => world.text(), (world) => world.move()])) {
    for (const answered of [true, false]) {
      const world = new World();
      if (answered) await answer(world);
      away(world);
      assert.equal(world.media.stream.getTracks().length, 0);
      await answer(world);
      assert.ok(world.opened.every((track) => track.readyState === 'ended'));
      away(world);
      await world.settle('back again');
    }
  }
});

test('nothing is asked for before the person is there', async () => {
  const world = await caller();
  world.move();
  const before = world.opened.length;
  world.say('camera', false);
  world.say('camera', true);
  world.choose('camera');
  await turn();
  assert.equal(world.pending.length, 0);
  assert.equal(world.opened.length, before);
  world.calls.end();
});

for (const kind of /** @type {const} */ (['camera', 'microphone'])) {
  test(`a ${kind} that the system mutes is not called on, and comes back`, async () => {
    const world = await caller();
    world.track(kind)?.mute(true);
    assert.deepEqual([world.media[kind], world.media.problems[kind]], [false, `${kind}_interrupted`]);
    world.track(kind)?.mute(false);
    assert.deepEqual([world.media[kind], world.media.problems[kind]], [true, null]);
    await world.settle('unmuted');
  });

  test(`a ${kind} that the system has muted before it is opened says so from the start`, async () => {
    const world = new World();
    world.muted = true;
    await answer(world);
    assert.deepEqual([world.media[kind], world.media.problems[kind]], [false, `${kind}_interrupted`]);
    world.track(kind)?.mute(false);
    assert.deepEqual([world.media[kind], world.media.problems[kind]], [true, null]);
  });

  test(`a ${kind} that is pulled out and put back is there again`, async () => {
    const world = await caller();
    const { devices } = world;
    world.devices = devices.filter((device) => device.kind !== `${kind === 'camera' ? 'video' : 'audio'}input`);
    world.track(kind)?.end();
    await turn();
    assert.deepEqual([world.media[kind], world.media.problems[kind]], [false, `${kind}_unplugged`]);
    assert.equal((await plug(world, devices)).length, 1);
    assert.deepEqual([world.media[kind], world.media.problems[kind]], [true, null]);
    await world.settle('plugged in');
  });
}

for (const chosen of ['none', 'default']) {
  test(`the system's new microphone is followed where the person's choice is ${chosen}`, async () => {
    const world = await caller({ devices: [CAMERA, standard('a'), BUILT_IN] });
    if (chosen === 'default') world.media.choose('microphone', 'default');
    await answer(world);
    assert.deepEqual(await plug(world, [CAMERA, standard('a'), BUILT_IN, HEADSET]), [], 'a headset that is not the system\'s changes nothing');
    const asked = await plug(world, [CAMERA, standard('bluetooth'), BUILT_IN, HEADSET]);
    assert.equal(asked.length, 1);
    assert.equal(asked[0].video, false);
    world.calls.end();
  });
}

test('a microphone that the person chose stays, whatever the system takes for its own', async () => {
  const world = await caller({ devices: [CAMERA, standard('a'), BUILT_IN, HEADSET] });
  world.media.choose('microphone', 'headset');
  await answer(world);
  assert.deepEqual(await plug(world, [CAMERA, standard('another'), BUILT_IN, HEADSET]), []);
  world.calls.end();
});

test('a chosen microphone that was away is used again when it is back', async () => {
  const world = await caller({ devices: [CAMERA, standard('a'), BUILT_IN, HEADSET] });
  world.media.choose('microphone', 'headset');
  await answer(world);
  world.devices = [CAMERA, standard('a'), BUILT_IN];
  world.track('microphone')?.end();
  await turn();
  world.deny('OverconstrainedError'); // It is not there.
  await answer(world);
  assert.equal(world.track('microphone')?.getSettings().deviceId, 'default');
  const asked = await plug(world, [CAMERA, standard('a'), BUILT_IN, HEADSET]);
  assert.deepEqual(asked.map(({ audio }) => audio.deviceId), [{ exact: 'headset' }]);
  world.calls.end();
});

test('a camera that is missing takes nothing from the choice of a microphone', async () => {
  const world = new World();
  world.chosen = { camera: 'other', microphone: 'other' };
  world.load();
  await turn();
  world.deny('OverconstrainedError'); // Both at once.
  await turn();
  world.deny('OverconstrainedError'); // The camera alone, and then any camera.
  await turn();
  world.deny('NotFoundError');
  await turn();
  assert.deepEqual(world.pending.map(({ constraints }) => [constraints.video, constraints.audio.deviceId]), [[false, { exact: 'other' }]]);
  await answer(world);
  assert.deepEqual([world.media.problems.camera, world.track('microphone')?.getSettings().deviceId], ['camera_missing', 'other']);
});

test('a camera that is chosen while another one is being flipped to is the one that is used', async () => {
  const devices = [{ ...CAMERA, deviceId: 'front' }, { ...CAMERA, deviceId: 'back' }, standard('a')];
  for (const moment of ['while it opens', 'while others are looked for']) {
    const world = await caller({ devices });
    const choose = () => world.media.choose('camera', 'back');
    if (moment === 'while others are looked for') {
      Object.assign(/** @type {object} */ (world.hardware), { enumerateDevices: async () => { choose(); return devices; } });
    }
    const flipped = world.media.flip();
    if (moment === 'while it opens') choose();
    await answer(world);
    await flipped;
    assert.equal(world.track('camera')?.getSettings().deviceId, 'back', moment);
    world.calls.end();
  }
});

test('cameras that do not say on which side they are are gone through one by one', async () => {
  const devices = [{ ...CAMERA, deviceId: 'default' }, { ...CAMERA, deviceId: 'second' }, standard('a')];
  const world = await caller({ devices });
  const flipped = world.media.flip();
  await answer(world);
  await flipped;
  assert.equal(world.track('camera')?.getSettings().deviceId, 'second');
  world.calls.end();
});
