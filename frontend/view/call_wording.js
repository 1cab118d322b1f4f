// @ts-check
/** The words of a call, and the ways on. Pure: keys into the strings, no page. */

import { PROBLEMS } from "../call/problems.js";

/**
 * @import { CallState } from "../call/state.js"
 * @import { Way } from "../call/problems.js"
 * @import { Key } from "../language.js"
 *
 * @typedef {{ camera: string | null, microphone: string | null }} Problems
 * @typedef {Way | "agree" | "hear"} Button
 * @typedef {{ keys: Key[], buttons: Button[] }} Message what stands on the picture, and the buttons below it
 *
 * @typedef {object} Told
 * @property {Problems} problems
 * @property {CallState | null} state
 * @property {boolean} consent the person has not agreed to show the address
 * @property {boolean} textOnly the person chose text
 * @property {ReadonlySet<string>} accepted problems that the person goes on with
 */

/** @type {Record<string, Key>} */
const PHASE_KEYS = { waiting: "call_waiting", connecting: "call_connecting", reconnecting: "call_reconnecting" };

/** The problem that is most in the way comes first. @param {Told} told @returns {Message | null} */
export function messageOf({ problems, state, consent, textOnly, accepted }) {
  if (textOnly) return { keys: ["call_declined"], buttons: ["agree"] };
  if (consent) return { keys: ["consent_text"], buttons: ["agree", "text"] };
  const open = openProblems(problems, accepted);
  if (open.length > 0) return { keys: open.map((code) => /** @type {Key} */ (`problem_${code}`)), buttons: waysOn(open) };
  if (state?.soundBlocked) return { keys: stateKeys(state), buttons: ["hear"] };
  if (state?.phase === "failed") return { keys: stateKeys(state), buttons: ["retry"] };
  const keys = stateKeys(state);
  return keys.length > 0 ? { keys, buttons: [] } : null;
}

/** The problems that the person has not accepted, each once. @param {Problems} problems @param {ReadonlySet<string>} accepted */
export function openProblems(problems, accepted) {
  const codes = [problems.camera, problems.microphone].filter((code) => typeof code === "string");
  return [...new Set(codes)].filter((code) => !accepted.has(code));
}

/** The ways on that work for every one of several problems. @param {string[]} codes @returns {Way[]} */
function waysOn(codes) {
  const [first = [], ...others] = codes.map((code) => PROBLEMS[code] ?? ["text"]);
  return first.filter((way) => others.every((ways) => ways.includes(way)));
}

/** @param {CallState | null} state @returns {Key[]} */
function stateKeys(state) {
  if (state === null) return [];
  if (state.reason !== null) return [/** @type {Key} */ (`call_${state.reason}`)];
  if (Object.hasOwn(PHASE_KEYS, state.phase)) return [PHASE_KEYS[state.phase]];
  if (!state.peer.camera) return ["peer_camera_off"];
  if (state.peer.paused) return ["peer_paused"];
  return state.step === "audio" ? ["call_sound_only"] : [];
}

/** The words of the badge, and their meaning. @param {CallState | null} state @returns {{ sign: Key, hint: Key } | null} */
export function badgeKeys(state) {
  if (state === null || state.held || state.phase === "failed") return null;
  return state.address === "hidden"
    ? { sign: "address_hidden", hint: "address_hidden_hint" }
    : { sign: "address_direct", hint: "address_direct_hint" };
}

/** How a call goes, in the words of the contract; null as long as it is open. @param {CallState | null} state */
export function outcomeOf(state) {
  if (state?.phase === "connected" || state?.phase === "weak") return state.relayed ? "relayed" : "direct";
  return state?.phase === "failed" ? state.reason : null;
}
