// @ts-check
/**
 * One connection to the peer: an RTCPeerConnection with its negotiation, thrown away whole when it cannot go on.
 *
 * Sound and picture are negotiated once, both ways, with or without tracks. A later switch (camera off, another
 * microphone) only changes the tracks of the senders, and costs no frame.
 */

import { Negotiation } from './negotiation.js';
import { offerLittle } from './offering.js';

/** @typedef {import('./signals.js').Signal} Signal */
/** @typedef {{ video: MediaStreamTrack | null, audio: MediaStreamTrack | null }} Tracks */

const KINDS = /** @type {const} */ (['audio', 'video']);

export class Peer {
  /**
   * @param {object} options
   * @param {number} options.generation
   * @param {boolean} options.polite
   * @param {RTCIceServer[]} options.iceServers
   * @param {boolean} options.relayOnly
   * @param {MediaStream} options.localStream only names the tracks as belonging together, for lip synchrony
   * @param {() => Tracks} options.tracks what to send now
   * @param {() => RTCRtpEncodingParameters} options.encoding how to send the picture now
   * @param {(signal: Signal) => void} options.send
   * @param {(state: string) => void} options.onConnection
   * @param {() => void} options.onRemote
   * @param {(reason: string) => void} options.onNoRoute
   * @param {(error: unknown) => void} options.onFault
   * @param {import('./candidates.js').Clock} options.clock
   */
  constructor(options) {
    this.options = options;
    this.generation = options.generation;
    this.remote = new MediaStream();
    /** @type {{ video: RTCRtpSender | null, audio: RTCRtpSender | null }} */
    this.senders = { video: null, audio: null };
    this.relayRefused = false;
    this.updating = Promise.resolve();
    this.listeners = new AbortController();
    this.pc = new RTCPeerConnection({
      iceServers: options.iceServers,
      iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
      bundlePolicy: 'max-bundle',
    });
    this.#listen();
    this.negotiation = new Negotiation({
      pc: this.pc, polite: options.polite, relayOnly: options.relayOnly, clock: options.clock,
      send: (signal) => options.send({ generation: this.generation, ...signal }),
      prepare: () => this.#prepareAnswer(), onFault: options.onFault,
    });
    if (!options.polite) this.#prepareOffer();
  }

  get #closed() {
    return this.listeners.signal.aborted;
  }

  #listen() {
    const on = { signal: this.listeners.signal };
    this.pc.addEventListener('connectionstatechange', () => this.options.onConnection(this.pc.connectionState), on);
    this.pc.addEventListener('signalingstatechange', () => {
      if (this.pc.signalingState !== 'stable') return;
      // The answering side shows the stranger afterwards: nothing comes before, and a player is slow to be made.
      if (this.remote.getTracks().length > 0) this.options.onRemote();
      // A restart of a connection that still works leaves `connectionState` at "connected" all the time, so its end is
      // told here.
      if (this.pc.connectionState === 'connected') this.options.onConnection('connected');
    }, on);
    this.pc.addEventListener('track', ({ track, transceiver }) => {
      // One picture and one sound, and nothing else that is fed into this page.
      if (this.remote.getTracks().some(({ kind }) => kind === track.kind)) return transceiver.stop?.();
      this.remote.addTrack(track);
      if (this.pc.signalingState === 'stable') this.options.onRemote();
    }, on);
    this.pc.addEventListener('icecandidateerror', (event) => {
      // 401 and 403 are the relay's own "no"; 701 says that it could not be reached, per network interface.
      const { errorCode } = /** @type {RTCPeerConnectionIceErrorEvent} */ (event);
      if (errorCode === 401 || errorCode === 403) this.relayRefused = true;
    }, on);
    this.pc.addEventListener('icegatheringstatechange', () => {
      const none = this.pc.iceGatheringState === 'complete' && this.negotiation.candidatesGathered === 0;
      if (none && this.options.relayOnly) this.options.onNoRoute(this.relayRefused ? 'relay_refused' : 'relay_unreachable');
    }, on);
  }

  /** @param {Signal} signal */
  receive(signal) {
    return this.negotiation.receive(signal);
  }

  /** @param {{ iceServers: RTCIceServer[], relayOnly: boolean }} config fresh credentials, for the next restart */
  configure({ iceServers, relayOnly }) {
    this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers, iceTransportPolicy: relayOnly ? 'relay' : 'all' });
  }

  /** Send the tracks of now, in the quality of now. Updates run one after the other, so the newest wins. */
  update() {
    const update = this.updating.then(() => this.#update());
    this.updating = update.catch(() => {});
    return update;
  }

  close() {
    this.listeners.abort();
    this.negotiation.close();
    this.pc.close();
  }

  #prepareOffer() {
    const { tracks, localStream, encoding } = this.options;
    const { audio, video } = tracks();
    const streams = [localStream];
    const transceivers = {
      audio: this.pc.addTransceiver(audio ?? 'audio', { direction: 'sendrecv', streams }),
      video: this.pc.addTransceiver(video ?? 'video', { direction: 'sendrecv', streams, sendEncodings: [encoding()] }),
    };
    for (const kind of KINDS) {
      offerLittle(transceivers[kind]);
      this.senders[kind] = transceivers[kind].sender;
    }
  }

  async #prepareAnswer() {
    for (const transceiver of this.pc.getTransceivers()) {
      const kind = /** @type {'audio' | 'video'} */ (transceiver.receiver.track.kind);
      // A stranger's page may offer more than one of a kind.
      if (this.senders[kind] && this.senders[kind] !== transceiver.sender) {
        transceiver.stop?.();
        continue;
      }
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams?.(this.options.localStream);
      this.senders[kind] = transceiver.sender;
    }
    await this.update();
  }

  async #update() {
    try {
      if (this.#closed) return;
      await this.#updateEncoding();
      if (!this.#closed) await this.#updateTracks();
    } catch (error) {
      // A sender cannot be changed once its connection is closed, and need not be.
      if (!this.#closed) throw error;
    }
  }

  async #updateTracks() {
    const tracks = this.options.tracks();
    await Promise.all(KINDS.map(async (kind) => {
      const sender = this.senders[kind];
      if (sender && sender.track !== tracks[kind]) await sender.replaceTrack(tracks[kind]);
    }));
  }

  async #updateEncoding() {
    const sender = this.senders.video;
    const parameters = sender?.getParameters();
    const [encoding] = parameters?.encodings ?? [];
    if (!sender || !parameters || !encoding) return;
    const wanted = this.options.encoding();
    const same = /** @type {const} */ (['active', 'maxBitrate', 'maxFramerate', 'scaleResolutionDownBy']).every((key) => encoding[key] === wanted[key]);
    if (same) return;
    Object.assign(encoding, wanted);
    await sender.setParameters(parameters);
  }
}
