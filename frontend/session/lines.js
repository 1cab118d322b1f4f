// @ts-check
/**
 * The lines of one room, both ways: numbered, acknowledged, shown once and in order. Pure.
 *
 * Each side numbers its lines 1, 2, 3 …; the platform may reorder, repeat or lose them. The receiver shows a line after
 * all before it, keeps what is early, and acknowledges the highest number without a gap. The sender keeps what is not
 * acknowledged and sends it again; the same number twice is one line.
 */

import { EARLY_LINES_MAX, PENDING_LINES_MAX, TEXT_LENGTH_MAX } from "./limits.js";
import { foldNewlines, isBlank } from "./visible.js";

/**
 * @typedef {{ seq: number, text: string }} PendingLine
 * @typedef {{ text: string, stamp: string | null }} HeardLine
 * @typedef {Object} Lines
 * @property {number} sent the highest number given to an own line
 * @property {PendingLine[]} pending own lines without an acknowledgement, in order
 * @property {number} received the highest number received without a gap
 * @property {number} acknowledged the highest number that the peer was told
 * @property {Record<number, HeardLine>} early lines that arrived ahead of a missing one
 */

/** @returns {Lines} */
export function createLines() {
  return { sent: 0, pending: [], received: 0, acknowledged: 0, early: {} };
}

/**
 * Return the text as it may be sent, or "" when nothing is left of it.
 *
 * The server refuses control characters other than newline and tab, and text that is not well-formed Unicode.
 * @param {string} text
 */
export function cleanText(text) {
  const wellFormed = text.replace(/\r\n?/g, "\n").replace(/\p{Surrogate}/gu, "\uFFFD");
  return foldNewlines(wellFormed.replace(/[^\P{Cc}\n\t]/gu, "")).trim();
}

/** @param {string} text */
export function countCharacters(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** @param {string} text already clean */
export function isSendable(text) {
  return !isBlank(text) && (text.length <= TEXT_LENGTH_MAX || countCharacters(text) <= TEXT_LENGTH_MAX);
}

/** @param {Lines} lines */
export function hasRoomForLine(lines) {
  return lines.pending.length < PENDING_LINES_MAX;
}

/** Give a new own line its number. @param {Lines} lines @param {string} text @returns {[Lines, PendingLine]} */
export function addOwnLine(lines, text) {
  const line = { seq: lines.sent + 1, text };
  return [{ ...lines, sent: line.seq, pending: [...lines.pending, line] }, line];
}

/**
 * Take the peer's acknowledgement of all own lines up to `ack`; one that makes no sense changes nothing.
 * @param {Lines} lines @param {unknown} ack @returns {Lines}
 */
export function takeAck(lines, ack) {
  if (!isNumber(ack) || ack > lines.sent || !lines.pending.some((line) => line.seq <= ack)) return lines;
  return { ...lines, pending: lines.pending.filter((line) => line.seq > ack) };
}

/**
 * Take a line of the peer and return what can now be shown, in order.
 * @param {Lines} lines @param {number} seq @param {HeardLine} line @returns {[Lines, HeardLine[]]}
 */
export function takeLine(lines, seq, line) {
  const tooFar = seq > lines.received + EARLY_LINES_MAX;
  if (!isNumber(seq) || seq <= lines.received || tooFar || seq in lines.early) return [lines, []];
  const early = { ...lines.early, [seq]: line };
  const shown = [];
  let received = lines.received;
  while (received + 1 in early) {
    received += 1;
    shown.push(early[received]);
    delete early[received];
  }
  return [{ ...lines, received, early }, shown];
}

/** The peer is being told how far we have received. @param {Lines} lines @returns {Lines} */
export function giveAck(lines) {
  return lines.acknowledged === lines.received ? lines : { ...lines, acknowledged: lines.received };
}

/** @param {unknown} value @returns {value is number} */
function isNumber(value) {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= 1;
}
