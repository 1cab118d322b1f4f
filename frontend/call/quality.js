// @ts-check
/**
 * The quality of the picture, in steps: they repair losses that the browser's own bitrate cannot. Pure: samples in, a
 * step out.
 */

import { MEDIA_UP_MS } from './limits.js';

/** @typedef {'video' | 'low' | 'audio'} Quality */
export const QUALITIES = /** @type {const} */ (['video', 'low', 'audio']);

// 600 kbit/s is enough for 640x480 at 24 frames and keeps phones cool and relays cheap. `hidden`, before both have
// revealed themselves, is 80x60: a blur that no modified page at the other end can undo.
/** @type {Record<Quality | 'hidden', RTCRtpEncodingParameters>} */
const ENCODINGS = {
  video: { active: true, maxBitrate: 600_000, maxFramerate: 24, scaleResolutionDownBy: 1 },
  low: { active: true, maxBitrate: 150_000, maxFramerate: 12, scaleResolutionDownBy: 2 },
  audio: { active: false, maxBitrate: 150_000, maxFramerate: 12, scaleResolutionDownBy: 2 },
  hidden: { active: true, maxBitrate: 60_000, maxFramerate: 10, scaleResolutionDownBy: 8 },
};

// Bad enough that a person would notice. Above 12 % loss VP8 freezes more often than it moves.
const POOR = { loss: 0.12, roundTripSeconds: 1.5, framesPerSecond: 8 };
// So bad that even the small picture takes the sound down.
const HOPELESS = { loss: 0.3, roundTripSeconds: 3, framesPerSecond: 3 };
// Six seconds of evidence before a step down, ten before a step up, and doubled after each step up that failed.
const SAMPLES_DOWN = 3;
const SAMPLES_UP = 5;
const SAMPLES_UP_MAX = 80;

/**
 * @typedef {object} Sample
 * @property {number} loss share of what we sent that the peer says it lost
 * @property {number} roundTripSeconds
 * @property {number} framesPerSecond that our encoder makes
 * @property {boolean} limited the encoder says that bandwidth holds it back
 * @property {boolean} sending whether a picture is being sent at all
 *
 * @typedef {{ quality: Quality, bad: number, good: number, upAfter: number, climbed: boolean }} Judgement
 */

/** @returns {Judgement} */
export function fairJudgement() {
  return { quality: 'video', bad: 0, good: 0, upAfter: SAMPLES_UP, climbed: false };
}

/** The judgement after one more sample. @param {Judgement} judgement @param {Sample} sample @returns {Judgement} */
export function judge(judgement, sample) {
  const bar = judgement.quality === 'video' ? POOR : HOPELESS;
  const starved = sample.sending && sample.limited && sample.framesPerSecond < bar.framesPerSecond;
  if (sample.loss >= bar.loss || sample.roundTripSeconds >= bar.roundTripSeconds || starved) return worse(judgement);
  const clear = sample.loss < POOR.loss / 2 && sample.roundTripSeconds < POOR.roundTripSeconds / 2;
  return clear ? better(judgement) : { ...judgement, bad: 0, good: 0 };
}

/**
 * @typedef {object} Arrival what this side asks of the peer, because its picture does not arrive
 * @property {Quality} want
 * @property {number} quietSince milliseconds
 * @property {number} changedAt milliseconds
 */

/** @param {number} now @returns {Arrival} */
export function expectMedia(now) {
  return { want: 'video', quietSince: now, changedAt: now };
}

/** The quality to ask for after one more sample: less when an announced picture does not come, more again after a while.
 * @param {Arrival} arrival @param {boolean} framesArriving @param {boolean} announced @param {number} now @returns {Arrival} */
export function judgeArrival(arrival, framesArriving, announced, now) {
  const patient = now - arrival.changedAt >= MEDIA_UP_MS * 5;
  if (arrival.want !== 'video' && patient && (framesArriving || arrival.want === 'audio')) {
    return { want: neighbour(arrival.want, -1), quietSince: now, changedAt: now };
  }
  if (framesArriving || !announced || arrival.want === 'audio') return { ...arrival, quietSince: now };
  if (now - arrival.quietSince < MEDIA_UP_MS) return arrival;
  return { want: neighbour(arrival.want, 1), quietSince: now, changedAt: now };
}

/** How to encode the picture. @param {Quality} quality @param {boolean} revealed @returns {RTCRtpEncodingParameters} */
export function encodingFor(quality, revealed) {
  return { ...ENCODINGS[quality === 'audio' || revealed ? quality : 'hidden'] };
}

/** The lowest of several qualities. @param {...Quality} qualities @returns {Quality} */
export function lowest(...qualities) {
  return /** @type {Quality} */ (QUALITIES[Math.max(...qualities.map((quality) => QUALITIES.indexOf(quality)))]);
}

/** @param {Quality} quality @param {-1 | 1} by @returns {Quality} */
export function neighbour(quality, by) {
  return QUALITIES[QUALITIES.indexOf(quality) + by] ?? quality;
}

/** @param {Judgement} judgement @returns {Judgement} */
function worse(judgement) {
  const bad = judgement.bad + 1;
  if (bad < SAMPLES_DOWN) return { ...judgement, bad, good: 0 };
  const upAfter = judgement.climbed ? Math.min(judgement.upAfter * 2, SAMPLES_UP_MAX) : judgement.upAfter;
  return { quality: neighbour(judgement.quality, 1), bad: 0, good: 0, upAfter, climbed: false };
}

/** @param {Judgement} judgement @returns {Judgement} */
function better(judgement) {
  const good = judgement.good + 1;
  if (judgement.quality === 'video' || good < judgement.upAfter) return { ...judgement, bad: 0, good };
  return { ...judgement, quality: neighbour(judgement.quality, -1), bad: 0, good: 0, climbed: true };
}
