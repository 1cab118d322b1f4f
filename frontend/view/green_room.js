// @ts-check
/**
 * The green room: a large picture of oneself, the state of camera, microphone and relay, and the search when the person
 * is ready.
 *
 * Where the browser had its answer before the tap (allowed or refused here on an earlier visit), nothing is left to answer:
 * the search begins by itself as soon as the picture is live. Where it asks, nobody is looked for before the person says so.
 */

import { write } from "../language.js";
import { SoundMeter } from "./sound_meter.js";
import { box, button, find } from "./elements.js";

/**
 * @import { Kind } from "../call/intent.js"
 * @import { LocalMedia } from "../call/media.js"
 * @import { Key } from "../language.js"
 */

// Nobody reads a question and answers it sooner: after a quicker answer, the browser did not ask.
const ANSWERED_AT_ONCE_MS = 1_000;
// Long enough to read the problem, and to do something about it; a person who touches anything starts by hand.
const READ_MS = 3_000;

/** @type {Record<string, Key>} */
const RELAY_KEYS = {
  reachable: "check_relay_works", unreachable: "check_relay_unreachable", none: "check_relay_none", unknown: "check_relay_unknown",
};

export class GreenRoom {
  /** @type {Key} */ #relay = "check_running";
  /** The browser's answers before it was asked. @type {Record<Kind, string>} */ #permissions = { camera: "unknown", microphone: "unknown" };
  #touched = false;
  #ready = button("ready");
  #meter = new SoundMeter(find(HTMLMeterElement, "sound-level"));

  /** @param {{ ready: () => void, changed: () => void }} actions */
  constructor(actions) {
    this.actions = actions;
    this.#ready.addEventListener("click", () => actions.ready());
    for (const name of ["pointerdown", "keydown"]) box("call").addEventListener(name, () => { this.#touched = true; });
  }

  /** Open what the person wants, and start by itself where nothing was asked.
   * @param {LocalMedia} media @param {() => boolean} isOpen */
  async open(media, isOpen) {
    this.#touched = false;
    const began = performance.now();
    await Promise.all([this.#learnPermissions(media), media.enter()]);
    const mayAsk = Object.values(this.#permissions).some((state) => state === "prompt" || state === "unknown");
    if (mayAsk && performance.now() - began > ANSWERED_AT_ONCE_MS) return;
    if (Object.values(media.problems).some(Boolean)) await new Promise((resolve) => { setTimeout(resolve, READ_MS); });
    if (isOpen() && !this.#touched) this.actions.ready();
  }

  /** `quiet`: no message says what is wrong. @param {LocalMedia} media @param {{ preparing: boolean, quiet: boolean }} how */
  show(media, { preparing, quiet }) {
    box("call-check").hidden = !preparing;
    box("call").classList.toggle("preparing", preparing);
    this.#meter.listen(preparing && media.microphone ? media.tracks().audio : null);
    if (!preparing) return;
    for (const kind of /** @type {const} */ (["camera", "microphone"])) {
      const place = box(`check-${kind}`);
      write(place, deviceKey(media, kind, this.#permissions[kind]));
      box(`check-${kind}-row`).classList.toggle("works", media[kind]);
      box(`check-${kind}-row`).hidden = !quiet && media.problems[kind] !== null;
    }
    write(box("check-relay"), this.#relay);
  }

  /** Try the relay. @param {{ relayUrls: string[], hidesAddresses: boolean }} config */
  async checkRelay({ relayUrls, hidesAddresses }) {
    const { checkRelay } = await import("../call/check.js");
    const { relay } = "RTCPeerConnection" in window ? await checkRelay(relayUrls) : { relay: "unknown" };
    // A relay whose address is made for each room can only be tried there.
    this.#relay = RELAY_KEYS[relay === "none" && hidesAddresses ? "unknown" : relay] ?? "check_relay_unknown";
    this.actions.changed();
  }

  /** @param {LocalMedia} media */
  async #learnPermissions(media) {
    const [camera, microphone] = await Promise.all([media.permission("camera"), media.permission("microphone")]);
    this.#permissions = { camera, microphone };
    this.actions.changed();
  }
}

/** Return the words for the true state of a device. @param {LocalMedia} media @param {Kind} kind @param {string} permission @returns {Key} */
function deviceKey(media, kind, permission) {
  const problem = media.problems[kind];
  if (problem !== null) return /** @type {Key} */ (`problem_${problem}`);
  if (!media.intent[kind]) return "check_off";
  if (media.intent.devices[kind] === "live") return "check_works";
  return permission === "granted" ? "check_running" : "check_asking";
}
