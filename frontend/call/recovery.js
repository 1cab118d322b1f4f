// @ts-check
/**
 * When a call is restarted, rebuilt, asked for or given up: a pure function of what happened.
 *
 * The first offerer owns every restart and rebuild, and the other side asks for them: Chromium, answering Firefox, is
 * stuck for good after a restart of its own ("Failed to set SSL role for the transport"). A connection is restarted once
 * and then rebuilt: at the second restart Firefox, answering Chromium, stays "connected" and receives nothing (4 of 4).
 * Everything happens at a deadline, which events only move, so no loop is faster than the gaps in limits.js.
 *
 * connecting -> connected -> lost -> restarting -> connected ... and from anywhere, budgets spent, -> failed.
 * `held` waits for this person's consent; from `declined` only they lead back.
 */

import * as limits from './limits.js';

/**
 * @typedef {'held' | 'connecting' | 'connected' | 'lost' | 'restarting' | 'failed' | 'declined'} Phase
 * @typedef {'rebuild' | 'restart' | 'ask_rebuild' | 'ask_restart' | 'resend' | 'refresh' | 'give_up'} Action
 * @typedef {object} Recovery
 * @property {Phase} phase
 * @property {boolean} offerer
 * @property {boolean} wasConnected
 * @property {boolean} restarted this connection was
 * @property {number} rebuilds since the connection was last stable
 * @property {number} refusals times that no route at all was gathered
 * @property {number} asked what the peer has asked for
 * @property {boolean} owed a rebuild that must wait for its gap
 * @property {number} restartedAt
 * @property {number} rebuiltAt
 * @property {number} deadline when `tick` is due; Infinity for never
 * @property {string | null} reason why it failed
 *
 * @typedef {{ type: 'connection', state: string } | { type: 'tick', state: string }
 *   | { type: 'asked', what: 'restart' | 'rebuild' } | { type: 'offer_received', fresh: boolean }
 *   | { type: 'reachable' } | { type: 'held' } | { type: 'released' } | { type: 'fault' } | { type: 'silent' }
 *   | { type: 'no_route', reason: string } | { type: 'given_up', reason: string } | { type: 'declined' } | { type: 'retry' }} Event
 * @typedef {{ recovery: Recovery, actions: Action[] }} Step
 */

/** The start of a call. A page that comes back after a reload has missed the offer and asks for a new one.
 * @param {{ offerer: boolean, resumed: boolean }} role @param {number} now @returns {Step} */
export function begin({ offerer, resumed }, now) {
  /** @type {Recovery} */
  const recovery = {
    phase: 'connecting', offerer, wasConnected: false, restarted: false, rebuilds: 0, refusals: 0, asked: 0, owed: false,
    restartedAt: -Infinity, rebuiltAt: now, deadline: now + connectMs(offerer, 0), reason: null,
  };
  if (offerer) return { recovery, actions: ['rebuild'] };
  return { recovery, actions: resumed ? ['ask_rebuild'] : [] };
}

/** The next state of a call after an event, and its action.
 * @param {Recovery} recovery @param {Event} event @param {number} now @returns {Step} */
export function advance(recovery, event, now) {
  if (recovery.phase === 'declined' && event.type !== 'retry') return stay(recovery);
  switch (event.type) {
    case 'connection': return moved(recovery, event.state, now);
    case 'tick': return now < recovery.deadline ? stay(recovery) : due(recovery, event.state, now);
    case 'asked': return asked(recovery, event.what, now);
    case 'offer_received': return offered(recovery, event.fresh, now);
    case 'reachable': return reachable(recovery, now);
    // Frames overtake one another: a hold that comes after the end, or the picture, is of the past.
    case 'held': return recovery.phase === 'connecting' ? stay({ ...recovery, phase: 'held', deadline: Infinity }) : stay(recovery);
    case 'released': return recovery.phase === 'held' ? stay(connecting(recovery, now)) : stay(recovery);
    case 'fault': return recovery.phase === 'failed' ? stay(recovery) : stay({ ...recovery, phase: 'connecting', deadline: Math.max(now, recovery.rebuiltAt + limits.REBUILD_GAP_MS) });
    case 'no_route': return unroutable(recovery, event.reason, now);
    case 'given_up': return stay({ ...recovery, phase: 'failed', deadline: Infinity, reason: recovery.reason ?? event.reason });
    case 'declined': return stay({ ...recovery, phase: 'declined', deadline: Infinity, reason: 'declined' });
    case 'silent': return recovery.phase === 'connected' ? restartedOrRebuilt(recovery, now) : stay(recovery);
    case 'retry': return rebuilt({ ...recovery, rebuilds: 0, refusals: 0 }, now);
  }
}

/** @param {Recovery} recovery @param {string} state @param {number} now @returns {Step} */
function moved(recovery, state, now) {
  if (state === 'connected') return stay({ ...recovery, phase: 'connected', wasConnected: true, reason: null, deadline: now + limits.STABLE_MS });
  if (state === 'disconnected' && recovery.phase === 'connected') {
    const patience = recovery.offerer ? 0 : limits.ANSWERER_PATIENCE_MS;
    return stay({ ...recovery, phase: 'lost', deadline: now + limits.HEAL_MS + patience });
  }
  if (state !== 'failed') return stay(recovery);
  if (recovery.phase === 'connecting') return stay({ ...recovery, deadline: Math.max(now, recovery.rebuiltAt + limits.REBUILD_GAP_MS) });
  if (recovery.phase === 'held' || recovery.phase === 'failed') return stay(recovery);
  return stay({ ...recovery, phase: 'lost', deadline: Math.max(now, recovery.restartedAt + limits.RESTART_GAP_MS) });
}

/** The deadline came. @param {Recovery} recovery @param {string} state @param {number} now @returns {Step} */
function due(recovery, state, now) {
  if (recovery.owed) return rebuilt({ ...recovery, owed: false }, now);
  switch (recovery.phase) {
    case 'connected': return stay({ ...recovery, rebuilds: 0, refusals: 0, deadline: Infinity });
    case 'connecting': return rebuiltOrFailed(recovery, now);
    case 'restarting': return state === 'connected' ? moved(recovery, state, now) : restartedOrRebuilt(recovery, now);
    case 'lost': return restartedOrRebuilt(recovery, now);
    default: return stay({ ...recovery, deadline: Infinity });
  }
}

/** @param {Recovery} recovery @param {number} now @returns {Step} */
function restartedOrRebuilt(recovery, now) {
  return recovery.restarted ? rebuiltOrFailed(recovery, now) : restarted(recovery, now);
}

/** @param {Recovery} recovery @param {number} now @returns {Step} */
function rebuiltOrFailed(recovery, now) {
  if (recovery.rebuilds + 1 >= limits.CONNECT_MS.length) {
    return failed(recovery, recovery.wasConnected ? 'connection_lost' : 'no_connection');
  }
  return rebuilt({ ...recovery, rebuilds: recovery.rebuilds + 1 }, now);
}

/** @param {Recovery} recovery @param {number} now @returns {Step} */
function restarted(recovery, now) {
  return {
    recovery: { ...recovery, phase: 'restarting', restarted: true, restartedAt: now, deadline: now + limits.RESTART_MS },
    actions: [recovery.offerer ? 'restart' : 'ask_restart'],
  };
}

/** @param {Recovery} recovery @param {number} now @returns {Step} */
function rebuilt(recovery, now) {
  return { recovery: { ...connecting(recovery, now), rebuiltAt: now }, actions: [recovery.offerer ? 'rebuild' : 'ask_rebuild'] };
}

/** @param {Recovery} recovery @param {string} reason @returns {Step} */
function failed(recovery, reason) {
  return { recovery: { ...recovery, phase: 'failed', deadline: Infinity, reason }, actions: ['give_up'] };
}

/** @param {Recovery} recovery @param {'restart' | 'rebuild'} what @param {number} now @returns {Step} */
function asked(recovery, what, now) {
  if (!recovery.offerer || recovery.asked >= limits.ASKED_MAX) return stay(recovery);
  const counted = { ...recovery, asked: recovery.asked + 1 };
  if (what === 'restart') {
    const recent = now < recovery.restartedAt + limits.RESTART_GAP_MS;
    return recent || !recovery.wasConnected || recovery.phase === 'connecting' ? stay(counted) : restartedOrRebuilt(counted, now);
  }
  const earliest = recovery.rebuiltAt + limits.REBUILD_GAP_MS;
  if (now >= earliest) return rebuilt(counted, now);
  return stay({ ...counted, owed: true, deadline: Math.min(recovery.deadline, earliest) });
}

/** The answerer got an offer: of a new connection (`fresh`) or of a restart.
 * @param {Recovery} recovery @param {boolean} fresh @param {number} now @returns {Step} */
function offered(recovery, fresh, now) {
  if (fresh) return stay({ ...connecting(recovery, now), rebuiltAt: now });
  if (recovery.phase !== 'lost') return stay(recovery);
  return stay({ ...recovery, phase: 'restarting', restarted: true, restartedAt: now, deadline: now + limits.RESTART_MS });
}

/** Signalling or the network is back: signals sent meanwhile are lost, and failures of that time prove nothing.
 * @param {Recovery} recovery @param {number} now @returns {Step} */
function reachable(recovery, now) {
  const renewed = { ...recovery, rebuilds: 0 };
  if (recovery.phase === 'lost' || recovery.phase === 'restarting') {
    return { recovery: { ...renewed, phase: 'lost', deadline: now }, actions: ['resend'] };
  }
  if (recovery.reason === 'peer_declined') return stay(recovery); // The other side says so when it wants video again.
  if (recovery.phase === 'failed') return stay({ ...renewed, phase: 'connecting', deadline: now, reason: null });
  return { recovery, actions: ['resend'] };
}

/** Gathering ended without one route: once that may be a stale credential, twice it is the relay.
 * @param {Recovery} recovery @param {string} reason @param {number} now @returns {Step} */
function unroutable(recovery, reason, now) {
  if (recovery.phase === 'failed') return stay(recovery);
  if (recovery.refusals > 0) return failed(recovery, reason);
  const deadline = Math.max(now, recovery.rebuiltAt + limits.REBUILD_GAP_MS);
  return { recovery: { ...recovery, phase: 'connecting', refusals: 1, deadline }, actions: ['refresh'] };
}

/** @param {Recovery} recovery @param {number} now @returns {Recovery} */
function connecting(recovery, now) {
  return { ...recovery, phase: 'connecting', restarted: false, reason: null, deadline: now + connectMs(recovery.offerer, recovery.rebuilds) };
}

/** @param {boolean} offerer @param {number} rebuilds */
function connectMs(offerer, rebuilds) {
  const within = limits.CONNECT_MS[Math.min(rebuilds, limits.CONNECT_MS.length - 1)];
  return /** @type {number} */ (within) + (offerer ? 0 : limits.ANSWERER_PATIENCE_MS);
}

/** @param {Recovery} recovery @returns {Step} */
function stay(recovery) {
  return { recovery, actions: [] };
}
