// @ts-check
/** The state of a call that the page shows, as one plain object made of all known facts. */

import { lowest } from './quality.js';

/** @typedef {import('./signals.js').MediaState} MediaState */
/**
 * @typedef {object} CallState
 * @property {'waiting' | 'connecting' | 'connected' | 'weak' | 'reconnecting' | 'failed'} phase `waiting`: for consent
 * @property {boolean} held for this person's consent
 * @property {string | null} reason why it failed, in the words of the contract
 * @property {'video' | 'low' | 'audio' | 'text'} step what is left of the call; the text side always works
 * @property {'hidden' | 'direct'} address whether the peer could learn this person's address
 * @property {boolean} relayed pictures and sound go over a relay
 * @property {boolean} picture the stranger's picture is there and is to be shown
 * @property {boolean} clear both have revealed themselves; otherwise the picture is shown blurred
 * @property {boolean} revealed this person has
 * @property {Omit<MediaState, 'version' | 'want'>} peer
 * @property {boolean} soundBlocked the browser wants a tap before it plays sound
 */

/** The facts that a call knows, from which its state is described.
 * @typedef {import('./quality.js').Quality} Quality
 * @typedef {object} Known
 * @property {import('./recovery.js').Recovery | null} recovery null before the user agreed
 * @property {boolean} weak
 * @property {Quality} quality of the picture that is sent
 * @property {Quality} want of the picture that is asked for
 * @property {boolean} relayOnly
 * @property {boolean} relayed
 * @property {boolean} frame
 * @property {boolean} revealed
 * @property {CallState['peer']} peer
 * @property {boolean} soundBlocked
 */

/** @param {Known} known @returns {CallState} */
export function describe({ recovery, weak, quality, want, relayOnly, relayed, frame, revealed, peer, soundBlocked }) {
  const phase = phaseOf(recovery, weak);
  return {
    phase,
    held: recovery === null,
    reason: phase === 'failed' ? (recovery?.reason ?? null) : null,
    step: phase === 'failed' ? 'text' : lowest(quality, want),
    address: relayOnly ? 'hidden' : 'direct',
    relayed: relayOnly || relayed,
    picture: frame && peer.camera && !peer.paused && phase !== 'failed',
    clear: revealed && peer.revealed,
    revealed,
    peer: { camera: peer.camera, microphone: peer.microphone, paused: peer.paused, revealed: peer.revealed },
    soundBlocked,
  };
}

/** @param {Known['recovery']} recovery @param {boolean} weak @returns {CallState['phase']} */
function phaseOf(recovery, weak) {
  if (recovery === null || recovery.phase === 'held') return 'waiting';
  if (recovery.phase === 'connected') return weak ? 'weak' : 'connected';
  if (recovery.phase === 'failed' || recovery.phase === 'declined') return 'failed';
  return recovery.wasConnected ? 'reconnecting' : 'connecting';
}
