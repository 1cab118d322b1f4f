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

/** The alphabets whose search rules take no two words for one that the server tells apart. */
const ALPHABETS = /^(?!.*\u20E3)[\p{Script=Latin}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{M}\p{N}\s]*$/u;
const SEARCH = new Intl.Collator("en", { usage: "search", sensitivity: "base" });

/** Characters that keyboards write for one sign, and unseen ones; each flag of a part of a country has signs of its own there. */
const FORMS = /** @type {[RegExp, string][]} */ ([
  [/[\u2018\u2019\u02BC\u02BB\u2032\u00B4`\u05F3]/gu, "'"],
  [/[\u201C-\u201F\u00AB\u00BB\u05F4]/gu, '"'],
  [/(?<=[\p{L}\p{N}])[\p{Pd}\u2212_](?=[\p{L}\p{N}])/gu, " "],
  [/\p{Emoji_Modifier}|(?![\u{E0020}-\u{E007F}])\p{Default_Ignorable_Code_Point}/gu, ""],
  [/\u0451/gu, "\u0435"],
]);

/** Whether two spellings are one interest, as far as the page knows: the server compares them more closely. */
/** @param {string} one @param {string} other */
function areSame(one, other) {
  const [own, known] = [fold(one), fold(other)];
  return own === known || (ALPHABETS.test(own) && ALPHABETS.test(known) && SEARCH.compare(own, known) === 0);
}

/** @param {string} interest */
function fold(interest) {
  return FORMS.reduce((words, [form, sign]) => words.replace(form, sign), interest.replaceAll("\u00B4", "'").normalize("NFKC").toLowerCase());
}
