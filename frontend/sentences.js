// @ts-check
/** Sentences in a row, in any language. Pure; the desk reads it, too. */

/** Sentences one after another: a full stop of Chinese or Japanese brings its own space. @param {string[]} sentences */
export function joinSentences(sentences) {
  return sentences.join(" ").replace(/([。！？]) /g, "$1").trim();
}
