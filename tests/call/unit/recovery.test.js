// @ts-check
/** When a call is restarted, rebuilt, asked for or given up. Time is a number that the test turns. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as limits from '../../../frontend/call/limits.js';
import { advance, begin } from '../../../frontend/call/recovery.js';

/** Drives a recovery and keeps what it did and when. @param {{ offerer: boolean, resumed?: boolean }} role */
function drive({ offerer, resumed = false }) {
  const first = begin({ offerer, resumed }, 0);
  let recovery = first.recovery;
  let now = 0;
  /** @type {[number, string][]} */
  const done = first.actions.map((action) => [0, action]);
  const happen = (/** @type {import('../../../frontend/call/recovery.js').Event} */ event) => {
    const step = advance(recovery, event, now);
    recovery = step.recovery;
    for (const action of step.actions) done.push([now, action]);
  };
  return {
    happen,
    done,
    /** @param {string} state */
    connection: (state) => happen({ type: 'connection', state }),
    /** Let time pass; every deadline on the way comes. @param {number} ms @param {string} [state] */
    pass(ms, state = 'disconnected') {
      const end = now + ms;
      for (let ticks = 0; recovery.deadline <= end; ticks += 1) {
        assert.ok(ticks < 100, 'the deadlines do not end');
        now = recovery.deadline;
        happen({ type: 'tick', state });
      }
      now = end;
    },
    get phase() { return recovery.phase; },
    get reason() { return recovery.reason; },
    actions: () => done.map(([, action]) => action),
  };
}

test('only the first offerer builds at the start', () => {
  assert.deepEqual(drive({ offerer: true }).actions(), ['rebuild']);
  assert.deepEqual(drive({ offerer: false }).actions(), []);
});

test('who comes back after a reload asks for an offer, or makes one', () => {
  assert.deepEqual(drive({ offerer: false, resumed: true }).actions(), ['ask_rebuild']);
  assert.deepEqual(drive({ offerer: true, resumed: true }).actions(), ['rebuild']);
});

test('a start that hangs is built anew, ever more patiently, and then given up with a reason', () => {
  const call = drive({ offerer: true });
  call.pass(60_000, 'new');
  const [first = 0, second = 0, third = 0] = limits.CONNECT_MS;
  assert.deepEqual(call.done, [[0, 'rebuild'], [first, 'rebuild'], [first + second, 'rebuild'], [first + second + third, 'give_up']]);
  assert.equal(call.phase, 'failed');
  assert.equal(call.reason, 'no_connection');
});

test('the answerer waits longer than the offerer and then asks', () => {
  const call = drive({ offerer: false });
  call.pass((limits.CONNECT_MS[0] ?? 0) + limits.ANSWERER_PATIENCE_MS - 1, 'new');
  assert.deepEqual(call.actions(), []);
  call.pass(1, 'new');
  assert.deepEqual(call.actions(), ['ask_rebuild']);
});

test('a short cut heals without anything being done', () => {
  for (const offerer of [true, false]) {
    const call = drive({ offerer });
    call.connection('connected');
    const before = call.done.length;
    call.connection('disconnected');
    call.pass(limits.HEAL_MS - 1);
    call.connection('connected');
    call.pass(60_000, 'connected');
    assert.equal(call.done.length, before);
    assert.equal(call.phase, 'connected');
  }
});

test('a longer cut is restarted by the first offerer and asked for by the other', () => {
  for (const [offerer, action] of /** @type {const} */ ([[true, 'restart'], [false, 'ask_restart']])) {
    const call = drive({ offerer });
    call.connection('connected');
    call.connection('disconnected');
    call.pass(limits.HEAL_MS + limits.ANSWERER_PATIENCE_MS);
    assert.equal(call.actions().at(-1), action);
    call.connection('connected');
    assert.equal(call.phase, 'connected');
  }
});

test('a path that fails at once is never restarted faster than the gap, and ends', () => {
  const call = drive({ offerer: true });
  call.connection('connected');
  for (let step = 0; step < 2_000; step += 1) {
    call.connection('failed');
    call.pass(50, 'failed');
  }
  const times = call.done.map(([at]) => at);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  assert.ok(gaps.slice(1).every((gap) => gap >= limits.REBUILD_GAP_MS), `gaps ${gaps}`);
  assert.ok(call.done.length < 10, `${call.done.length} actions in 100 s`);
  assert.equal(call.reason, 'connection_lost');
});

test('a flapping path gets no new budget before it has been stable', () => {
  const call = drive({ offerer: true });
  for (let flap = 0; flap < 60; flap += 1) {
    call.connection('connected');
    call.pass(1_000, 'connected');
    call.connection('failed');
    call.pass(limits.RESTART_GAP_MS, 'failed');
  }
  assert.equal(call.phase, 'failed');
});

test('what was stable for a while has its whole budget again, and is restarted once and then rebuilt', () => {
  const call = drive({ offerer: true });
  for (let loss = 0; loss < 20; loss += 1) {
    call.connection('connected');
    call.pass(limits.STABLE_MS, 'connected');
    call.connection('disconnected');
    call.pass(limits.HEAL_MS);
    assert.equal(call.actions().at(-1), loss % 2 === 0 ? 'restart' : 'rebuild');
  }
});

test('a connection that says connected and brings nothing is restarted, and then rebuilt', () => {
  for (const [offerer, actions] of /** @type {const} */ ([[true, ['restart', 'rebuild']], [false, ['ask_restart', 'ask_rebuild']]])) {
    const call = drive({ offerer });
    call.connection('connected');
    for (const action of actions) {
      call.happen({ type: 'silent' });
      assert.equal(call.actions().at(-1), action);
      call.connection('connected');
    }
  }
});

test('an asked restart happens, once for two asks in a row', () => {
  const call = drive({ offerer: true });
  call.connection('connected');
  call.happen({ type: 'asked', what: 'restart' });
  call.happen({ type: 'asked', what: 'restart' });
  assert.deepEqual(call.actions(), ['rebuild', 'restart']);
});

test('a restart that leaves the state at connected is over when its time is', () => {
  const call = drive({ offerer: true });
  call.connection('connected');
  call.happen({ type: 'asked', what: 'restart' });
  call.pass(limits.RESTART_MS, 'connected');
  assert.equal(call.phase, 'connected');
});

test('an asked rebuild keeps the gap but is not forgotten', () => {
  const call = drive({ offerer: true });
  call.happen({ type: 'asked', what: 'rebuild' });
  assert.deepEqual(call.actions(), ['rebuild']);
  call.pass(limits.REBUILD_GAP_MS, 'new');
  assert.deepEqual(call.actions(), ['rebuild', 'rebuild']);
  assert.equal(call.phase, 'connecting');
});

test('a stranger cannot ask for ever', () => {
  const call = drive({ offerer: true });
  for (let ask = 0; ask < 200; ask += 1) {
    call.pass(limits.REBUILD_GAP_MS, 'connected');
    call.connection('connected');
    call.happen({ type: 'asked', what: 'rebuild' });
  }
  assert.equal(call.actions().length, 1 + limits.ASKED_MAX);
});

test('the answerer is never told what to do', () => {
  const call = drive({ offerer: false });
  call.connection('connected');
  call.happen({ type: 'asked', what: 'rebuild' });
  call.happen({ type: 'asked', what: 'restart' });
  assert.deepEqual(call.actions(), []);
});

test('a socket that is back says the last thing again, and restarts what is lost', () => {
  const call = drive({ offerer: true });
  call.happen({ type: 'reachable' });
  assert.deepEqual(call.actions(), ['rebuild', 'resend']);
  call.connection('connected');
  call.connection('disconnected');
  call.happen({ type: 'reachable' });
  call.pass(0);
  assert.deepEqual(call.actions(), ['rebuild', 'resend', 'resend', 'restart']);
});

test('a socket that is back revives a call that failed meanwhile', () => {
  const call = drive({ offerer: true });
  call.pass(60_000, 'new');
  assert.equal(call.phase, 'failed');
  call.happen({ type: 'reachable' });
  call.pass(0, 'new');
  assert.equal(call.actions().at(-1), 'rebuild');
  assert.equal(call.phase, 'connecting');
});

test('without any route fresh credentials are asked for once, then the reason is told', () => {
  const call = drive({ offerer: true });
  call.happen({ type: 'no_route', reason: 'relay_refused' });
  assert.deepEqual(call.actions(), ['rebuild', 'refresh']);
  call.pass(limits.REBUILD_GAP_MS, 'new');
  assert.equal(call.actions().at(-1), 'rebuild');
  call.happen({ type: 'no_route', reason: 'relay_refused' });
  assert.equal(call.actions().at(-1), 'give_up');
  assert.equal(call.reason, 'relay_refused');
});

test('the own reason is not replaced by the peer giving up as well', () => {
  const call = drive({ offerer: true });
  call.happen({ type: 'no_route', reason: 'relay_refused' });
  call.happen({ type: 'no_route', reason: 'relay_refused' });
  call.happen({ type: 'given_up', reason: 'peer_failed' });
  assert.equal(call.reason, 'relay_refused');
});

test('while somebody has not agreed nothing is tried, and afterwards everything', () => {
  const call = drive({ offerer: true });
  call.happen({ type: 'held' });
  call.pass(600_000, 'new');
  assert.deepEqual(call.actions(), ['rebuild']);
  call.happen({ type: 'released' });
  call.pass(limits.CONNECT_MS[0] ?? 0, 'new');
  assert.deepEqual(call.actions(), ['rebuild', 'rebuild']);
});

test('a hold does not take down a call that is up', () => {
  const call = drive({ offerer: false });
  call.connection('connected');
  call.happen({ type: 'held' });
  assert.equal(call.phase, 'connected');
});

test('a hold that was overtaken by the end of the call does not bring the waiting back', () => {
  const call = drive({ offerer: false });
  call.happen({ type: 'given_up', reason: 'peer_declined' });
  call.happen({ type: 'held' });
  assert.equal(call.phase, 'failed');
  assert.equal(call.reason, 'peer_declined');
});

test('a fault is rebuilt after the gap and not without end', () => {
  const call = drive({ offerer: true });
  for (let fault = 0; fault < 10; fault += 1) {
    call.happen({ type: 'fault' });
    call.pass(limits.REBUILD_GAP_MS, 'new');
  }
  assert.equal(call.phase, 'failed');
  assert.equal(call.actions().filter((action) => action === 'rebuild').length, limits.CONNECT_MS.length);
});

test('another try after a failure has a whole budget', () => {
  const call = drive({ offerer: false });
  call.pass(120_000, 'new');
  assert.equal(call.phase, 'failed');
  call.happen({ type: 'retry' });
  assert.equal(call.actions().at(-1), 'ask_rebuild');
  assert.equal(call.phase, 'connecting');
});

test('after a person declined nothing but that person leads back', () => {
  const call = drive({ offerer: true });
  call.connection('connected');
  call.happen({ type: 'declined' });
  const before = call.done.length;
  call.happen({ type: 'asked', what: 'rebuild' });
  call.happen({ type: 'offer_received', fresh: true });
  call.happen({ type: 'reachable' });
  call.happen({ type: 'fault' });
  call.pass(600_000);
  assert.equal(call.done.length, before);
  assert.equal(call.phase, 'declined');
  call.happen({ type: 'retry' });
  assert.equal(call.actions().at(-1), 'rebuild');
});

test('after the stranger declined no fault and no socket leads back, but their word and the own does', () => {
  for (const offerer of [true, false]) {
    const call = drive({ offerer });
    call.connection('connected');
    call.happen({ type: 'given_up', reason: 'peer_declined' });
    for (const type of /** @type {const} */ (['fault', 'reachable', 'silent', 'held', 'released'])) call.happen({ type });
    call.pass(60_000);
    assert.deepEqual([call.phase, call.reason], ['failed', 'peer_declined']);
    call.happen(offerer ? { type: 'asked', what: 'rebuild' } : { type: 'offer_received', fresh: true });
    assert.equal(call.phase, 'connecting');
  }
});
