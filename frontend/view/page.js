// @ts-check
/** The page as a whole: which view is shown, where the focus is, and what each part is told. */

import { text, write } from "../language.js";
import { recall, remember } from "../preferences.js";
import { isInRoom } from "../session/state.js";
import { Announcer } from "./announcer.js";
import { CallPanel } from "./call.js";
import { Closed } from "./closed.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { ReportDialog, wireRules } from "./dialogs.js";
import { box, button, find } from "./elements.js";
import { Landing } from "./landing.js";
import { Scroll } from "./scroll.js";
import { Search } from "./search.js";
import { chooseView, statusKeys } from "./wording.js";

/**
 * @import { Session } from "../session/state.js"
 * @typedef {(event: Record<string, any>) => void} Happen
 */

export class Page {
  /** @type {Session | null} */ #session = null;
  #view = "";
  #status = box("status");
  #announcer = new Announcer();
  #scroll = new Scroll();

  /** @param {Happen} happen */
  constructor(happen) {
    this.happen = happen;
    const start = (/** @type {"text" | "video"} */ mode) => this.#start(mode);
    this.landing = new Landing(start);
    this.closed = new Closed();
    this.conversation = new Conversation(box("lines"), () => happen({ type: "line_resent" }));
    this.composer = new Composer({
      write: (line) => {
        happen({ type: "line_written", text: line });
        this.#scroll.follow();
      },
      type: (empty) => recall("tellTyping") && happen({ type: "draft_changed", empty }),
      skip: () => happen({ type: "skip_pressed" }),
    });
    this.search = new Search({ widen: () => happen({ type: "widen_chosen" }), hold: () => happen({ type: "hold_chosen" }) });
    this.call = new CallPanel({
      signal: (room, data) => happen({ type: "signal_made", room, data }),
      wantRelays: () => happen({ type: "relays_wanted" }),
    });
    this.#wireButtons();
  }

  /** @param {Session} session */
  update(session) {
    const before = this.#session;
    this.#session = session;
    this.#showView(session);
    this.#showStatus(session);
    this.conversation.update(session.entries, isInRoom(session));
    this.search.update(session);
    this.composer.update(session);
    this.call.update(session);
    if (before?.room?.id !== session.room?.id) this.#announcer.clear();
    box("typing").hidden = session.room?.peerTyping !== true;
    this.#scroll.keep();
  }

  /** @param {string} name @param {Record<string, any>} values */
  notice(name, values) {
    if (name === "lines_arrived") {
      this.#announcer.announce(values.texts);
      this.#scroll.count(values.texts.length);
    }
    if (name === "matched") this.#scroll.follow();
    if (name === "went_on" || name === "peer_back") this.call.reconnected();
  }

  /** @param {string} room @param {object} data */
  signal(room, data) {
    return this.call.receive(room, data);
  }

  /** @param {"text" | "video"} mode */
  #start(mode) {
    remember("adult", true);
    this.happen({ type: "started", mode, interests: this.landing.interests });
    if (mode === "video") this.call.prepare();
  }

  #wireButtons() {
    const { happen } = this;
    const report = new ReportDialog((reason, note) => happen({ type: "reported", reason, note }));
    wireRules();
    button("report").addEventListener("click", () => report.open());
    button("stop").addEventListener("click", () => happen({ type: "stopped" }));
    button("again-text").addEventListener("click", () => this.#start("text"));
    button("again-video").addEventListener("click", () => this.#start("video"));
    button("home").addEventListener("click", () => happen({ type: "conversation_closed" }));
    button("underage").addEventListener("click", () => {
      remember("underage", true);
      if (this.#session !== null) this.update(this.#session);
    });
    document.addEventListener("keydown", (event) => this.#pressKey(event));
  }

  /** @param {KeyboardEvent} event */
  #pressKey(event) {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") === null) this.happen({ type: "skip_pressed" });
  }

  /** @param {Session} session */
  #showView(session) {
    const view = chooseView(session, recall("underage"));
    button("report").hidden = session.room === null || view === "closed";
    button("stop").hidden = view !== "chat";
    if (view === "closed") this.closed.update(session);
    if (view === this.#view) return;
    const first = this.#view === "";
    this.#view = view;
    document.documentElement.dataset.view = view;
    box("landing").hidden = view !== "landing";
    box("closed").hidden = view !== "closed";
    box("chat").hidden = view !== "chat" && view !== "ended";
    box("ended").hidden = view !== "ended";
    find(HTMLFormElement, "composer").hidden = view !== "chat";
    if (view === "ended") write(box("ended-text"), session.room?.over === "moved" ? "ended_moved" : "ended_text");
    if (!first) this.#moveFocus(view);
  }

  /** What had the focus may be gone: put it where the person goes on. @param {string} view */
  #moveFocus(view) {
    if (view === "chat") this.composer.focus();
    else if (view === "ended") box("ended-text").focus();
    else if (view === "closed") box("closed-title").focus();
    else button("start-text").focus();
  }

  /** @param {Session} session */
  #showStatus(session) {
    const words = statusKeys(session, !navigator.onLine).map((key) => text(key)).join(" ");
    if (this.#status.textContent !== words) this.#status.textContent = words;
    this.#status.dataset.link = session.link;
    this.#status.dataset.phase = session.phase;
  }
}
