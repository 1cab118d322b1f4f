// @ts-check
/** The visible part of a text. Pure; Unicode's own properties, no list of characters but of those that have none. */

/** Blank without being called so: braille's empty pattern, a note without a head, and formats of old scripts. */
const BLANK = String.raw`\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}\u2800\uFFF9-\uFFFB\u{13430}-\u{1343F}\u{1D159}`;

const NOTHING_VISIBLE = new RegExp(`^[${BLANK}]*$`, "u");

/** Two line breaks make a paragraph; a sender of more wants to push the rest out of sight. */
const FLOOD = new RegExp(String.raw`(?:(?![\n])[${BLANK}])*\n(?:[${BLANK}]*\n){2,}(?:(?![\n])[${BLANK}])*`, "gu");

/** So many pictures by themselves are shown larger. */
const PICTURES_MAX = 12;

/** Characters that are pictures to Unicode and signs to a reader: ©, ®, ™, ‼, arrows. */
const SIGN = /^[\u00A9\u00AE\u203C\u2049\u2122\u2139\u2194-\u21AA]$/u;
const PICTURE = /^(?!\p{RI}$)(?:\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{RI}{2}|[0-9#*]\uFE0F?\u20E3)/u;

/** @param {string} text */
export function isBlank(text) {
  return NOTHING_VISIBLE.test(text);
}

/** Return the text with at most one empty line in a row. @param {string} text */
export function foldNewlines(text) {
  return text.replace(/[\u2028\u2029]/g, "\n").replace(FLOOD, "\n\n");
}

/** Whether a text is a few pictures and nothing else, each counted as it is seen. @param {string} text */
export function isFewPictures(text) {
  if (text.length > PICTURES_MAX * 40 || typeof Intl.Segmenter === "undefined") return false;
  const seen = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)];
  const pictures = seen.map(({ segment }) => segment).filter((segment) => segment.trim() !== "");
  return pictures.length > 0 && pictures.length <= PICTURES_MAX && pictures.every((each) => PICTURE.test(each) && !SIGN.test(each));
}
