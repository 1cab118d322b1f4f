// @ts-check
/** A clock that the test turns, and a connection whose routes it finds. */

export class FakeClock {
  constructor() {
    this.time = 0;
    this.numbers = 0;
    /** @type {Map<number, { at: number, run: () => void }>} */
    this.timers = new Map();
  }

  now() {
    return this.time;
  }

  /** @param {() => void} run @param {number} ms */
  setTimeout(run, ms) {
    this.numbers += 1;
    this.timers.set(this.numbers, { at: this.time + ms, run });
    return this.numbers;
  }

  /** @param {number} id */
  clearTimeout(id) {
    this.timers.delete(id);
  }

  /** @param {number} ms */
  pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [id, timer] = due;
      this.timers.delete(id);
      this.time = timer.at;
      timer.run();
    }
    this.time = end;
  }
}

/** As much of a browser's connection as a negotiation sees; what it gathers is in its description, as in a browser. */
export class FakeConnection extends EventTarget {
  /** @param {RTCConfiguration} configuration */
  constructor(configuration) {
    super();
    this.configuration = configuration;
    this.connectionState = 'new';
    this.signalingState = 'stable';
    this.iceGatheringState = 'new';
    this.fragment = 'mine';
    this.gathered = /** @type {string[]} */ ([]);
    this.routes = /** @type {RTCIceCandidateInit[]} */ ([]);
    /** @type {{ type: 'offer' | 'answer', sdp: string } | null} */
    this.remoteDescription = null;
    /** @type {'offer' | 'answer' | null} */
    this.described = null;
    this.fragmentDescribed = '';
  }

  get localDescription() {
    if (this.described === null) return null;
    const lines = [`a=ice-ufrag:${this.fragmentDescribed}`, ...this.gathered.map((each) => `a=candidate:${each}`)];
    return { type: this.described, sdp: `v=0\r\n${lines.join('\r\n')}\r\n` };
  }

  getConfiguration() {
    return this.configuration;
  }

  async setLocalDescription() {
    this.described = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.signalingState = this.described === 'answer' ? 'stable' : 'have-local-offer';
    if (this.fragmentDescribed !== this.fragment) this.gathered = [];
    this.fragmentDescribed = this.fragment;
  }

  /** @param {{ type: 'offer' | 'answer', sdp: string }} description */
  async setRemoteDescription(description) {
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  /** @param {RTCIceCandidateInit} candidate */
  async addIceCandidate(candidate) {
    this.routes.push(candidate);
  }

  /** @param {string} text */
  gather(text) {
    this.gathered.push(text);
    const candidate = { candidate: `candidate:${text}`, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: this.fragment };
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate }));
  }

  complete() {
    this.iceGatheringState = 'complete';
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }
}
