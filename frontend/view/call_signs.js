// @ts-check
/** The small signs on the stranger's picture: whether the address is hidden, and who is muted or revealed. */

import { write } from "../language.js";
import { badgeKeys } from "./call_wording.js";
import { box, button } from "./elements.js";

/**
 * @import { LocalMedia } from "../call/media.js"
 * @import { CallState } from "../call/state.js"
 */

/** Whether the stranger can find out the address, said for as long as there is a call. @param {CallState | null} state */
export function showBadge(state) {
  const keys = badgeKeys(state);
  box("call-badge").hidden = keys === null;
  if (keys === null) return;
  write(box("call-badge-text"), keys.sign);
  write(box("call-badge-hint"), keys.hint);
}

/** @param {CallState | null} state */
export function showPeer(state) {
  const talking = state?.phase === "connected" || state?.phase === "weak";
  box("peer-muted").hidden = !talking || state.peer.microphone;
  box("call-weak").hidden = state?.phase !== "weak";
}

/** Show that the stranger does not see or hear this person, so that nobody wonders. @param {LocalMedia} media */
export function showOwn(media) {
  box("own-off").hidden = media.camera;
  box("own-muted").hidden = !media.muted && media.problems.microphone !== "microphone_interrupted";
  write(box("own-off-text"), media.asking && !media.cameraOff ? "own_camera_opening" : "own_camera_off");
}

/** The button that takes the blur away, where there is one. @param {CallState | null} state @param {boolean} blurs */
export function showReveal(state, blurs) {
  const reveal = button("reveal");
  reveal.hidden = state === null || state.phase === "failed" || (state.clear && !blurs);
  reveal.setAttribute("aria-pressed", String(state?.revealed === true));
  const hint = box("reveal-hint");
  hint.hidden = reveal.hidden || state?.clear === true || state?.picture !== true;
  if (!hint.hidden) write(hint, state?.revealed ? "reveal_waiting" : "reveal_hint");
}
