// @ts-check
/** The check before the first call, while the stranger is being looked for: camera, microphone and relay in plain words. */

import { write } from "../language.js";
import { box } from "./elements.js";

/**
 * @import { Key } from "../language.js"
 * @import { Problems } from "./call_wording.js"
 */

/** @type {Record<string, Key>} */
const RELAY_KEYS = {
  reachable: "check_relay_works", unreachable: "check_relay_unreachable", none: "check_relay_none", unknown: "check_relay_unknown",
};

export class CallCheck {
  /** @type {Key} */ #relay = "check_running";
  #started = false;

  /** Try the relay, once; camera and microphone are tried by being opened.
   * @param {{ relayUrls: string[], hidesAddresses: boolean }} config @param {() => void} changed */
  async run({ relayUrls, hidesAddresses }, changed) {
    if (this.#started) return;
    this.#started = true;
    const { checkRelay } = await import("../call/check.js");
    const { relay } = "RTCPeerConnection" in window ? await checkRelay(relayUrls) : { relay: "unknown" };
    // A relay whose address is made for each room can only be tried there.
    this.#relay = RELAY_KEYS[relay === "none" && hidesAddresses ? "unknown" : relay] ?? "check_relay_unknown";
    changed();
  }

  /** @param {Problems | undefined} problems undefined as long as nothing was tried @param {boolean} shown */
  show(problems, shown) {
    box("call-check").hidden = !shown;
    if (!shown) return;
    write(box("check-camera"), deviceKey(problems?.camera));
    write(box("check-microphone"), deviceKey(problems?.microphone));
    write(box("check-relay"), this.#relay);
  }
}

/** @param {string | null | undefined} problem @returns {Key} */
function deviceKey(problem) {
  if (problem === undefined) return "check_running";
  return problem === null ? "check_works" : /** @type {Key} */ (`problem_${problem}`);
}
