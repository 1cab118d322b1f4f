// @ts-check
/** An event of the server, read from a frame: a known event with sound fields, or null. Pure. */

/**
 * @typedef {{ type: string, [field: string]: any }} ServerEvent
 * @typedef {(value: any) => boolean} Check
 */

/** @type {Check} */ const isText = (value) => typeof value === "string";
/** @type {Check} */ const isFlag = (value) => typeof value === "boolean";
/** @type {Check} */ const isNumber = (value) => Number.isSafeInteger(value);
/** @type {Check} */ const isMode = (value) => value === "text" || value === "video";
/** @type {Check} */ const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** @type {Check} */ const isTexts = (value) => Array.isArray(value) && value.every(isText);

/** @type {Check} */
const isPuzzle = (value) => isObject(value) && isNumber(value.maxnumber) && ["challenge", "salt", "signature"].every((name) => isText(value[name]));

/** @type {(check: Check) => Check} */
const optional = (check) => (value) => value === undefined || value === null || check(value);

/**
 * The fields that the page relies on, by event. A field that is not listed is passed on unread.
 * @type {Record<string, Record<string, Check>>}
 */
export const EVENT_FIELDS = {
  waiting: {
    mode: isMode, interests: optional(isTexts), widened: optional(isFlag), ticket: optional(isText),
    resume: optional(isText), device: optional(isText), notice: optional(isText), others: optional(isMode),
    puzzle: optional(isPuzzle),
  },
  paired: {
    room: isText, mode: isMode, polite: isFlag, common: optional(isTexts), languages: optional(isTexts), ticket: optional(isText),
    resume: optional(isText), device: optional(isText), iceServers: optional(Array.isArray), relayOnly: optional(isFlag),
    key: optional(isText), ownKey: optional(isText),
  },
  message: {
    room: isText, seq: isNumber, text: optional(isText), sealed: optional(isText), commitment: optional(isText),
    stamp: optional(isText), ack: optional(isNumber), probe: optional(isFlag), implied: optional(isFlag),
  },
  ack: { room: isText, ack: optional(isNumber), probe: optional(isFlag) },
  typing: { room: isText, on: isFlag, ack: optional(isNumber) },
  signal: { room: isText, data: isObject },
  peer_left: { room: isText, reason: optional(isText), ack: optional(isNumber) },
  peer_away: { room: isText },
  peer_back: { room: isText },
  reported: { room: isText, case: optional(isText) },
  appealed: { case: optional(isText) },
  error: { code: isText, action: optional(isText), room: optional(isText), seq: optional(isNumber), puzzle: optional(isPuzzle) },
  pong: {},
};

/**
 * Read one frame. API Gateway's own frames have no `type` ("Internal server error"): one of ours failed on the way, and
 * nothing of it is ever shown. An unknown event is null.
 * @param {unknown} frame
 * @returns {ServerEvent | null}
 */
export function readEvent(frame) {
  const event = parse(frame);
  if (event === null) return null;
  if (event.type === undefined && isText(event.message)) return { type: "frame_failed" };
  if (!isText(event.type) || !Object.hasOwn(EVENT_FIELDS, event.type)) return null;
  const fields = Object.entries(EVENT_FIELDS[event.type]);
  return fields.every(([name, check]) => check(event[name])) ? event : null;
}

/** @param {unknown} frame @returns {ServerEvent | null} */
function parse(frame) {
  if (typeof frame !== "string") return null;
  try {
    const value = JSON.parse(frame);
    return isObject(value) ? value : null;
  } catch {
    return null; // Not JSON: not from our server's code, and there is nobody to tell.
  }
}
