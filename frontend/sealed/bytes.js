// @ts-check
/** Bytes and text: base64url (RFC 4648, section 5, unpadded), UTF-8, and fields put together so that none runs into the next. */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {Uint8Array} bytes */
export function toText(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The bytes in base64url, or null where it is not written in its one canonical way. @param {unknown} text @returns {Bytes | null} */
export function fromText(text) {
  if (typeof text !== "string" || !/^[\w-]*$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
    return toText(bytes) === text ? bytes : null;
  } catch {
    return null; // A length that no bytes have.
  }
}

/** @param {string} text @returns {Bytes} */
export function encode(text) {
  return /** @type {Bytes} */ (ENCODER.encode(text));
}

/** The text in UTF-8, or null where it is none. @param {ArrayBuffer} bytes */
export function decode(bytes) {
  try {
    return DECODER.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Fields as one run of bytes, each behind its length in four bytes (big-endian): no two lists of fields give the same.
 * @param {(string | number | Uint8Array)[]} fields numbers are written in decimal
 * @returns {Bytes}
 */
export function join(...fields) {
  const parts = fields.map((field) => (field instanceof Uint8Array ? field : encode(String(field))));
  const joined = new Uint8Array(parts.reduce((length, part) => length + 4 + part.length, 0));
  const view = new DataView(joined.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    joined.set(part, at + 4);
    at += 4 + part.length;
  }
  return joined;
}
