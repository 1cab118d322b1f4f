// @ts-check
/**
 * The check before the first call: can this page do video, are camera and microphone there, is the relay reachable.
 *
 * The relay is tried without credentials: it answers "who are you?" (401), and that it answers is what is to be known.
 */

import { problemOfPage } from './problems.js';

// A relay behind a slow phone answers within two seconds over UDP and four over TLS.
const RELAY_ANSWER_MS = 5_000;

/**
 * @typedef {object} CheckResult
 * @property {string | null} page null when fine, else a code of problems.js
 * @property {string | null} camera
 * @property {string | null} microphone
 * @property {'reachable' | 'unreachable' | 'none' | 'unknown'} relay
 * @property {string[]} relayUrls those that answered
 */

/** @param {{ media: import('./media.js').LocalMedia, relayUrls: string[] }} options @returns {Promise<CheckResult>} */
export async function checkCall({ media, relayUrls }) {
  const page = problemOfPage(globalThis);
  if (page) return { page, camera: page, microphone: page, relay: 'unknown', relayUrls: [] };
  const [relay] = await Promise.all([checkRelay(relayUrls), media.open()]);
  return { page: null, camera: media.problems.camera, microphone: media.problems.microphone, ...relay };
}

/** @param {string[]} urls @returns {Promise<Pick<CheckResult, 'relay' | 'relayUrls'>>} */
export async function checkRelay(urls) {
  const relays = urls.filter((url) => url.startsWith('turn'));
  if (relays.length === 0) return { relay: 'none', relayUrls: [] };
  const pc = new RTCPeerConnection({
    iceServers: [{ urls: relays, username: 'check', credential: 'check' }], iceTransportPolicy: 'relay',
  });
  try {
    const answered = await gatherAnswers(pc);
    if (answered === null) return { relay: 'unknown', relayUrls: [] };
    return { relay: answered.length > 0 ? 'reachable' : 'unreachable', relayUrls: answered };
  } finally {
    pc.close();
  }
}

/** The relays that answered, or null where the browser does not tell. @param {RTCPeerConnection} pc */
async function gatherAnswers(pc) {
  /** @type {Set<string>} */
  const answered = new Set();
  let told = false;
  pc.addEventListener('icecandidateerror', (event) => {
    const { url, errorCode } = /** @type {RTCPeerConnectionIceErrorEvent} */ (event);
    told = true;
    if (errorCode >= 300 && errorCode < 700) answered.add(url);
  });
  pc.addTransceiver('audio');
  const done = new Promise((resolve) => {
    pc.addEventListener('icegatheringstatechange', () => pc.iceGatheringState === 'complete' && resolve(undefined));
    setTimeout(resolve, RELAY_ANSWER_MS);
  });
  await pc.setLocalDescription();
  await done;
  return told ? [...answered] : null;
}
