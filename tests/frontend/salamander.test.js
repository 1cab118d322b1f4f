import assert from "node:assert/strict";
import { test } from "node:test";
import { encode, join, toText } from "../../frontend/sealed/bytes.js";
import { createKeyPair, deriveRoomKeys } from "../../frontend/sealed/keys.js";
import { commit, openLine } from "../../frontend/sealed/lines.js";

// Dodis, Grubbs, Ristenpart and Woodage (2018), "Fast Message Franking: From Invisible Salamanders to Encryptment": AES-GCM
// opens one ciphertext under two keys. A sender could so send abuse, and commit to something harmless.

const BLOCK = 16;
const POLYNOMIAL = 0xe1n << 120n;
const NOT_ASCII = BigInt(`0x${"80".repeat(BLOCK)}`);

/** GHASH's field (NIST SP 800-38D, section 6.3). @param {bigint} one @param {bigint} other */
function multiply(one, other) {
  let [product, factor] = [0n, other];
  for (let bit = 127n; bit >= 0n; bit -= 1n) {
    if ((one >> bit) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ POLYNOMIAL : factor >> 1n;
  }
  return product;
}

/** @param {bigint} value */
function invert(value) {
  let [inverse, power] = [1n << 127n, value];
  for (let step = 1; step < 128; step += 1) {
    power = multiply(power, power);
    inverse = multiply(inverse, power);
  }
  return inverse;
}

const toNumber = (bytes) => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
const toBlock = (number) => Buffer.from(number.toString(16).padStart(2 * BLOCK, "0"), "hex");
const pad = (bytes) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))]);

/** A key with all that GCM makes of it. */
async function study(raw, iv) {
  const cbc = await crypto.subtle.importKey("raw", raw, "AES-CBC", false, ["encrypt"]);
  const encrypt = async (block) => toNumber(new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(BLOCK) }, cbc, block)).slice(0, BLOCK));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const counter = (number) => Buffer.concat([iv, Buffer.from([0, 0, 0, number])]);
  return {
    key, hash: await encrypt(Buffer.alloc(BLOCK)), mask: await encrypt(counter(1)), stream: [await encrypt(counter(2)), await encrypt(counter(3))],
  };
}

/** GHASH of associated data, ciphertext and their lengths. */
function hash({ hash: key }, associated, blocks) {
  const lengths = (BigInt(associated.length * 8) << 64n) | BigInt(blocks.length * BLOCK * 8);
  const padded = pad(associated);
  const all = [...Array.from({ length: padded.length / BLOCK }, (_, at) => toNumber(padded.subarray(at * BLOCK, (at + 1) * BLOCK))), ...blocks, lengths];
  return all.reduce((sum, block) => multiply(sum ^ block, key), 0n);
}

/** Two blocks and a tag that open under both keys, and are text under the second. */
function craft(one, other, associated) {
  const squares = invert(multiply(one.hash, one.hash) ^ multiply(other.hash, other.hash));
  const cubes = [one, other].map(({ hash: key }) => multiply(multiply(key, key), key));
  const rest = hash(one, associated, [0n, 0n]) ^ hash(other, associated, [0n, 0n]) ^ one.mask ^ other.mask;
  const [fixed, moving] = [multiply(rest, squares), multiply(cubes[0] ^ cubes[1], squares)];
  // The second block cannot be chosen: try beginnings until it is ASCII, about one in 65,000.
  for (let attempt = 0; ; attempt += 1) {
    const said = `nasty ${attempt}`.padEnd(BLOCK, "!");
    const first = toNumber(encode(said)) ^ other.stream[0];
    const second = fixed ^ multiply(first, moving);
    const text = second ^ other.stream[1];
    if ((text & NOT_ASCII) !== 0n) continue;
    const tag = hash(one, associated, [first, second]) ^ one.mask;
    return { sealed: Buffer.concat([toBlock(first), toBlock(second), toBlock(tag)]), text: said + toBlock(text).toString() };
  }
}

test("a ciphertext that opens to two texts under two keys is shown under neither, whatever it was committed to", async () => {
  const [a, b] = await Promise.all([createKeyPair(), createKeyPair()]);
  const receiver = await deriveRoomKeys(b, a.public, "room", 1);
  const committed = await commit(encode("x".repeat(32)), "harmless");
  const iv = committed.slice(0, 12);
  const additionalData = join("line", "room", 0, 1, committed);
  const raw = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const [one, other] = await Promise.all(raw.map((key) => study(key, iv)));
  const { sealed, text } = craft(one, other, additionalData);

  const open = async ({ key }) => Buffer.from(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed));
  assert.equal((await open(other)).toString(), text, "AES-GCM alone would show it");
  assert.notDeepEqual(await open(one), await open(other), "and something else under another key");
  for (const { key } of [one, other]) {
    assert.equal(await openLine({ ...receiver, line: [key, key] }, 1, toText(sealed), toText(committed)), null);
  }
});
