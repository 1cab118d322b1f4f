// @ts-check
/**
 * A worker: finds the number whose SHA-256 behind a salt is the challenge. One block of the hash, written out: asking the
 * browser's own for each would take ten times as long, and a script that has no browser would be so much cheaper.
 */

const BLOCK_BYTES = 64;
const BLOCK_WORDS = 16;
const ROUNDS = 64;

/** @type {number[]} whose roots' first 32 fractional bits the hash begins with (FIPS 180-4, sections 4.2.2 and 5.3.3) */
const primes = [];
for (let each = 2; primes.length < ROUNDS; each += 1) if (primes.every((prime) => each % prime !== 0)) primes.push(each);
/** @param {number} root */
const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const CONSTANTS = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

const words = new Int32Array(ROUNDS);
const state = new Int32Array(8);

/** Hash one block, which the first 16 words are. */
function compress() {
  for (let at = BLOCK_WORDS; at < ROUNDS; at += 1) {
    const early = words[at - 15];
    const late = words[at - 2];
    const first = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
    const second = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
    words[at] = (words[at - 16] + first + words[at - 7] + second) | 0;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let at = 0; at < ROUNDS; at += 1) {
    const sum = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + sum + ((e & f) ^ (~e & g)) + CONSTANTS[at] + words[at]) | 0;
    const other = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (other + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, at) => (state[at] = (START[at] + value) | 0));
}

/**
 * @param {{ salt: string, challenge: string, maxnumber: number }} puzzle
 * @returns {number | null} null where there is none, or the text is longer than a block
 */
export function solve({ salt, challenge, maxnumber }) {
  const wanted = Int32Array.from({ length: 8 }, (_, at) => parseInt(challenge.slice(at * 8, at * 8 + 8), 16) | 0);
  const bytes = new Uint8Array(BLOCK_BYTES);
  const view = new DataView(bytes.buffer);
  if (salt.length + String(maxnumber).length > BLOCK_BYTES - 9) return null;
  for (let number = 0; number <= maxnumber; number += 1) {
    const text = `${salt}${number}`;
    bytes.fill(0);
    for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
    bytes[text.length] = 0x80;
    view.setUint32(BLOCK_BYTES - 4, text.length * 8);
    for (let at = 0; at < BLOCK_WORDS; at += 1) words[at] = view.getInt32(at * 4);
    compress();
    if (wanted.every((word, at) => word === state[at])) return number;
  }
  return null;
}

// Where there is no document this is a worker; a test imports what it does.
if (typeof document === "undefined" && typeof self !== "undefined") {
  self.addEventListener("message", ({ data }) => self.postMessage(solve(data)));
}
