// @ts-check
/** Reads the stranger's new lines to whoever listens, once. Own lines and notes are not repeated to their writer. */

import { text } from "../language.js";
import { box } from "./elements.js";

/** Older announcements are let go, so that nobody finds the conversation twice on the page. */
const KEPT_MAX = 3;

export class Announcer {
  #region = box("announcer");

  /** @param {string[]} lines */
  announce(lines) {
    for (const line of lines) {
      const element = document.createElement("p");
      element.dir = "auto";
      element.textContent = `${text("stranger")}: ${line}`;
      this.#region.append(element);
    }
    while (this.#region.childElementCount > KEPT_MAX) this.#region.firstElementChild?.remove();
  }

  clear() {
    this.#region.replaceChildren();
  }
}
