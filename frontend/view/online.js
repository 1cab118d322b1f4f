// @ts-check
/** How many people are here, on the start: from a file of the site, for there is no socket yet. */

import { write } from "../language.js";
import { ASK_ONLINE_MS } from "../session/limits.js";
import { box } from "./elements.js";

export class Online {
  #place = box("online");
  #count = 0;

  constructor() {
    void this.#ask();
    setInterval(() => this.#ask(), ASK_ONLINE_MS);
  }

  /** Say it, in the language in use; of a number that is not known nothing is said, in the same space. */
  show() {
    if (this.#count > 0) write(this.#place, "online", { count: this.#count });
    else this.#place.replaceChildren();
  }

  async #ask() {
    if (document.hidden || !this.#place.checkVisibility()) return;
    this.#count = await fetchCount();
    this.show();
  }
}

/** Return the number, or 0 where the site says none, or none any more. */
async function fetchCount() {
  try {
    const response = await fetch("/online.json", { cache: "no-cache" });
    const { online, until } = await response.json();
    // By the site's clock: a visitor's may be wrong by hours.
    const now = Date.parse(response.headers.get("Date") ?? "") || Date.now();
    return Number.isSafeInteger(online) && online > 0 && until * 1000 > now ? online : 0;
  } catch {
    return 0; // No network, or no such file: the start does without.
  }
}
