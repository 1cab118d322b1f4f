import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decode, encode, fromText, join, toText } from "../../frontend/sealed/bytes.js";
import { agree, authenticate, createKeyPair, deriveRoomKeys, expand, importHmac } from "../../frontend/sealed/keys.js";
import { commit, openLine, openingOf, sealLine } from "../../frontend/sealed/lines.js";
import { isSignalProved, proveSignal } from "../../frontend/sealed/signals.js";
import { toWord, toWords } from "../../frontend/sealed/words.js";

const hex = (text) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
const text = (bytes) => Buffer.from(bytes).toString("hex");
const VECTORS = JSON.parse(readFileSync(new URL("./sealed_vectors.json", import.meta.url), "utf-8"));

const pair = (secret, known) => ({ private: toText(hex(secret)), public: toText(hex(known)) });
const ALICE = pair(VECTORS.rfc7748.alice_private, VECTORS.rfc7748.alice_public);
const BOB = pair(VECTORS.rfc7748.bob_private, VECTORS.rfc7748.bob_public);

async function bothSides(room = "room") {
  const [one, other] = await Promise.all([createKeyPair(), createKeyPair()]);
  return [await deriveRoomKeys(one, other.public, room, 0), await deriveRoomKeys(other, one.public, room, 1)];
}

test("the curve agrees as in RFC 7748, section 6.1, from either side", async () => {
  for (const [own, peer] of [[ALICE, BOB], [BOB, ALICE]]) {
    assert.equal(text(await agree(own, peer.public)), VECTORS.rfc7748.shared);
  }
});

test("a key of small order, or none at all, agrees on nothing", async () => {
  const weak = ["00".repeat(32), `01${"00".repeat(31)}`, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"];
  for (const key of weak) assert.equal(await agree(ALICE, toText(hex(key))), null, key);
  for (const key of ["", "?", "AAAA", toText(new Uint8Array(33)), 7, null, undefined]) assert.equal(await agree(ALICE, key), null);
});

test("a key is expanded as in RFC 5869, appendix A", async () => {
  for (const { ikm, salt, info, okm } of VECTORS.rfc5869) {
    assert.equal(text(await expand(hex(ikm), hex(salt), hex(info), okm.length / 2)), okm);
  }
});

test("a hash is keyed as in RFC 4231", async () => {
  for (const { key, data, mac } of VECTORS.rfc4231) assert.equal(text(await authenticate(await importHmac(hex(key)), hex(data))), mac);
});

test("the browser's AES-GCM is that of NIST", async () => {
  for (const { key, iv, aad, plain, sealed } of VECTORS.gcm) {
    const imported = await crypto.subtle.importKey("raw", hex(key), "AES-GCM", false, ["encrypt"]);
    const made = await crypto.subtle.encrypt({ name: "AES-GCM", iv: hex(iv), additionalData: hex(aad) }, imported, hex(plain));
    assert.equal(text(new Uint8Array(made)), sealed);
  }
});

test("a whole conversation is sealed as another implementation seals it", async () => {
  const { room, lines, words, signal } = VECTORS.conversation;
  const keys = [await deriveRoomKeys(ALICE, BOB.public, room, 0), await deriveRoomKeys(BOB, ALICE.public, room, 1)];

  for (const { seat, seq, text: said, opening, commitment, sealed } of lines) {
    assert.deepEqual(await sealLine(keys[seat], seq, said), { sealed, commitment });
    assert.equal(await openLine(keys[1 - seat], seq, sealed, commitment), said);
    assert.equal(await openingOf(keys[1 - seat], seat, seq, said), opening);
  }
  assert.deepEqual(keys.map((each) => toWords(each.words)), [words, words]);
  assert.equal((await proveSignal(keys[0], signal.data)).proof, signal.proof);
});

test("the other side opens what one side seals, whatever was said", async () => {
  const keys = await bothSides();
  for (const said of ["a", "Grüße, 你好 🐢", "\uFEFFx", "x".repeat(2000), "🐢".repeat(2000), "a\nb\tc"]) {
    for (const seat of [0, 1]) {
      const { sealed, commitment } = await sealLine(keys[seat], 3, said);
      assert.equal(await openLine(keys[1 - seat], 3, sealed, commitment), said);
    }
  }
});

test("the same line is sealed the same way again, and no two lines share a nonce", async () => {
  const [one] = await bothSides();
  assert.deepEqual(await sealLine(one, 1, "a"), await sealLine(one, 1, "a"));

  const nonces = new Set();
  for (const [seq, said] of [[1, "a"], [2, "a"], [1, "b"], [11, ""], [1, "1"], [12, "a"]]) {
    nonces.add((await sealLine(one, seq, said)).commitment.slice(0, 16));
  }
  assert.equal(nonces.size, 6);
});

test("nothing opens that was altered, moved or not said", async () => {
  const keys = await bothSides();
  const others = await bothSides();
  const { sealed, commitment } = await sealLine(keys[0], 5, "hello");
  const flip = (value) => { const bytes = fromText(value); bytes[0] ^= 1; return toText(bytes); };
  const other = await sealLine(keys[0], 5, "hello!");
  const back = await sealLine(keys[1], 5, "hello");

  const attempts = [
    [keys[1], 6, sealed, commitment], [keys[1], 5, flip(sealed), commitment], [keys[1], 5, sealed, flip(commitment)],
    [keys[1], 5, sealed, other.commitment], [keys[1], 5, other.sealed, commitment], [keys[0], 5, sealed, commitment],
    [others[1], 5, sealed, commitment], [keys[1], 5, back.sealed, back.commitment], [{ ...keys[1], room: "other" }, 5, sealed, commitment],
    [keys[1], 5, sealed.slice(0, -4), commitment], [keys[1], 5, "", commitment], [keys[1], 5, sealed, ""], [keys[1], 5, undefined, undefined],
  ];
  for (const [index, attempt] of attempts.entries()) assert.equal(await openLine(...attempt), null, `attempt ${index}`);
  assert.equal(await openLine(keys[1], 5, sealed, commitment), "hello");
});

test("a line whose commitment is to other words is not shown, however well it is sealed", async () => {
  const keys = await bothSides();
  const lie = await commit(encode("x".repeat(32)), "harmless");
  const additionalData = join("line", "room", 0, 1, lie);
  const made = await crypto.subtle.encrypt({ name: "AES-GCM", iv: lie.slice(0, 12), additionalData }, keys[0].line[0], encode("harmful"));

  assert.equal(await openLine(keys[1], 1, toText(new Uint8Array(made)), toText(lie)), null);
});

test("other keys, another room or exchanged seats give other words", async () => {
  const [one, other] = await bothSides();
  assert.deepEqual(toWords(one.words), toWords(other.words));

  const [a, b, swapped] = await Promise.all([createKeyPair(), createKeyPair(), createKeyPair()]);
  const all = [
    await deriveRoomKeys(a, b.public, "room", 0), await deriveRoomKeys(a, b.public, "room", 1),
    await deriveRoomKeys(a, b.public, "room2", 0), await deriveRoomKeys(a, swapped.public, "room", 0),
    await deriveRoomKeys(b, swapped.public, "room", 1),
  ];
  assert.equal(new Set(all.map((each) => toWords(each.words).join(" "))).size, all.length);
});

test("words are proquints of the paper's own examples", () => {
  const examples = { lusab: 0x7f00, babad: 0x0001, gutih: 0x3f54, tugad: 0xdcc1, babab: 0, zuzuz: 0xffff };
  for (const [word, number] of Object.entries(examples)) assert.equal(toWord(number), word);
  assert.deepEqual(toWords(hex("7f00 0001 3f54 dcc1 ffff 1234")), ["lusab", "babad", "gutih", "tugad", "zuzuz"]);
});

test("a call's fingerprints are proved, and any other is noticed", async () => {
  const keys = await bothSides();
  const description = { type: "offer", sdp: "v=0\r\na=fingerprint:sha-256 AB:CD\r\nm=audio\r\na=fingerprint:sha-256 AB:CD\r\n" };
  const proved = await proveSignal(keys[0], { description, number: 1 });
  const altered = (change) => ({ ...proved, description: { ...description, ...change } });

  assert.equal(await isSignalProved(keys[1], proved), true);
  assert.equal(await isSignalProved(keys[1], altered({ sdp: `${description.sdp}a=candidate:1\r\n` })), true);
  for (const wrong of [
    { description }, altered({ sdp: description.sdp.replace("AB:CD", "AB:CE") }), altered({ type: "answer" }), altered({ sdp: "v=0\r\n" }),
    altered({ sdp: `${description.sdp}a=fingerprint:sha-256 EF:00\r\n` }),
    ...["a=fingerprint:sha-256  EF:00", "a=Fingerprint:sha-256 EF:00", " a=fingerprint:sha-256 EF:00", "a=fingerprint:sha-256\tEF:00"].map(
      (line) => altered({ sdp: `${description.sdp}${line}\r\n` })),
    { ...proved, proof: "AAAA" }, { ...proved, proof: 7 },
  ]) assert.equal(await isSignalProved(keys[1], wrong), false, JSON.stringify(wrong));
  assert.equal(await isSignalProved(keys[0], proved), false, "one's own, sent back");

  const candidates = { candidates: [{ candidate: "candidate:1" }], generation: 1 };
  assert.equal(await proveSignal(keys[0], candidates), candidates);
  assert.equal(await isSignalProved(keys[1], candidates), true);
});

test("bytes in base64url have one form, and fields never run into each other", () => {
  for (const bytes of [[], [0], [255, 254], [1, 2, 3], [251, 255, 191]]) assert.deepEqual([...fromText(toText(Uint8Array.from(bytes)))], bytes);
  for (const wrong of ["A", "AB", "AA==", "A+/A", "A A", "Ä", null, 3]) assert.equal(fromText(wrong), null, String(wrong));
  assert.notDeepEqual(join("ab", "c"), join("a", "bc"));
  assert.notDeepEqual(join("a", ""), join("a"));
  assert.deepEqual([...join("a", 12)], [0, 0, 0, 1, 97, 0, 0, 0, 2, 49, 50]);
  assert.equal(decode(Uint8Array.from([0xff]).buffer), null);
});
