// @ts-check
/** Interests as they are entered, in any script. Pure. */

import { INTERESTS_MAX, INTEREST_LENGTH_MAX } from "./session/limits.js";

/** Commas of the scripts that have their own, semicolons and line breaks part one interest from the next. */
const SEPARATORS = /[,;\n\u060C\u061B\u3001\uFF0C\uFF1B]/u;

/** @param {string} text */
export function endsInSeparator(text) {
  return text !== "" && SEPARATORS.test(text[text.length - 1]);
}

/**
 * Return `interests` with those in `text` added, each once, as many as fit.
 * @param {string[]} interests
 * @param {string} text
 */
export function addInterests(interests, text) {
  const added = [...interests];
  for (const part of text.split(SEPARATORS)) {
    const interest = clean(part);
    const known = added.some((other) => areSame(other, interest));
    if (interest !== "" && !known && added.length < INTERESTS_MAX) added.push(interest);
  }
  return added;
}

/** @param {string} text */
function clean(text) {
  const plain = text.replace(/\p{Surrogate}/gu, "").replace(/[\p{Cc}\s]+/gu, " ").trim();
  return [...plain].slice(0, INTEREST_LENGTH_MAX).join("").trim();
}

/** The alphabets whose search rules take the same words for one as the server does; Kana's marks mean more to it. */
const ALPHABETS = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{M}\p{N}\s]*$/u;
const SEARCH = new Intl.Collator("en", { usage: "search", sensitivity: "base" });

/** Whether two spellings are one interest, as far as the page knows: the server compares them more closely. */
/** @param {string} one @param {string} other */
function areSame(one, other) {
  if (fold(one) === fold(other)) return true;
  return ALPHABETS.test(one) && ALPHABETS.test(other) && SEARCH.compare(one, other) === 0;
}

/** @param {string} interest */
function fold(interest) {
  return interest.normalize("NFKC").toLowerCase();
}
