// @ts-check
/** The search, visible and in the person's hands. */

import { currentTag, listOf, nameOf, write } from "../language.js";
import { isPicky } from "../session/state.js";
import { box, button, find } from "./elements.js";
import { searchHintKey } from "./wording.js";

/** @import { Session } from "../session/state.js" */

export class Search {
  #panel = box("search");
  #text = box("search-text");
  #hint = box("search-hint");
  #notice = box("notice");
  #bar = box("search-bar");
  #widen = button("widen");
  #hold = button("hold");
  #written = "";

  /** @param {{ widen: () => void, hold: () => void }} actions */
  constructor({ widen, hold }) {
    this.#widen.addEventListener("click", widen);
    this.#hold.addEventListener("click", hold);
    const change = find(HTMLDetailsElement, "change");
    change.addEventListener("toggle", () => change.open && change.scrollIntoView({ block: "nearest" }));
  }

  /** @param {Session} session @param {string} trouble what the status says while there is no connection */
  update(session, trouble) {
    const { phase, link, search, wish } = session;
    this.#panel.hidden = phase !== "searching";
    if (wish === null || phase !== "searching") return;
    // Written once for each state: a browser may have put its translation in the words' place.
    const state = JSON.stringify([currentTag(), trouble, link, wish, search, session.notice]);
    if (state === this.#written) return;
    this.#written = state;
    const connected = link === "open";
    const narrow = connected && isPicky(wish) && !search.widened;
    if (!connected) this.#text.textContent = trouble;
    else if (narrow && wish.interests.length > 0) write(this.#text, "search_interests", { interests: listOf(wish.interests) });
    else if (narrow) write(this.#text, "search_languages", { languages: listOf(wish.languages.map(nameOf), "disjunction") });
    else write(this.#text, "search_anyone");
    this.#hint.textContent = "";
    if (connected) write(this.#hint, searchHintKey(session));
    this.#notice.hidden = !connected || session.notice === null;
    this.#notice.textContent = session.notice;
    this.#widen.hidden = !narrow;
    write(this.#hold, wish.interests.length > 0 ? "hold" : "hold_languages");
    this.#hold.hidden = !narrow || wish.held;
    this.#bar.hidden = !narrow || wish.held;
    this.#panel.classList.toggle("paused", !connected);
  }
}
