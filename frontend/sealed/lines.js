// @ts-check
/**
 * Lines that only the peer's page can read, with a commitment by which the peer can prove a line later.
 *
 * A line's opening is a keyed hash of its number and text; the commitment is a hash of the text under that opening; the
 * nonce is the commitment's beginning. So the same line is sealed the same way when it is sent again, another line
 * never with the same nonce, and nothing has to be remembered. The page that opens a line computes its commitment anew:
 * a line that cannot be proved is not shown.
 */

import { decode, encode, fromText, join, toText } from "./bytes.js";
import { authenticate, importHmac } from "./keys.js";

/** @import { Bytes } from "./bytes.js" */
/** @import { RoomKeys, Seat } from "./keys.js" */

const NONCE_BYTES = 12;

/** @typedef {{ sealed: string, commitment: string }} SealedLine both in base64url */

/** Seal an own line. @param {RoomKeys} keys @param {number} seq @param {string} text @returns {Promise<SealedLine>} */
export async function sealLine(keys, seq, text) {
  const commitment = await commit(await openingBytes(keys, keys.seat, seq, text), text);
  const sealed = await crypto.subtle.encrypt(algorithm(keys, keys.seat, seq, commitment), keys.line[keys.seat], encode(text));
  return { sealed: toText(new Uint8Array(sealed)), commitment: toText(commitment) };
}

/**
 * The text of the peer's line, or null where it is not what they wrote as this line of this room.
 * @param {RoomKeys} keys @param {number} seq @param {unknown} sealed @param {unknown} commitment @returns {Promise<string | null>}
 */
export async function openLine(keys, seq, sealed, commitment) {
  const seat = /** @type {Seat} */ (1 - keys.seat);
  const [cipher, committed] = [fromText(sealed), fromText(commitment)];
  if (cipher === null || committed === null || committed.length !== 32) return null;
  try {
    const text = decode(await crypto.subtle.decrypt(algorithm(keys, seat, seq, committed), keys.line[seat], cipher));
    if (text === null) return null;
    return toText(await commit(await openingBytes(keys, seat, seq, text), text)) === commitment ? text : null;
  } catch {
    return null; // Not sealed with this key, or changed on the way.
  }
}

/** The opening: it proves a line of either side to the server, which has its commitment. @param {RoomKeys} keys @param {Seat} seat @param {number} seq @param {string} text */
export async function openingOf(keys, seat, seq, text) {
  return toText(await openingBytes(keys, seat, seq, text));
}

/** The commitment to a text under an opening. @param {Bytes} opening @param {string} text @returns {Promise<Bytes>} */
export async function commit(opening, text) {
  return authenticate(await importHmac(opening), encode(text));
}

/** @param {RoomKeys} keys @param {Seat} seat @param {number} seq @param {string} text */
function openingBytes(keys, seat, seq, text) {
  return authenticate(keys.opening[seat], join(seq, text));
}

/** @param {RoomKeys} keys @param {Seat} seat @param {number} seq @param {Bytes} commitment */
function algorithm({ room }, seat, seq, commitment) {
  return { name: "AES-GCM", iv: commitment.slice(0, NONCE_BYTES), additionalData: join("line", room, seat, seq, commitment) };
}
