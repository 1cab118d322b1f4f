// @ts-check
/**
 * The keys of a conversation (docs/sealed.md): X25519 (RFC 7748) agrees on a secret, and HKDF with SHA-256 (RFC 5869)
 * makes of it one key for each purpose and direction.
 */

import { encode, fromText, join } from "./bytes.js";

/** @import { Bytes } from "./bytes.js" */

/** @typedef {{ public: string, private: string }} KeyPair both in base64url, as the page keeps them in its tab */

/** Which of the two a person is: 0 waited and is impolite, 1 joined and is polite. @typedef {0 | 1} Seat */

/**
 * @typedef {Object} RoomKeys
 * @property {string} room
 * @property {Seat} seat whose keys these are
 * @property {CryptoKey[]} line AES-256-GCM, by the seat that wrote
 * @property {CryptoKey[]} opening HMAC, by the seat that wrote
 * @property {CryptoKey[]} signal HMAC, by the seat that sent
 * @property {Bytes} words what both screens show of all of it
 */

const LABEL = encode("passerby sealed 1");
const KEY_BYTES = 32;
const PURPOSES = 7;
const CURVE = { name: "X25519" };
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** A pair that was never used, or null where the browser has no X25519: then it talks in the clear. @returns {Promise<KeyPair | null>} */
export async function createKeyPair() {
  try {
    const made = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
    const { d, x } = await crypto.subtle.exportKey("jwk", /** @type {CryptoKeyPair} */ (made).privateKey);
    return d && x ? { public: x, private: d } : null;
  } catch {
    return null; // No WebCrypto (an insecure origin), or one without this curve.
  }
}

/**
 * The keys of a room, the same on both sides; null where the peer's key is none.
 * @param {KeyPair} own @param {string} peer the peer's public key @param {string} room @param {Seat} seat
 * @returns {Promise<RoomKeys | null>}
 */
export async function deriveRoomKeys(own, peer, room, seat) {
  const secret = await agree(own, peer);
  if (secret === null) return null;
  const publics = seat === 0 ? [own.public, peer] : [peer, own.public];
  const bits = await expand(secret, LABEL, join(room, ...publics), PURPOSES * KEY_BYTES);
  const parts = Array.from({ length: PURPOSES }, (_, index) => bits.slice(index * KEY_BYTES, (index + 1) * KEY_BYTES));
  const [line0, line1, opening0, opening1, signal0, signal1, words] = parts;
  return {
    room, seat, words,
    line: await Promise.all([line0, line1].map((key) => crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]))),
    opening: await Promise.all([opening0, opening1].map(importHmac)),
    signal: await Promise.all([signal0, signal1].map(importHmac)),
  };
}

/** The secret that only the owners of the two keys know; null for a key that is none, or of a small group. */
/** @param {KeyPair} own @param {string} peer @returns {Promise<Bytes | null>} */
export async function agree(own, peer) {
  if (fromText(peer)?.length !== KEY_BYTES) return null;
  try {
    const secretKey = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "X25519", d: own.private, x: own.public }, CURVE, false, ["deriveBits"]);
    const peerKey = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "X25519", x: peer }, CURVE, false, []);
    const secret = new Uint8Array(await crypto.subtle.deriveBits({ ...CURVE, public: peerKey }, secretKey, 8 * KEY_BYTES));
    return secret.some((byte) => byte !== 0) ? secret : null; // RFC 7748, section 6.1: zero for points of small order.
  } catch {
    return null;
  }
}

/** @param {Bytes} secret @param {Bytes} salt @param {Bytes} info @param {number} length in bytes @returns {Promise<Bytes>} */
export async function expand(secret, salt, info, length) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 8 * length));
}

/** @param {Bytes} key @returns {Promise<CryptoKey>} */
export function importHmac(key) {
  return crypto.subtle.importKey("raw", key, HMAC, false, ["sign", "verify"]);
}

/** @param {CryptoKey} key @param {Bytes} data @returns {Promise<Bytes>} */
export async function authenticate(key, data) {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
}

