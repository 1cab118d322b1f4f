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
    const known = added.some((other) => fold(other) === fold(interest));
    if (interest !== "" && !known && added.length < INTERESTS_MAX) added.push(interest);
  }
  return added;
}

/** @param {string} text */
function clean(text) {
  const plain = text.replace(/\p{Surrogate}/gu, "").replace(/[\p{Cc}\s]+/gu, " ").trim();
  return [...plain].slice(0, INTEREST_LENGTH_MAX).join("").trim();
}

/** What makes two interests the same: neither case nor the width of the letters. @param {string} interest */
function fold(interest) {
  return interest.normalize("NFKC").toLowerCase();
}
