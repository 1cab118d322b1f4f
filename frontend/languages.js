// @ts-check
/** The languages that a person speaks. Pure. */

import { LANGUAGES_MAX } from "./session/limits.js";

/** The languages of the list: those with the most speakers, and those of the browsers' usual settings. */
export const OFFERED = (
  "af am ar az be bg bn ca cs da de el en es et eu fa fi fil fr gl gu ha he hi hr hu hy id is it ja ka kk km kn ko lo lt lv "
  + "mk ml mn mr ms my nb ne nl pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th tr uk ur uz vi yo yue zh zu"
).split(" ");

/**
 * The languages of the browser's settings, without regions and scripts: the server compares nothing else, and nobody
 * learns more of a person than is needed. @param {readonly string[]} tags BCP 47
 */
export function languagesOf(tags) {
  const own = tags.flatMap((tag) => baseOf(tag));
  return [...new Set(own)].slice(0, LANGUAGES_MAX);
}

/** @param {string} tag @returns {string[]} */
function baseOf(tag) {
  try {
    return [new Intl.Locale(tag).language];
  } catch {
    return []; // Not a tag.
  }
}
