// @ts-check
/** Candidates leave in few frames and wait for their description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EarlyCandidates, Outgoing, belongs, farthestKind, isRoute } from '../../../frontend/call/candidates.js';
import { BATCH_AT_MS, BURST_MS, CANDIDATES_MAX, GATHER_MS } from '../../../frontend/call/limits.js';
import { FakeClock } from './fakes.js';

const candidate = (/** @type {string} */ name, fragment = 'abcd', kind = 'host') => (
  { candidate: `candidate:${name} 1 udp 1 192.0.2.1 ${name} typ ${kind} ufrag ${fragment}` });

/** A sender, and its frames with their times; a description carries the gathered candidates, unless it is told to carry none. */
function outbox({ carries = true, needed = true } = {}) {
  const clock = new FakeClock();
  /** @type {[number, number | 'description'][]} */
  const sent = [];
  const outgoing = new Outgoing({
    describe: () => {
      sent.push([clock.now(), 'description']);
      return carries;
    },
    send: (candidates) => sent.push([clock.now(), candidates.length]),
    needed: () => needed,
    clock,
  });
  const add = (/** @type {{ candidate: string }} */ each) => outgoing.add(each);
  return { clock, outgoing, add, sent };
}

test('a description leaves with its routes, in one frame, soon after the first of the farthest kind', () => {
  for (const kind of /** @type {const} */ (['host', 'srflx', 'relay'])) {
    const { clock, outgoing, add, sent } = outbox();
    outgoing.start(kind);
    clock.pass(3);
    if (kind !== 'host') add(candidate('1'));
    clock.pass(40);
    add(candidate('2', 'abcd', kind));
    clock.pass(BURST_MS[kind] - 1);
    add(candidate('3'));
    assert.deepEqual(sent, []);
    clock.pass(20_000);
    assert.deepEqual(sent, [[43 + BURST_MS[kind], 'description']]);
  }
});

test('the end of gathering ends the wait', () => {
  const { clock, outgoing, add, sent } = outbox();
  outgoing.start('srflx');
  add(candidate('1'));
  clock.pass(3);
  outgoing.complete();
  clock.pass(20_000);
  assert.deepEqual(sent, [[3, 'description']]);
});

test('nobody is waited for without end', () => {
  for (const kind of /** @type {const} */ (['host', 'srflx', 'relay'])) {
    const { clock, outgoing, sent } = outbox();
    outgoing.start(kind);
    clock.pass(20_000);
    assert.deepEqual(sent, [[GATHER_MS[kind], 'description']]);
  }
});

test('what was waited for and came too late follows soon', () => {
  const { clock, outgoing, add, sent } = outbox();
  outgoing.start('relay');
  clock.pass(GATHER_MS.relay + 50);
  add(candidate('1', 'abcd', 'relay'));
  clock.pass(20_000);
  assert.deepEqual(sent, [[GATHER_MS.relay, 'description'], [GATHER_MS.relay + 50 + BURST_MS.relay, 1]]);
});

test('what is gathered after the description leaves in a batch, or not at all once it is of no use', () => {
  for (const needed of [true, false]) {
    const { clock, outgoing, add, sent } = outbox({ needed });
    outgoing.start('host');
    add(candidate('1'));
    clock.pass(BURST_MS.host + 30);
    add(candidate('2'));
    add(candidate('3'));
    outgoing.complete();
    clock.pass(20_000);
    const batch = /** @type {[number, number][]} */ ([[BURST_MS.host + /** @type {number} */ (BATCH_AT_MS[0]), 2]]);
    assert.deepEqual(sent, [[BURST_MS.host, 'description'], ...(needed ? batch : [])]);
  }
});

test('a description for which nothing is gathered leaves at once', () => {
  const { outgoing, sent } = outbox();
  outgoing.start(null);
  assert.deepEqual(sent, [[0, 'description']]);
});

test('routes that a description does not carry follow it at once, even those of a connection that is up', () => {
  const { clock, outgoing, add, sent } = outbox({ carries: false, needed: false });
  outgoing.start('host');
  add(candidate('1'));
  add(candidate('2'));
  clock.pass(20_000);
  assert.deepEqual(sent, [[BURST_MS.host, 'description'], [BURST_MS.host, 2]]);
});

test('routes of the gathering before are not waited for, nor sent', () => {
  const { clock, outgoing, add, sent } = outbox();
  outgoing.start(null);
  add(candidate('1', 'older', 'relay'));
  outgoing.start('relay');
  add(candidate('2'));
  clock.pass(20_000);
  assert.deepEqual(sent, [[0, 'description'], [GATHER_MS.relay, 'description']]);
});

test('a trickle over ten seconds is a description and at most four batches', () => {
  const { clock, outgoing, add, sent } = outbox();
  outgoing.start('host');
  for (let each = 0; each < CANDIDATES_MAX - 4; each += 1) {
    add(candidate(String(each)));
    clock.pass(160);
  }
  clock.pass(20_000);
  assert.ok(sent.length <= 1 + BATCH_AT_MS.length + 1, `${sent.length} frames`);
});

test('a frame never carries more than the peer accepts', () => {
  const { clock, outgoing, add, sent } = outbox();
  outgoing.start(null);
  for (let each = 0; each < CANDIDATES_MAX * 2; each += 1) add(candidate(String(each)));
  clock.pass(10_000);
  assert.deepEqual(sent.map(([, count]) => count), ['description', CANDIDATES_MAX, CANDIDATES_MAX]);
});

test('what is closed sends nothing any more', () => {
  const { clock, outgoing, add, sent } = outbox();
  outgoing.start('host');
  add(candidate('1'));
  outgoing.close();
  clock.pass(10_000);
  assert.deepEqual(sent, []);
});

test('the farthest kind is a relay where nothing else counts, and a server where there is one', () => {
  const iceServers = [{ urls: 'turn:relay.example' }];
  assert.equal(farthestKind({ iceServers, iceTransportPolicy: 'relay' }), 'relay');
  assert.equal(farthestKind({ iceServers, iceTransportPolicy: 'all' }), 'srflx');
  assert.equal(farthestKind({}), 'host');
});

test('what no browser can use is no route', () => {
  assert.equal(isRoute('candidate:1 1 udp 2122194687 192.0.2.1 4711 typ host'), true);
  assert.equal(isRoute('candidate:1 1 tcp 1518214911 192.0.2.1 9 typ host tcptype active'), false);
  assert.equal(isRoute('candidate:1 2 UDP 2122187006 192.0.2.1 4712 typ host'), false);
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
