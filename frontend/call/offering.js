// @ts-check
/** What is offered of all that a browser knows: its description is twice as long otherwise, and bytes are paid for. */

// Every browser with calls has VP8; phones encode H.264 with less heat, in the profile that all of them share. The
// others carry what was lost before. The order, and so the choice, is each browser's own.
const CODECS = new Set(['audio/opus', 'video/vp8', 'video/rtx', 'video/red', 'video/ulpfec']);
const SHARED_H264 = ['packetization-mode=1', 'profile-level-id=42e01f'];
const NECESSARY = /** @type {const} */ ({ audio: 'audio/opus', video: 'video/vp8' });
// Which line a packet belongs to, how much the network carries, and how a phone is held.
const EXTENSIONS = ['urn:ietf:params:rtp-hdrext:sdes:mid', 'transport-wide-cc-extensions', 'urn:3gpp:video-orientation'];

/** @typedef {{ uri: string, direction: RTCRtpTransceiverDirection }} Extension */
/** @typedef {object} Extensible where the browser lets us choose header extensions
 * @property {() => Extension[]} [getHeaderExtensionsToNegotiate]
 * @property {(extensions: Extension[]) => void} [setHeaderExtensionsToNegotiate] */

/** Offer little, in browsers that let us choose both. The answer follows the offer. Firefox has no choice of extensions,
 * and with few codecs it still names the feedback of all: Chromium refuses that offer, and its own are short anyway.
 * @param {RTCRtpTransceiver & Extensible} transceiver */
export function offerLittle(transceiver) {
  const { getHeaderExtensionsToNegotiate: extensions, setHeaderExtensionsToNegotiate: setExtensions } = transceiver;
  if (!extensions || !setExtensions) return;
  setExtensions.call(transceiver, chooseExtensions(extensions.call(transceiver)));
  const kind = /** @type {'audio' | 'video'} */ (transceiver.receiver.track.kind);
  const codecs = chooseCodecs(RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [], kind);
  if (codecs.length > 0) transceiver.setCodecPreferences(codecs);
}

/** Those to offer of those that there are; none where the one is missing that everybody has.
 * @param {RTCRtpCodec[]} codecs @param {'audio' | 'video'} kind */
export function chooseCodecs(codecs, kind) {
  const complete = codecs.some(({ mimeType }) => mimeType.toLowerCase() === NECESSARY[kind]);
  return complete ? codecs.filter(isOffered) : [];
}

/** All that there are, of which most are stopped. @param {Extension[]} extensions @returns {Extension[]} */
export function chooseExtensions(extensions) {
  return extensions.map((each) => (EXTENSIONS.some((part) => each.uri.includes(part)) ? each : { ...each, direction: 'stopped' }));
}

/** @param {RTCRtpCodec} codec */
function isOffered({ mimeType, sdpFmtpLine = '' }) {
  const name = mimeType.toLowerCase();
  return CODECS.has(name) || (name === 'video/h264' && SHARED_H264.every((part) => sdpFmtpLine.includes(part)));
}
