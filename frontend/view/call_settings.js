// @ts-check
/** The video settings: which camera and microphone, how loud, and how the pictures are shown. */

import { canFlip, setVolume } from "../call/view.js";
import { recall, remember } from "../preferences.js";
import { closeOnBackdrop } from "./dialogs.js";
import { box, button, find } from "./elements.js";

/**
 * @import { LocalMedia } from "../call/media.js"
 */

/** Each switch, and the name of its preference. */
const SWITCHES = /** @type {const} */ ({ "mirror-own": "mirrorOwn", "hide-own": "hideOwn" });
const KINDS = /** @type {const} */ (["camera", "microphone"]);

export class CallSettings {
  #dialog = find(HTMLDialogElement, "call-dialog");
  #volume = find(HTMLInputElement, "volume");
  #blur = find(HTMLInputElement, "blur");
  #flip = button("flip");

  /** @param {{ remote: HTMLVideoElement, local: HTMLVideoElement, media: LocalMedia, blurs: () => boolean,
   *   setBlurs: (blurs: boolean) => void }} parts */
  constructor(parts) {
    this.parts = parts;
    button("call-settings").addEventListener("click", () => this.#open());
    closeOnBackdrop(this.#dialog);
    this.#flip.addEventListener("click", () => parts.media.flip());
    this.#wireDevices();
    this.#wireSwitches();
    this.#wireWindows();
    setVolume(parts.remote, recall("volume"));
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.#listDevices());
  }

  /** The own picture is a mirror as long as it shows the person. */
  update() {
    const front = this.parts.media.facing !== "environment";
    this.parts.local.classList.toggle("mirrored", front && recall("mirrorOwn"));
  }

  close() {
    this.#dialog.close();
  }

  #open() {
    this.#listDevices();
    for (const [id, name] of Object.entries(SWITCHES)) find(HTMLInputElement, id).checked = recall(name);
    this.#blur.checked = this.parts.blurs();
    this.#volume.valueAsNumber = this.parts.remote.volume * 100;
    this.#dialog.showModal();
  }

  async #listDevices() {
    const { media } = this.parts;
    const devices = await media.devices();
    for (const kind of KINDS) {
      const select = find(HTMLSelectElement, kind);
      const used = media.stream.getTracks().find((track) => track.kind === (kind === "camera" ? "video" : "audio"));
      select.replaceChildren(...devices[kind].map(({ label, deviceId }, index) => new Option(label || String(index + 1), deviceId)));
      select.value = used?.getSettings().deviceId ?? "";
      select.disabled = devices[kind].length < 2;
    }
    this.#flip.hidden = !canFlip(devices.camera);
  }

  #wireDevices() {
    for (const kind of KINDS) {
      const select = find(HTMLSelectElement, kind);
      select.addEventListener("change", () => {
        remember(kind, select.value);
        this.parts.media.choose(kind, select.value);
      });
    }
  }

  #wireSwitches() {
    for (const [id, name] of Object.entries(SWITCHES)) {
      const input = find(HTMLInputElement, id);
      input.addEventListener("change", () => {
        remember(name, input.checked);
        this.#changed();
      });
    }
    this.#blur.addEventListener("change", () => {
      remember("blur", this.#blur.checked ? "on" : "off");
      this.parts.setBlurs(this.#blur.checked);
    });
    this.#volume.addEventListener("input", () => {
      setVolume(this.parts.remote, this.#volume.valueAsNumber / 100);
      remember("volume", this.parts.remote.volume);
    });
  }

  #wireWindows() {
    for (const id of ["float", "full-screen"]) button(id).addEventListener("click", () => this.#dialog.close());
    button("layout").addEventListener("click", () => {
      remember("layout", recall("layout") === "side" ? "large" : "side");
      this.#changed();
    });
    box("volume-setting").hidden = /iPhone|iPad/.test(navigator.userAgent); // iOS has the volume on the device alone.
  }

  #changed() {
    this.parts.media.dispatchEvent(new Event("change"));
  }
}
