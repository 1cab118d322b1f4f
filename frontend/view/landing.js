// @ts-check
/** The start: interests, and the two ways to begin. */

import { addInterests, endsInSeparator } from "../interests.js";
import { text, write } from "../language.js";
import { recall, remember } from "../preferences.js";
import { INTERESTS_MAX } from "../session/limits.js";
import { box, button, copyTemplate, find, part } from "./elements.js";
import { VideoNotice } from "./video_notice.js";

export class Landing {
  #input = find(HTMLInputElement, "interests");
  #chips = box("chips");
  #hint = box("interests-hint");
  #videoNotice = new VideoNotice();
  /** @type {string[]} */ #interests = addInterests([], recall("interests").join("\n"));

  /** @param {(mode: "text" | "video", interests: string[]) => void} start */
  constructor(start) {
    find(HTMLFormElement, "start").addEventListener("submit", (event) => event.preventDefault());
    this.#input.addEventListener("keydown", (event) => this.#pressKey(event));
    this.#input.addEventListener("input", () => endsInSeparator(this.#input.value) && this.#take());
    box("interest-box").addEventListener("click", (event) => event.target === event.currentTarget && this.#input.focus());
    for (const [id, mode] of /** @type {const} */ ([["start-text", "text"], ["start-video", "video"]])) {
      button(id).addEventListener("click", () => {
        if (mode === "video" && this.#videoNotice.warned) remember("showAddress", true);
        start(mode, this.interests);
      });
      button(id).disabled = false;
    }
    this.show();
  }

  /** What was entered, whether or not it became a chip yet. */
  get interests() {
    this.#take();
    return this.#interests;
  }

  show() {
    this.#chips.replaceChildren(...this.#interests.map((interest) => this.#createChip(interest)));
    this.#chips.hidden = this.#interests.length === 0;
    write(this.#hint, this.#interests.length < INTERESTS_MAX ? "interests_hint" : "interests_full");
    this.#videoNotice.show();
  }

  /** @param {KeyboardEvent} event */
  #pressKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.#take();
    } else if (event.key === "Backspace" && this.#input.value === "" && this.#interests.length > 0) {
      this.#keep(this.#interests.slice(0, -1));
    }
  }

  #take() {
    if (this.#input.value.trim() === "") return;
    const interests = addInterests(this.#interests, this.#input.value);
    this.#input.value = "";
    this.#keep(interests);
  }

  /** @param {string[]} interests */
  #keep(interests) {
    this.#interests = interests;
    remember("interests", interests);
    this.show();
  }

  /** @param {string} interest */
  #createChip(interest) {
    const chip = copyTemplate("chip-template");
    part(chip, ".chip-text").textContent = interest;
    const removal = part(chip, "button");
    removal.setAttribute("aria-label", text("remove_interest", { interest }));
    removal.addEventListener("click", () => {
      this.#keep(this.#interests.filter((other) => other !== interest));
      this.#input.focus();
    });
    return chip;
  }
}
