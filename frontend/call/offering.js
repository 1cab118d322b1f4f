// @ts-check
/** The few codecs and extensions that are offered of all that a browser knows: else a description is twice as long, and its bytes are paid for. */

// The codec that every browser has, H.264 for cool phones in the one profile that all share, and those that repair
// losses.
const CODECS = /^(audio\/opus|video\/(vp8|rtx|red|ulpfec|h264 .*packetization-mode=1;profile-level-id=42e01f))/i;
// They tell which line a packet belongs to, how much the network carries, and how a phone is held.
const EXTENSIONS = /:mid$|transport-wide-cc|video-orientation/;

/** @typedef {{ uri: string, direction: RTCRtpTransceiverDirection }} Extension */

/** Offer little where the browser lets us choose both; the answer follows the offer. Firefox does not, and with few
 * codecs it names the feedback of all, which Chromium refuses. @param {any} transceiver newer than its type */
export function offerLittle(transceiver) {
  if (!transceiver.setHeaderExtensionsToNegotiate) return;
  transceiver.setHeaderExtensionsToNegotiate(chooseExtensions(transceiver.getHeaderExtensionsToNegotiate()));
  const codecs = chooseCodecs(RTCRtpReceiver.getCapabilities(transceiver.receiver.track.kind)?.codecs ?? []);
  if (codecs.length > 0) transceiver.setCodecPreferences(codecs);
}

/** Those to offer, in the browser's order; none where the one that everybody has is missing. @param {RTCRtpCodec[]} codecs */
export function chooseCodecs(codecs) {
  const few = codecs.filter(({ mimeType, sdpFmtpLine }) => CODECS.test(`${mimeType} ${sdpFmtpLine}`));
  return few.some(({ mimeType }) => /opus|vp8/i.test(mimeType)) ? few : [];
}

/** All extensions that there are, of which most are stopped. @param {Extension[]} extensions @returns {Extension[]} */
export function chooseExtensions(extensions) {
  return extensions.map((each) => (EXTENSIONS.test(each.uri) ? each : { ...each, direction: 'stopped' }));
}
