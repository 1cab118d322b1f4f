// @ts-check
/** The start: the two ways to begin. */

import { remember } from "../preferences.js";
import { button, find } from "./elements.js";
import { VideoNotice } from "./video_notice.js";

export class Landing {
  #videoNotice = new VideoNotice();

  /** @param {(mode: "text" | "video") => void} start */
  constructor(start) {
    find(HTMLFormElement, "start").addEventListener("submit", (event) => event.preventDefault());
    for (const [id, mode] of /** @type {const} */ ([["start-text", "text"], ["start-video", "video"]])) {
      button(id).addEventListener("click", () => {
        if (mode === "video" && this.#videoNotice.warned) remember("showAddress", true);
        start(mode);
      });
    }
    this.show();
  }

  show() {
    this.#videoNotice.show();
  }
}
