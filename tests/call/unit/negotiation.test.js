// @ts-check
/** Which frames a negotiation takes: two for an ordinary call, with any candidates at any time. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BATCH_AT_MS, BURST_MS, CANDIDATES_MAX, GATHER_MS } from '../../../frontend/call/limits.js';
import { Negotiation } from '../../../frontend/call/negotiation.js';
import { FakeClock, FakeConnection } from './fakes.js';

const FIRST_BATCH_MS = /** @type {number} */ (BATCH_AT_MS[0]);
const OFFER = { type: /** @type {const} */ ('offer'), sdp: 'v=0\r\na=ice-ufrag:them\r\n' };
const ANSWER = { type: /** @type {const} */ ('answer'), sdp: 'v=0\r\na=ice-ufrag:them\r\n' };

/** @param {{ polite?: boolean, configuration?: RTCConfiguration, prepare?: () => Promise<void> }} [options] */
function side({ polite = false, configuration = {}, prepare = async () => {} } = {}) {
  const clock = new FakeClock();
  const pc = new FakeConnection(configuration);
  /** @type {import('../../../frontend/call/signals.js').Signal[]} */
  const sent = [];
  const negotiation = new Negotiation({
    pc: /** @type {any} */ (pc), polite, relayOnly: configuration.iceTransportPolicy === 'relay', clock,
    send: (signal) => sent.push(signal), prepare, onFault: (error) => { throw error; },
  });
  return { clock, pc, negotiation, sent };
}

/** @param {FakeConnection} pc */
async function offer(pc) {
  pc.dispatchEvent(new Event('negotiationneeded'));
  await settled();
}

/** All that was promised has happened. */
function settled() {
  return new Promise((resolve) => { setImmediate(resolve); });
}

/** @param {import('../../../frontend/call/signals.js').Signal | undefined} signal */
function routesIn(signal) {
  return [...(signal?.description?.sdp ?? '').matchAll(/a=candidate:(\S+)/g)].map(([, name]) => name);
}

test('an offer takes its routes with it, and those that come after the connection is up are not sent', async () => {
  const { clock, pc, negotiation, sent } = side();
  await offer(pc);
  pc.gather('1 1 udp 1 192.0.2.1 4711 typ host');
  clock.pass(BURST_MS.host);
  assert.deepEqual([sent.length, sent[0]?.number, routesIn(sent[0])], [1, 1, ['1']]);
  await negotiation.receive({ description: ANSWER, number: 1 });
  pc.connectionState = 'connected';
  pc.gather('2 1 udp 1 192.0.2.1 4712 typ host');
  clock.pass(20_000);
  assert.equal(sent.length, 1);
});

test('as long as there is no connection, what comes later is sent, but for what no browser can use', async () => {
  const { clock, pc, negotiation, sent } = side();
  await offer(pc);
  pc.gather('1 1 udp 1 192.0.2.1 4711 typ host');
  clock.pass(BURST_MS.host);
  await negotiation.receive({ description: ANSWER, number: 1 });
  pc.gather('2 1 tcp 1 192.0.2.1 9 typ host tcptype active');
  pc.gather('3 2 UDP 1 192.0.2.1 4712 typ host');
  clock.pass(FIRST_BATCH_MS);
  assert.equal(sent.length, 1);
  pc.gather('4 1 udp 1 192.0.2.1 4713 typ host');
  clock.pass(20_000);
  assert.deepEqual(sent[1]?.candidates?.map(({ candidate }) => candidate), ['candidate:4 1 udp 1 192.0.2.1 4713 typ host']);
});

test('an answer waits for the relay of a hidden call, tells no other address, and holds nothing else up', async () => {
  const { clock, pc, negotiation, sent } = side({ polite: true, configuration: { iceTransportPolicy: 'relay' } });
  await negotiation.receive({ description: OFFER, number: 1 });
  await negotiation.receive({ candidates: [{ candidate: 'candidate:9 1 udp 1 192.0.2.9 9 typ host ufrag them' }] });
  assert.deepEqual(pc.routes.length, 1, 'the route of the peer waited');
  clock.pass(GATHER_MS.relay - 100);
  assert.deepEqual(sent, []);
  pc.gather('1 1 udp 1 203.0.113.9 54474 typ relay raddr 192.168.178.59 rport 54474');
  clock.pass(BURST_MS.relay);
  assert.deepEqual([sent.length, sent[0]?.number, routesIn(sent[0])], [1, 1, ['1']]);
  assert.doesNotMatch(String(sent[0]?.description?.sdp), /192\.168/);
});

test('the end of gathering lets the description leave', async () => {
  const { pc, sent } = side({ configuration: { iceServers: [{ urls: 'stun:stun.example' }] } });
  await offer(pc);
  pc.gather('1 1 udp 1 192.0.2.1 4711 typ host');
  assert.equal(sent.length, 0);
  pc.complete();
  assert.deepEqual(routesIn(sent[0]), ['1']);
});

test('an offer that comes twice hurries the answer, and an answer that was sent is sent again', async () => {
  const { clock, pc, negotiation, sent } = side({ polite: true });
  await negotiation.receive({ description: OFFER, number: 1 });
  await negotiation.receive({ description: OFFER, number: 1 });
  assert.equal(sent.length, 1);
  pc.gather('1 1 udp 1 192.0.2.1 4711 typ host');
  clock.pass(20_000);
  assert.deepEqual(sent.map((signal) => Object.keys(signal)), [['description', 'number'], ['candidates']]);
  await negotiation.receive({ description: OFFER, number: 1 });
  assert.deepEqual([sent.length, routesIn(sent[2])], [3, ['1']]);
});

test('a restart waits for its routes again, and needs the late ones although the connection seems up', async () => {
  const { clock, pc, negotiation, sent } = side();
  await offer(pc);
  pc.complete();
  await negotiation.receive({ description: ANSWER, number: 1 });
  pc.connectionState = 'connected';
  pc.fragment = 'anew';
  await offer(pc);
  assert.equal(sent.length, 1);
  clock.pass(GATHER_MS.host);
  assert.deepEqual([sent.length, sent[1]?.number], [2, 2]);
  pc.gather('1 1 udp 1 192.0.2.1 4711 typ host');
  clock.pass(20_000);
  assert.equal(sent[2]?.candidates?.length, 1);
});

test('a change for which nothing is gathered is offered at once', async () => {
  const { pc, negotiation, sent } = side();
  await offer(pc);
  pc.complete();
  await negotiation.receive({ description: ANSWER, number: 1 });
  await offer(pc);
  assert.deepEqual([sent.length, sent[1]?.number], [2, 2]);
});

test('an offer that was taken back while it waited is not sent', async () => {
  const { clock, pc, negotiation, sent } = side({ polite: true });
  await negotiation.receive({ description: OFFER, number: 1 });
  pc.complete();
  pc.fragment = 'anew';
  await offer(pc);
  await negotiation.receive({ description: OFFER, number: 2 });
  clock.pass(20_000);
  assert.deepEqual(sent.map(({ description, number }) => [description?.type, number]), [['answer', 1], ['answer', 2]]);
});

test('nor is it while the answer is being made', async () => {
  let made = () => {};
  const { clock, pc, negotiation, sent } = side({ polite: true, prepare: () => new Promise((resolve) => { made = resolve; }) });
  const first = negotiation.receive({ description: OFFER, number: 1 });
  await settled();
  made();
  await first;
  pc.complete();
  pc.fragment = 'anew';
  await offer(pc);
  negotiation.receive({ description: OFFER, number: 2 });
  clock.pass(20_000);
  negotiation.resend();
  assert.deepEqual(sent.map(({ number }) => number), [1]);
});

test('a description with too many routes leaves without them, and they follow', async () => {
  const { clock, pc, sent } = side();
  await offer(pc);
  const routes = Array.from({ length: CANDIDATES_MAX - 1 }, (_, index) => `${index} 1 udp 1 ${'2001:db8::'.repeat(40)} 4711 typ host`);
  for (const route of routes) pc.gather(route);
  clock.pass(1_000);
  assert.deepEqual(sent.map(({ description, candidates }) => [description?.sdp.length, candidates?.length]), [[23, undefined], [undefined, routes.length]]);
});

test('of a flood of candidates a connection looks at so many, whether they are of it or of nobody', async () => {
  for (const usernameFragment of ['them', 'nobody']) {
    const { pc, negotiation } = side({ polite: true });
    await negotiation.receive({ description: OFFER, number: 1 });
    const candidates = Array.from({ length: 64 }, (_, each) => ({
      candidate: `candidate:${each} 1 udp 1 192.0.2.1 4711 typ host`, sdpMid: '0', usernameFragment,
    }));
    for (let each = 0; each < 20; each += 1) await negotiation.receive({ candidates });
    assert.ok(pc.routes.length <= 256 && negotiation.early.held.length <= 64, `${pc.routes.length}, ${negotiation.early.held.length}`);
    assert.equal(negotiation.candidatesTaken, 256);
  }
});
