// @ts-check
/** Which words a call has. Pure: keys into the strings, no page. */

/**
 * @import { CallState } from "../call/state.js"
 * @import { Key } from "../language.js"
 */

/** What stands in the place of the stranger's picture. */
/** @type {Record<string, Key>} */
const PHASE_KEYS = { waiting: "call_waiting", connecting: "call_connecting", reconnecting: "call_reconnecting" };

/** @param {{ camera: string | null, microphone: string | null } | undefined} problems @returns {Key | null} */
export function problemKey(problems) {
  const code = problems?.camera ?? problems?.microphone;
  return code ? /** @type {Key} */ (`problem_${code}`) : null;
}

/** @param {CallState | null} state @returns {Key | null} */
export function stateKey(state) {
  if (state === null) return null;
  if (state.reason) return /** @type {Key} */ (`call_${state.reason}`);
  if (Object.hasOwn(PHASE_KEYS, state.phase)) return PHASE_KEYS[state.phase];
  if (!state.peer.camera) return "peer_camera_off";
  return state.peer.paused ? "peer_paused" : null;
}

/** What is said about a call that works. @param {CallState | null} state @returns {Key | null} */
export function badgeKey(state) {
  if (state?.phase === "weak") return "call_weak";
  if (state?.phase !== "connected") return null;
  return state.address === "hidden" ? "address_hidden" : "address_direct";
}
