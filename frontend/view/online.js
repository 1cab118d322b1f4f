// @ts-check
/** How many people are here and when it is usually busy, from a file of the site: on the start, and in a long search. */

import { hoursOf, text, write } from "../language.js";
import { joinSentences } from "../sentences.js";
import { ASK_ONLINE_MS } from "../session/limits.js";
import { isLongSearch } from "../session/state.js";
import { box, say } from "./elements.js";

/** @import { Session } from "../session/state.js" */

/** @typedef {{ count: number, busy: number[] }} Known `busy` are hours of the day in UTC, in a row */
/** @type {Known} */ const NOTHING = { count: 0, busy: [] };

export class Online {
  #start = box("online");
  #search = box("search-online");
  #known = NOTHING;
  #long = false;

  constructor() {
    void this.#ask();
    setInterval(() => this.#ask(), ASK_ONLINE_MS);
  }

  /** @param {Session} session */
  update(session) {
    const before = this.#long;
    this.#long = isLongSearch(session);
    if (before === this.#long) return;
    this.show();
    if (this.#long) void this.#ask();
  }

  /** Say it, in the language in use; unknown numbers are left out, and on the start their space is kept. */
  show() {
    const { count } = this.#known;
    if (count > 0) write(this.#start, "online", { count });
    else this.#start.replaceChildren();
    say(this.#search, this.#describe());
    this.#search.hidden = !this.#long || this.#describe() === "";
  }

  /** In a search the person is one of the people here. */
  #describe() {
    const { count, busy } = this.#known;
    const sentences = [];
    if (count > 1) sentences.push(text("online_others", { count: count - 1 }));
    if (busy.length > 0) sentences.push(text("busy_hours", { hours: hoursOf(busy) }));
    return joinSentences(sentences);
  }

  async #ask() {
    if (document.hidden || !(this.#long || this.#start.checkVisibility())) return;
    this.#known = await fetchOnline();
    this.show();
  }
}

/** Return the numbers that the site tells, without those whose time is over. @returns {Promise<Known>} */
async function fetchOnline() {
  try {
    const response = await fetch("/online.json", { cache: "no-cache" });
    const { online, until, busy, busyUntil } = await response.json();
    // By the site's clock: a visitor's may be wrong by hours.
    const now = Date.parse(response.headers.get("Date") ?? "") || Date.now();
    return {
      count: Number.isSafeInteger(online) && online > 0 && until * 1000 > now ? online : 0,
      busy: isHours(busy) && busyUntil * 1000 > now ? busy : [],
    };
  } catch {
    return NOTHING; // No network, or no such file: the page does without.
  }
}

/** @param {unknown} value */
function isHours(value) {
  return Array.isArray(value) && value.every((hour) => Number.isSafeInteger(hour) && hour >= 0 && hour < 24);
}
