// @ts-check
/** A timer that was moved or is not needed any more is taken out: a call that ended keeps nothing of the page awake. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Link } from '../../../frontend/call/link.js';
import { LocalMedia } from '../../../frontend/call/media.js';
import { Negotiation } from '../../../frontend/call/negotiation.js';
import { Presence } from '../../../frontend/call/presence.js';
import { Watch } from '../../../frontend/call/watch.js';
import { FakeClock, FakeConnection } from './fakes.js';
import './world.js'; // the browser around it

/** Seconds until each timer that runs. @param {FakeClock} clock */
const running = (clock) => [...clock.timers.values()].map(({ at }) => (at - clock.now()) / 1000).sort((a, b) => a - b);
const settled = () => new Promise((resolve) => { setImmediate(resolve); });
const FACTS = { camera: true, microphone: true, revealed: false, paused: false, want: /** @type {const} */ ('video') };

test('what is told soon has one timer, none once it is told at once, and none when the call has ended', () => {
  const clock = new FakeClock();
  const presence = new Presence({ clock, revealed: false, facts: () => FACTS, send: () => {} });
  presence.announce();
  presence.announce();
  assert.equal(running(clock).length, 1);
  presence.announceNow();
  assert.deepEqual(running(clock), []);
  presence.announce();
  presence.close();
  assert.deepEqual(running(clock), []);
});

/** @param {boolean} polite */
function negotiating(polite) {
  const clock = new FakeClock();
  const pc = new FakeConnection({});
  const negotiation = new Negotiation({
    pc: /** @type {any} */ (pc), polite, relayOnly: false, clock, send: () => {}, prepare: async () => {},
    onFault: (error) => { throw error; },
  });
  return { clock, pc, negotiation };
}

/** @param {'offer' | 'answer'} type */
const described = (type) => ({ description: { type, sdp: 'v=0\r\na=ice-ufrag:them\r\n' }, number: 1 });
const RESENT_SECONDS = 2.5; // the first of OFFER_RESEND_MS in docs/limits.md
const ATTEMPT_SECONDS = 8;

test('an offer is sent again by one timer, which a newer offer moves and its answer or the end takes out', async () => {
  const { clock, pc, negotiation } = negotiating(false);
  for (const number of [1, 2]) {
    pc.signalingState = 'stable';
    pc.dispatchEvent(new Event('negotiationneeded'));
    await settled();
    assert.equal(running(clock).filter((seconds) => seconds === RESENT_SECONDS).length, 1, `offer ${number}`);
  }
  await negotiation.receive({ ...described('answer'), number: 2 });
  assert.ok(!running(clock).includes(RESENT_SECONDS));
  pc.dispatchEvent(new Event('negotiationneeded'));
  await settled();
  negotiation.close();
  assert.deepEqual(running(clock), []);
});

test('an offer that gives way to that of the peer is not sent again', async () => {
  const { clock, pc, negotiation } = negotiating(true);
  await negotiation.receive(described('offer'));
  pc.dispatchEvent(new Event('negotiationneeded'));
  await settled();
  assert.ok(running(clock).includes(RESENT_SECONDS));
  await negotiation.receive({ ...described('offer'), number: 2 });
  assert.ok(!running(clock).includes(RESENT_SECONDS));
});

test('an attempt to connect has one deadline, and none when the call has ended', async () => {
  const clock = new FakeClock();
  const link = new Link({
    polite: false, resumed: false, relays: { iceServers: [], relayOnly: false }, clock,
    localStream: /** @type {any} */ (new MediaStream()), tracks: () => ({}), encoding: () => ({}),
    mediaState: () => ({ version: 1, ...FACTS }), send: () => {}, onRemote: () => {}, onChange: () => {},
  });
  link.begin();
  link.happen({ type: 'asked', what: 'restart' });
  await settled();
  assert.deepEqual(running(clock), [ATTEMPT_SECONDS]);
  link.close();
  assert.deepEqual(running(clock), []);
});

test('a call that is watched has one sample ahead, one word of a hidden page, and none when it has ended', () => {
  const clock = new FakeClock();
  const watch = new Watch({
    clock, remoteVideo: /** @type {any} */ (new EventTarget()), connection: () => null, sending: () => true,
    announced: () => true, audible: () => true, onSilence: () => {}, onChange: () => {},
  });
  const look = (/** @type {boolean} */ hidden) => {
    Object.assign(document, { hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  watch.start();
  look(true);
  look(true);
  assert.equal(running(clock).length, 2);
  look(false);
  assert.equal(running(clock).length, 1);
  look(true);
  watch.close();
  look(false);
  assert.deepEqual(running(clock), []);
});

test('devices that change in a burst are looked at once', async () => {
  const clock = new FakeClock();
  let looks = 0;
  const hardware = Object.assign(new EventTarget(), { enumerateDevices: async () => { looks += 1; return []; } });
  const scope = {
    isSecureContext: true, MediaStream, navigator: { mediaDevices: hardware },
    setTimeout: clock.setTimeout.bind(clock), clearTimeout: clock.clearTimeout.bind(clock),
  };
  const media = new LocalMedia({ scope: /** @type {any} */ (scope) });
  for (let each = 0; each < 5; each += 1) hardware.dispatchEvent(new Event('devicechange'));
  assert.equal(running(clock).length, 1);
  clock.pass(5_000);
  await settled();
  assert.equal(looks, 1);
  assert.ok(media);
});
