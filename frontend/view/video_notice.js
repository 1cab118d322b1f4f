// @ts-check
/** The notice on the start about the address that video shows to a stranger: before a person chooses video, and not in the way. */

import { findVideoConfig } from "../config.js";
import { write } from "../language.js";
import { box } from "./elements.js";

export class VideoNotice {
  #place = box("video-address");
  /** @type {boolean | undefined} */ #hides;

  constructor() {
    void this.#ask();
  }

  /** Whether it says that video shows the address: a person who then chooses video need not be asked again. */
  get warned() {
    return this.#hides === false;
  }

  /** Say it, in the language in use; its space is kept while nothing is known. */
  show() {
    if (this.#hides !== undefined) write(this.#place, this.#hides ? "video_hides_address" : "video_shows_address");
  }

  async #ask() {
    this.#hides = (await findVideoConfig()).hidesAddresses;
    this.show();
  }
}
