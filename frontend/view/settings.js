// @ts-check
/** The settings: language, appearance, and the signals that may call the person back. */

import { LANGUAGES, currentTag, speak, text } from "../language.js";
import { recall, remember } from "../preferences.js";
import { applyTheme } from "../theme.js";
import { closeOnBackdrop } from "./dialogs.js";
import { box, button, find } from "./elements.js";

export class Settings {
  #dialog = find(HTMLDialogElement, "settings-dialog");
  #note = box("settings-note");

  /** @param {{ save: () => void, canSave: () => boolean, spoken: () => void, hear: () => void }} actions */
  constructor(actions) {
    this.actions = actions;
    button("settings").addEventListener("click", () => this.#open());
    button("settings-save").addEventListener("click", actions.save);
    closeOnBackdrop(this.#dialog);
    this.#wireLanguage();
    this.#wireTheme();
    this.#wireSwitch("sound", () => actions.hear());
    this.#wireSwitch("vibration", () => navigator.vibrate?.(60));
    this.#wireSwitch("tell-typing");
    this.#wireSwitch("times", () => applyTimes());
    find(HTMLInputElement, "notifications").addEventListener("change", () => this.#askToNotify());
    box("vibration-setting").hidden = !("vibrate" in navigator && matchMedia("(pointer: coarse)").matches);
    box("notifications-setting").hidden = !("Notification" in window);
    applyTimes();
  }

  #open() {
    button("settings-save").hidden = !this.actions.canSave();
    this.#note.textContent = "";
    find(HTMLSelectElement, "language").value = currentTag();
    for (const [id, name] of Object.entries(SWITCHES)) find(HTMLInputElement, id).checked = recall(name);
    this.#dialog.showModal();
  }

  #wireLanguage() {
    const select = find(HTMLSelectElement, "language");
    for (const { tag, name } of LANGUAGES) {
      const option = new Option(name, tag);
      option.lang = tag;
      select.append(option);
    }
    select.addEventListener("change", async () => {
      remember("language", select.value);
      await speak(select.value);
      this.actions.spoken();
    });
  }

  #wireTheme() {
    const select = find(HTMLSelectElement, "theme");
    select.value = recall("theme");
    select.addEventListener("change", () => {
      remember("theme", select.value);
      applyTheme(select.value);
    });
  }

  /** @param {keyof typeof SWITCHES} id @param {(on: boolean) => void} [changed] only when it is switched on, but for `times` */
  #wireSwitch(id, changed) {
    const input = find(HTMLInputElement, id);
    input.addEventListener("change", () => {
      remember(SWITCHES[id], input.checked);
      if (input.checked || id === "times") changed?.(input.checked);
    });
  }

  /** Browsers ask the person once; a "no" can only be taken back in their own settings. */
  async #askToNotify() {
    const input = find(HTMLInputElement, "notifications");
    const allowed = !input.checked || (await Notification.requestPermission()) === "granted";
    if (!allowed) {
      input.checked = false;
      this.#note.textContent = text("notifications_denied");
    }
    remember("notifications", input.checked);
  }
}

/** Switches by the id of their element. */
const SWITCHES = /** @type {const} */ ({
  sound: "sound", notifications: "notifications", vibration: "vibration", times: "times", "tell-typing": "tellTyping",
});

function applyTimes() {
  document.documentElement.toggleAttribute("data-times", recall("times"));
}
