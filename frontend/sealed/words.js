// @ts-check
/**
 * Five words that are the same on both screens unless somebody sits between them: 80 bits, read out in any language.
 *
 * Proquints (Wilkerson 2009, arxiv.org/html/0901.4016): two bytes are a word of five letters, consonants and vowels in
 * turn. They need no list, and no translation.
 */

const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aiou";
const WORDS = 5;

/** @param {Uint8Array} bytes ten or more, of which ten count @returns {string[]} */
export function toWords(bytes) {
  return Array.from({ length: WORDS }, (_, index) => toWord(bytes[2 * index] * 256 + bytes[2 * index + 1]));
}

/** @param {number} number of 16 bits */
export function toWord(number) {
  const letter = (/** @type {string} */ letters, /** @type {number} */ shift) => letters[(number >> shift) & (letters.length - 1)];
  return letter(CONSONANTS, 12) + letter(VOWELS, 10) + letter(CONSONANTS, 6) + letter(VOWELS, 4) + letter(CONSONANTS, 0);
}
