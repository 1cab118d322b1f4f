// @ts-check
/**
 * Whether the relay can be reached, asked before the first call.
 *
 * It is tried without credentials: an answer, be it 401 ("who are you?"), shows that the relay can be reached.
 */

// A relay behind a slow phone answers within two seconds over UDP and four over TLS.
const RELAY_ANSWER_MS = 5_000;

/**
 * @typedef {object} CheckResult
 * @property {'reachable' | 'unreachable' | 'none' | 'unknown'} relay
 * @property {string[]} relayUrls those that answered
 */

/** @param {string[]} urls @returns {Promise<CheckResult>} */
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
