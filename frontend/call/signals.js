// @ts-check
/**
 * The messages of two pages about a call, inside the `data` of a `signal` frame.
 *
 * A stranger's page wrote them, so everything is checked here; data that does not fit is not a signal. `generation` is
 * the time at which the first offerer built its connection: it grows with every rebuild and reload, so that a late
 * frame of an older one touches nothing.
 */

import { isRoute } from './candidates.js';
import { CANDIDATES_MAX, CANDIDATE_LENGTH_MAX, DESCRIPTION_LENGTH_MAX, DESCRIPTION_LINES_MAX, SECTIONS, SIGNAL_BYTES_MAX } from './limits.js';

const WANTS = /** @type {const} */ (['video', 'low', 'audio']);
// Why the other side has no video any more.
const GAVE_UP = /** @type {const} */ (['peer_failed', 'peer_declined']);

/**
 * @typedef {typeof WANTS[number]} Want
 * @typedef {object} MediaState what a page tells of its own side; frames may arrive out of order, `version` orders them
 * @property {number} version
 * @property {boolean} camera
 * @property {boolean} microphone
 * @property {boolean} revealed
 * @property {boolean} paused the picture is withheld because the network is too weak for it
 * @property {Want} want the most that this side wants to receive
 *
 * @typedef {object} Signal
 * @property {number} [generation]
 * @property {{ type: 'offer' | 'answer', sdp: string }} [description]
 * @property {number} [number] which offer this is, or answers
 * @property {RTCIceCandidateInit[]} [candidates]
 * @property {'restart' | 'rebuild'} [ask]
 * @property {boolean} [hold]
 * @property {MediaState} [media]
 * @property {typeof GAVE_UP[number]} [gaveUp]
 */

/** The signal in a frame's data, or null when it is not one. @param {unknown} data @returns {Signal | null} */
export function parseSignal(data) {
  if (!isObject(data)) return null;
  const { generation, description, number, candidates, ask, hold, media, gaveUp } = data;
  const fits =
    optional(generation, isCount) && optional(number, isCount) && optional(description, isDescription) &&
    optional(candidates, isCandidateList) && optional(ask, (value) => value === 'restart' || value === 'rebuild') &&
    optional(hold, isBoolean) && optional(media, isMediaState) &&
    optional(gaveUp, (value) => GAVE_UP.includes(/** @type {any} */ (value)));
  const addressed = (description === undefined && candidates === undefined) || generation !== undefined;
  return fits && addressed ? /** @type {Signal} */ (data) : null;
}

/** Remove addresses that are not a relay's: the one from which a candidate was relayed, and those in older lines.
 * @param {string} text a candidate or a whole description */
export function hideAddresses(text) {
  return text.replace(/ raddr \S+ rport \d+/g, ' raddr 0.0.0.0 rport 0')
    .replace(/^((?:c=|a=rtcp:\d+ )IN) IP[46] \S+/gm, '$1 IP4 0.0.0.0');
}

/** A description without candidates that lead nowhere, and without any where there are more than the peer accepts.
 * @param {string} sdp */
export function shorten(sdp) {
  const without = (/** @type {(candidate: string) => boolean} */ leave) => (
    sdp.replace(/a=(candidate:.*|end-of-candidates)\r?\n/g, (line, candidate) => (leave(candidate) ? '' : line)));
  const short = without((candidate) => !isRoute(candidate));
  return short.length <= DESCRIPTION_LENGTH_MAX ? short : without(() => true);
}

/** Whether a signal can be sent at all: a frame that is too large costs the socket. @param {Signal} signal */
export function isSendable(signal) {
  return new TextEncoder().encode(JSON.stringify(signal)).length <= SIGNAL_BYTES_MAX;
}

/** @param {unknown} value @param {(value: unknown) => boolean} check */
function optional(value, check) {
  return value === undefined || check(value);
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param {unknown} value */
function isBoolean(value) {
  return typeof value === 'boolean';
}

/** @param {unknown} value */
function isCount(value) {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
}

/** @param {unknown} value */
function isDescription(value) {
  return isObject(value) && (value.type === 'offer' || value.type === 'answer') &&
    typeof value.sdp === 'string' && value.sdp.length <= DESCRIPTION_LENGTH_MAX && isOurs(value.sdp);
}

/** Whether a description has the sections that our page makes, each once at most, and few lines. @param {string} sdp */
function isOurs(sdp) {
  const lines = sdp.split(/\r\n|\r|\n/);
  const sections = lines.filter((line) => /^\s*m\s*=/i.test(line)).map((line) => line.slice(2).split(' ', 1)[0]);
  const candidates = lines.filter((line) => line.startsWith('a=candidate:')).length;
  return lines.length <= DESCRIPTION_LINES_MAX && candidates <= CANDIDATES_MAX * SECTIONS.length &&
    new Set(sections).size === sections.length && sections.every((section) => SECTIONS.includes(/** @type {any} */ (section)));
}

/** @param {unknown} value */
function isCandidateList(value) {
  return Array.isArray(value) && value.length <= CANDIDATES_MAX && value.every(
    (item) => isObject(item) && typeof item.candidate === 'string' && item.candidate.length <= CANDIDATE_LENGTH_MAX);
}

/** @param {unknown} value */
function isMediaState(value) {
  return isObject(value) && isCount(value.version) && isBoolean(value.camera) && isBoolean(value.microphone) &&
    isBoolean(value.revealed) && isBoolean(value.paused) && WANTS.includes(/** @type {any} */ (value.want));
}
