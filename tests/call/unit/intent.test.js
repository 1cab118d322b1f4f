// @ts-check
/** Every order of what a person does and what devices answer: nothing leaves but what the person's last word covers. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FIRST_WORDS, KINDS, advance, createIntent, isWanted } from '../../../frontend/call/intent.js';
import { LocalMedia } from '../../../frontend/call/media.js';

/** @import { Kind, Words } from '../../../frontend/call/intent.js' */

const DEPTH = 5;
const PAGE_DEPTH = 3;

class FakeTrack extends EventTarget {
  /** @param {string} kind @param {string} deviceId */
  constructor(kind, deviceId) {
    super();
    Object.assign(this, { kind, deviceId, readyState: 'live', enabled: true, muted: false });
  }

  stop() {
    /** @type {any} */ (this).readyState = 'ended';
  }

  getSettings() {
    return { deviceId: /** @type {any} */ (this).deviceId };
  }
}

class FakeStream {
  constructor() {
    /** @type {any[]} */ this.tracks = [];
  }

  getTracks() {
    return [...this.tracks];
  }

  /** @param {any} track */
  addTrack(track) {
    this.tracks.push(track);
  }

  /** @param {any} track */
  removeTrack(track) {
    this.tracks = this.tracks.filter((each) => each !== track);
  }
}

/** One person, a browser that answers when it is told to, and a stranger who is there or not. */
class World {
  constructor() {
    /** @type {any[]} */ this.opened = [];
    /** @type {any} */ this.words = null;
    this.last = { camera: true, microphone: true };
    this.chosen = { camera: 'default', microphone: 'default' };
    this.refused = false;
    this.load();
  }

  load() {
    this.opened.forEach((track) => track.stop()); // What a browser does to the page that was there.
    /** @type {{ constraints: any, resolve: (stream: any) => void, reject: (error: Error) => void }[]} */ const pending = [];
    this.pending = pending;
    const scope = {
      isSecureContext: true, RTCPeerConnection: class {}, MediaStream: FakeStream, setTimeout, clearTimeout,
      navigator: {
        permissions: { query: async () => ({ state: 'granted' }) },
        mediaDevices: {
          getUserMedia: (/** @type {any} */ constraints) => new Promise((resolve, reject) => { pending.push({ constraints, resolve, reject }); }),
          enumerateDevices: async () => [{ kind: 'videoinput', deviceId: 'default' }, { kind: 'audioinput', deviceId: 'default' }],
        },
      },
    };
    const chosen = { camera: this.chosen.camera === 'other' ? 'other' : null, microphone: this.chosen.microphone === 'other' ? 'other' : null };
    const memory = { read: () => this.words, write: (/** @type {any} */ words) => { this.words = words; } };
    this.media = new LocalMedia({ scope: /** @type {any} */ (scope), memory, chosen });
    this.media.enter();
  }

  grant() {
    const request = this.pending?.shift();
    if (!request) return;
    const tracks = /** @type {const} */ ([['video', request.constraints.video], ['audio', request.constraints.audio]])
      .filter(([, wanted]) => wanted).map(([kind, wanted]) => new FakeTrack(kind, wanted.deviceId?.exact ?? 'default'));
    this.opened.push(...tracks);
    request.resolve({ getTracks: () => tracks });
  }

  deny() {
    this.refused ||= this.pending?.length !== 0;
    this.pending?.shift()?.reject(Object.assign(new Error('no'), { name: 'NotAllowedError' }));
  }

  /** @param {'camera' | 'microphone'} kind */
  end(kind) {
    const track = this.media?.tracks()[kind === 'camera' ? 'video' : 'audio'];
    if (!track) return;
    track.stop();
    track.dispatchEvent(new Event('ended'));
  }

  /** @param {'camera' | 'microphone'} kind @param {boolean} on */
  say(kind, on) {
    this.last[kind] = on;
    if (kind === 'camera') this.media?.setCameraOff(!on);
    else this.media?.setMuted(!on);
  }

  /** @param {'camera' | 'microphone'} kind */
  choose(kind) {
    this.chosen[kind] = this.chosen[kind] === 'other' ? 'default' : 'other';
    this.media?.choose(kind, this.chosen[kind]);
  }

  /** What a stranger gets of a kind. @param {'camera' | 'microphone'} kind */
  sent(kind) {
    const track = /** @type {any} */ (this.media?.tracks()[kind === 'camera' ? 'video' : 'audio']);
    return track?.readyState === 'live' && track.enabled;
  }

  /** @param {string} history @param {boolean} [told] the page has been told what was answered */
  check(history, told = true) {
    for (const kind of /** @type {const} */ (['camera', 'microphone'])) {
      if (this.sent(kind)) assert.ok(this.last[kind], `${history}: the ${kind} is off and leaves`);
      assert.equal(Boolean(this.media?.[kind]), Boolean(this.sent(kind)), `${history}: the ${kind} is told as it is`);
      if (!this.media?.tracks()[kind === 'camera' ? 'video' : 'audio']) continue;
      const track = this.media.stream.getTracks().find((each) => each.kind === (kind === 'camera' ? 'video' : 'audio'));
      assert.equal(/** @type {any} */ (track).deviceId, this.chosen[kind], `${history}: the last choice of a ${kind} is used`);
    }
    if (!told) return;
    const used = this.media?.stream.getTracks() ?? [];
    const astray = this.opened.filter((track) => track.readyState === 'live' && !used.includes(track));
    assert.equal(astray.length, 0, `${history}: a device is open that nobody uses`);
    if (!this.last.camera) assert.ok(!used.some((track) => track.kind === 'video'), `${history}: its light is on`);
  }

  /** Whatever was on its way comes; then what is wanted is there, unless it was refused or went away. @param {string} history */
  async settle(history) {
    for (let each = 0; each < 6; each += 1) {
      this.grant();
      await turn();
    }
    this.check(history);
    for (const kind of /** @type {const} */ (['camera', 'microphone'])) {
      if (this.last[kind] && !this.refused) assert.ok(this.sent(kind), `${history}: the ${kind} is on and nothing leaves`);
    }
  }
}

const turn = () => new Promise((resolve) => { setImmediate(resolve); });

/** @param {'camera' | 'microphone'} kind @returns {Record<string, (world: World) => void>} */
const happenings = (kind) => ({
  [`${kind} on`]: (world) => world.say(kind, true),
  [`${kind} off`]: (world) => world.say(kind, false),
  [`${kind} chosen`]: (world) => world.choose(kind),
  [`${kind} ends`]: (world) => world.end(kind),
});
/** @type {Record<string, (world: World) => void>} */
const SHARED = {
  'granted late': (world) => world.grant(),
  'denied late': (world) => world.deny(),
  reload: (world) => world.load(),
  skip: (world) => { world.media?.enter(); },
  pair: (world) => { world.media?.enter(); },
};

/** All orders of so many names. @param {string[]} names @param {number} depth @returns {Generator<string[]>} */
function* everyOrder(names, depth) {
  for (let number = 0; number < names.length ** depth; number += 1) {
    yield Array.from({ length: depth }, (_, step) => /** @type {string} */ (names[Math.floor(number / names.length ** step) % names.length]));
  }
}

/** The machine alone, and a browser of two lists: what it is asked, and what is open. */
class Machine {
  constructor() {
    this.last = { camera: true, microphone: true };
    this.chosen = /** @type {Record<Kind, string | null>} */ ({ camera: null, microphone: null });
    this.refused = false;
    /** @type {Words} */ this.words = FIRST_WORDS;
    this.load();
  }

  load() {
    /** @type {{ kinds: Kind[], numbers: Record<Kind, number>, device: Record<Kind, string | null> }[]} */ this.pending = [];
    /** @type {Record<Kind, string | null | undefined>} */ this.open = { camera: undefined, microphone: undefined };
    this.intent = createIntent(this.words, this.chosen);
    this.happen({ type: 'entered' });
  }

  /** @param {import('../../../frontend/call/intent.js').Event} event @param {string | null} [device] that of a grant */
  happen(event, device) {
    const [intent, actions] = advance(this.intent, event);
    this.intent = intent;
    const { camera, microphone, textOnly, blurred } = intent;
    this.words = { camera, microphone, textOnly, blurred };
    for (const action of actions) {
      if (action.type === 'close') this.open[action.kind] = undefined;
      if (action.type === 'use') this.open[action.kind] = device;
      if (action.type === 'ask') this.pending.push({ kinds: action.kinds, numbers: action.numbers, device: intent.chosen });
    }
  }

  /** @param {'granted' | 'failed'} answer */
  answer(answer) {
    const request = this.pending.shift();
    this.refused ||= request !== undefined && answer === 'failed';
    for (const kind of request?.kinds ?? []) {
      this.happen({ type: 'answered', kind, number: /** @type {any} */ (request).numbers[kind], answer }, request?.device[kind]);
    }
  }

  /** @param {Kind} kind @param {boolean} on */
  say(kind, on) {
    this.last[kind] = on;
    this.happen({ type: 'switched', kind, on });
  }

  /** @param {Kind} kind */
  choose(kind) {
    const device = this.chosen[kind] === 'other' ? 'default' : 'other';
    this.chosen = { ...this.chosen, [kind]: device };
    this.happen({ type: 'picked', kind, device });
  }

  /** @param {Kind} kind */
  end(kind) {
    if (this.open[kind] === undefined) return;
    this.open[kind] = undefined;
    this.happen({ type: 'ended', kind });
    this.happen({ type: 'retried', kinds: [kind] });
  }

  /** @param {string[]} history */
  check(history) {
    if (this.open.camera !== undefined) assert.ok(this.last.camera, `${history}: the camera is off and its light on`);
    for (const kind of KINDS) {
      const leaves = this.open[kind] !== undefined && this.intent[kind];
      if (leaves) assert.ok(this.last[kind] && isWanted(this.intent, kind), `${history}: the ${kind} is off and leaves`);
      if (this.open[kind] !== undefined) assert.equal(this.open[kind], this.chosen[kind], `${history}: the last choice is used`);
    }
  }

  /** @param {string[]} history */
  settle(history) {
    while (this.pending.length > 0) this.answer('granted');
    this.check(history);
    if (this.refused) return;
    for (const kind of KINDS) assert.equal(this.open[kind] !== undefined && this.intent[kind], this.last[kind], `${history}: the ${kind}`);
  }
}

for (const kind of KINDS) {
  test(`the machine lets a ${kind} leave only while it is wanted, in every order of nine events up to depth ${DEPTH}`, () => {
    /** @type {Record<string, (machine: Machine) => void>} */
    const acts = {
      on: (machine) => machine.say(kind, true), off: (machine) => machine.say(kind, false), choose: (machine) => machine.choose(kind),
      ends: (machine) => machine.end(kind), reload: (machine) => machine.load(), granted: (machine) => machine.answer('granted'),
      denied: (machine) => machine.answer('failed'), skip: (machine) => machine.happen({ type: 'entered' }),
      pair: (machine) => machine.happen({ type: 'entered' }),
    };
    let count = 0;
    for (const history of everyOrder(Object.keys(acts), DEPTH)) {
      const machine = new Machine();
      for (const name of history) {
        acts[name]?.(machine);
        machine.check(history);
      }
      machine.settle(history);
      count += 1;
    }
    assert.equal(count, 9 ** DEPTH);
  });
}

test(`the page's devices do as the machine says, in every order of both kinds up to depth ${PAGE_DEPTH}`, async () => {
  const acts = { ...happenings('camera'), ...happenings('microphone'), ...SHARED };
  for (const history of everyOrder(Object.keys(acts), PAGE_DEPTH)) {
    const world = new World();
    for (const name of history) {
      acts[name]?.(world);
      world.check(String(history), false); // At once, and not only when the answers have come.
      await turn();
      world.check(String(history));
    }
    await world.settle(String(history));
  }
});

test('text only and leaving close both at once, whatever is on its way, and the words stay', async () => {
  for (const away of /** @type {((media: LocalMedia) => void)[]} */ ([(media) => { media.setTextOnly(true); }, (media) => media.leave()])) {
    for (const answered of [true, false]) {
      const world = new World();
      await turn();
      if (answered) world.grant();
      await turn();
      away(/** @type {LocalMedia} */ (world.media));
      assert.equal(world.media?.stream.getTracks().length, 0);
      for (let each = 0; each < 4; each += 1) { world.grant(); await turn(); }
      assert.ok(world.opened.every((track) => track.readyState === 'ended'));
      world.media?.setTextOnly(false);
      world.media?.enter();
      await world.settle('back again');
    }
  }
});

test('nothing is asked for before the person is there', async () => {
  const world = new World();
  world.media?.leave();
  await turn();
  world.grant();
  await turn();
  const before = world.opened.length;
  world.say('camera', true);
  world.choose('camera');
  await turn();
  assert.equal(world.pending?.length, 0);
  assert.equal(world.opened.length, before);
});

test('a microphone that the system mutes is not called on, and comes back', async () => {
  const world = new World();
  await turn();
  world.grant();
  await turn();
  const track = /** @type {any} */ (world.media?.tracks().audio);
  track.muted = true;
  track.dispatchEvent(new Event('mute'));
  assert.deepEqual([world.media?.microphone, world.media?.problems.microphone], [false, 'microphone_interrupted']);
  track.muted = false;
  track.dispatchEvent(new Event('unmute'));
  assert.deepEqual([world.media?.microphone, world.media?.problems.microphone], [true, null]);
});
