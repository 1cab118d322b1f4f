// @ts-check
/** The search, visible and in the person's hands. */

import { currentTag, listOf, nameOf, text, write } from "../language.js";
import { isLongSearch, isPicky } from "../session/state.js";
import { box, button, find, say } from "./elements.js";
import { searchHintKey } from "./wording.js";

/**
 * @import { Alerts } from "../alerts.js"
 * @import { Session } from "../session/state.js"
 * @typedef {{ widen: () => void, hold: () => void, switchMode: (mode: "text" | "video") => void, alerts: Alerts,
 *   announce: (words: string) => void }} SearchActions
 */

export class Search {
  #panel = box("search");
  #text = box("search-text");
  #hint = box("search-hint");
  #notice = box("notice");
  #bar = box("search-bar");
  #widen = button("widen");
  #hold = button("hold");
  #others = button("others");
  #notify = button("notify");
  #outcome = box("notify-outcome");
  #written = "";
  #refused = false;

  /** @param {SearchActions} actions */
  constructor(actions) {
    this.actions = actions;
    this.#widen.addEventListener("click", actions.widen);
    this.#hold.addEventListener("click", actions.hold);
    this.#others.addEventListener("click", () => actions.switchMode(this.#others.value === "video" ? "video" : "text"));
    this.#notify.addEventListener("click", () => this.#switchOnAlerts());
    const change = find(HTMLDetailsElement, "change");
    change.addEventListener("toggle", () => change.open && change.scrollIntoView({ block: "nearest" }));
  }

  /** @param {Session} session @param {string} trouble what the status says while there is no connection */
  update(session, trouble) {
    const { phase, link, search, wish } = session;
    this.#panel.hidden = phase !== "searching";
    this.#offerAlerts(session);
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
    this.#offerOthers(connected ? search.others : null);
  }

  /** @param {"text" | "video" | null} mode in which somebody waits */
  #offerOthers(mode) {
    this.#others.hidden = mode === null;
    this.#others.value = mode ?? "";
    if (mode !== null) say(this.#others, text(mode === "video" ? "others_video" : "others_text"));
  }

  /** A person who waits long goes elsewhere meanwhile. @param {Session} session */
  #offerAlerts(session) {
    const long = isLongSearch(session);
    const on = this.actions.alerts.isOn;
    this.#notify.hidden = !long || on;
    this.#outcome.hidden = !long || !on;
    if (long && on) say(this.#outcome, this.#promise);
  }

  /** How the person will be told. */
  get #promise() {
    if (this.actions.alerts.isShown) return text("notify_on");
    return text(this.#refused ? "notify_refused" : "notify_sound");
  }

  /** Its words come once the person has answered the browser. */
  async #switchOnAlerts() {
    this.#refused = (await this.actions.alerts.switchOn()) === "denied";
    this.#notify.hidden = true;
    this.#outcome.hidden = false;
    say(this.#outcome, this.#promise);
    this.actions.announce(this.#promise);
  }
}
