// @ts-check
/** The measurements of a connection, flattened; the difference of two readings is a sample. */

/** @typedef {import('./quality.js').Sample} Sample */
/**
 * @typedef {object} Reading
 * @property {number} at seconds
 * @property {number} packetsReceived sound and picture together
 * @property {number} packetsLost
 * @property {number} framesDecoded
 * @property {number} framesEncoded
 * @property {boolean} limited
 * @property {number} loss
 * @property {number} roundTripSeconds
 * @property {boolean} relayed the way that was chosen leads over a relay
 *
 * @typedef {Sample & { arriving: boolean, framesArriving: boolean, lossIn: number }} CallSample
 */

/** @param {RTCPeerConnection} pc @returns {Promise<Reading>} */
export async function read(pc) {
  const reports = [.../** @type {Map<string, any>} */ (/** @type {unknown} */ (await pc.getStats())).values()];
  const inbound = reports.filter((report) => report.type === 'inbound-rtp');
  const outbound = reports.find((report) => report.type === 'outbound-rtp' && report.kind === 'video');
  const heard = reports.filter((report) => report.type === 'remote-inbound-rtp');
  return {
    at: performance.now() / 1000,
    packetsReceived: sum(inbound, 'packetsReceived'),
    packetsLost: sum(inbound, 'packetsLost'),
    framesDecoded: sum(inbound, 'framesDecoded'),
    framesEncoded: outbound?.framesEncoded ?? 0,
    limited: outbound?.qualityLimitationReason === 'bandwidth',
    loss: Math.max(0, ...heard.map((report) => report.fractionLost ?? 0)),
    roundTripSeconds: Math.max(0, ...heard.map((report) => report.roundTripTime ?? 0)),
    relayed: isRelayed(reports),
  };
}

/** @param {Reading} before @param {Reading} after @param {boolean} sending @returns {CallSample} */
export function compare(before, after, sending) {
  const seconds = Math.max(after.at - before.at, 0.001);
  const received = after.packetsReceived - before.packetsReceived;
  const lost = Math.max(0, after.packetsLost - before.packetsLost);
  return {
    loss: after.loss,
    roundTripSeconds: after.roundTripSeconds,
    framesPerSecond: (after.framesEncoded - before.framesEncoded) / seconds,
    limited: after.limited,
    sending,
    arriving: received > 0,
    framesArriving: after.framesDecoded > before.framesDecoded,
    lossIn: received + lost > 0 ? lost / (received + lost) : 0,
  };
}

/** Firefox marks the pair in use itself, the others name it in the transport. @param {any[]} reports */
function isRelayed(reports) {
  const transport = reports.find((report) => report.type === 'transport');
  const pair = reports.find((report) => report.id === transport?.selectedCandidatePairId || report.selected === true);
  const ends = reports.filter((report) => report.id === pair?.localCandidateId || report.id === pair?.remoteCandidateId);
  return ends.some((end) => end.candidateType === 'relay');
}

/** @param {any[]} reports @param {string} field @returns {number} */
function sum(reports, field) {
  return reports.reduce((total, report) => total + (report[field] ?? 0), 0);
}
