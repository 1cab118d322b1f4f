// @ts-check
/**
 * The fingerprints of a call's certificates, bound to the keys of the conversation: a server that puts its own in the
 * place of the peer's would have to know those keys.
 */

import { fromText, join, toText } from "./bytes.js";
import { authenticate } from "./keys.js";

/** @import { RoomKeys, Seat } from "./keys.js" */

const FINGERPRINT = /^a=fingerprint:(\S+ \S+)/gm;

/** Fingerprints that are written in another form: a browser may read them, so such a description is refused. */
const MENTION = /fingerprint/gi;

/** Add the proof to a signal with a description; pass every other one on. @param {RoomKeys} keys @param {any} data */
export async function proveSignal(keys, data) {
  const content = contentOf(keys, keys.seat, data);
  return content === null ? data : { ...data, proof: toText(await authenticate(keys.signal[keys.seat], content)) };
}

/** Whether the peer's own page sent the fingerprints in it; without any there is nothing to prove. @param {RoomKeys} keys @param {any} data */
export async function isSignalProved(keys, data) {
  const seat = /** @type {Seat} */ (1 - keys.seat);
  const content = contentOf(keys, seat, data);
  const proof = fromText(data?.proof);
  if (content === null) return true;
  if (count(data, MENTION) !== count(data, FINGERPRINT)) return false;
  return proof !== null && crypto.subtle.verify("HMAC", keys.signal[seat], proof, content);
}

/** @param {any} data @param {RegExp} pattern */
function count({ description }, pattern) {
  return [...String(description?.sdp).matchAll(pattern)].length;
}

/** @param {RoomKeys} keys @param {Seat} seat @param {any} data */
function contentOf({ room }, seat, data) {
  const description = data?.description;
  if (description === undefined) return null;
  const fingerprints = [...String(description?.sdp).matchAll(FINGERPRINT)].map((found) => found[1].toLowerCase());
  return join("signal", room, seat, String(description?.type), ...fingerprints);
}
