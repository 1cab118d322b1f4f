// @ts-check
/**
 * The page's one call at a time: forwards the server's events to the call of their room, and to no other.
 *
 * `paired` opens a call, or renews the one of its room; a signal for another room is kept for a moment, in case it overtook
 * its `paired`, and reaches no other call.
 */

import { createCall } from './call.js';
import { SignalInbox } from './inbox.js';

/**
 * @typedef {{ room: string, polite: boolean, iceServers?: RTCIceServer[], relayOnly?: boolean }} Paired
 * @typedef {import('./call.js').CallOptions} CallOptions
 * @typedef {object} Own
 * @property {(room: string, data: import('./signals.js').Signal) => void} send
 * @property {(state: import('./state.js').CallState | null) => void} onState null: there is no call
 * @property {(relayOnly: boolean) => boolean} [agreed] false when the user must first agree to show the address
 * @property {() => boolean} [blurUntilReveal]
 * @typedef {Own & Pick<CallOptions, 'media' | 'remoteVideo' | 'localVideo' | 'requestRelays'>} CallsOptions
 */

export class Calls {
  /** @param {CallsOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {import('./call.js').Call | null} */
    this.call = null;
    this.inbox = new SignalInbox();
  }

  /** `paired` of a video room. @param {Paired} paired @param {{ resumed: boolean }} [how] whether it answers `resume` */
  paired(paired, { resumed } = { resumed: false }) {
    if (this.call?.room === paired.room) return this.call.renew(paired);
    this.end();
    const { media, remoteVideo, localVideo, send, onState, agreed, blurUntilReveal, requestRelays } = this.options;
    const { room, polite, iceServers = [], relayOnly = false } = paired;
    this.call = createCall({
      room, polite, iceServers, relayOnly, resumed, media, remoteVideo, localVideo, onState, requestRelays,
      hold: agreed ? !agreed(relayOnly) : false,
      blurUntilReveal: blurUntilReveal?.() ?? false,
      send: (data) => send(room, data),
    });
    for (const data of this.inbox.take(room)) this.call.receive(data);
  }

  /** A `signal` event. @param {{ room: string, data: unknown }} event */
  signalled({ room, data }) {
    if (this.call?.room === room) this.call.receive(data);
    else this.inbox.hold(room, data);
  }

  /** The peer's connection came back. @param {{ room: string }} event */
  peerBack({ room }) {
    if (this.call?.room === room) this.call.signallingRestored();
  }

  /** The room is over. */
  end() {
    if (!this.call) return;
    this.call.close();
    this.call = null;
    this.options.onState(null);
  }
}
