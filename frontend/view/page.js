// @ts-check
/** The page as a whole: the view that is shown, the place of the focus, and the updates of each part. */

import { Alerts } from "../alerts.js";
import { text } from "../language.js";
import { joinSentences } from "../sentences.js";
import { recall, remember } from "../preferences.js";
import { isInRoom } from "../session/state.js";
import { hasLines, saveTranscript } from "../transcript.js";
import { Announcer } from "./announcer.js";
import { Closed } from "./closed.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { wireRules } from "./dialogs.js";
import { box, button, find, say } from "./elements.js";
import { beginsText, isBare, stopHeldButton } from "./keys.js";
import { Landing } from "./landing.js";
import { Online } from "./online.js";
import { Openers } from "./openers.js";
import { Previous } from "./previous.js";
import { ReportDialog } from "./report.js";
import { Scroll } from "./scroll.js";
import { Search } from "./search.js";
import { Settings } from "./settings.js";
import { followSwipes } from "./swipe.js";
import { VideoSide } from "./video_side.js";
import { Wish } from "./wish.js";
import { chooseView, statusKeys } from "./wording.js";

/**
 * @import { Session } from "../session/state.js"
 * @typedef {(event: Record<string, any>) => void} Happen
 */

export class Page {
  /** @type {Session | null} */ #session = null;
  #view = "";
  /** @type {Element | null} the last that had the focus */ #focused = null;
  #announcer = new Announcer();
  #status = box("status");
  #scroll = new Scroll();
  #alerts = new Alerts();
  #search;
  #composer;
  #video;
  #landing = new Landing((mode) => this.#start(mode));
  #wish = new Wish(() => this.happen({ type: "wish_changed", ...this.#wish.entered }));
  #online = new Online();
  #closed = new Closed({
    start: (mode) => this.#start(mode),
    home: () => this.happen({ type: "conversation_closed" }),
    appeal: (words) => this.happen({ type: "appeal_written", text: words }),
  });
  #previous = new Previous();
  #report = new ReportDialog((report) => this.happen({ type: "reported", ...report }));
  /** Whether the person was asked if they are a minor. */ #asksAge = false;
  #openers = new Openers((line) => this.#composer.begin(line));
  #conversation;

  /** @param {Happen} happen */
  constructor(happen) {
    this.happen = happen;
    this.#conversation = new Conversation(box("lines"), () => happen({ type: "line_resent" }));
    this.#composer = new Composer({
      write: (line, room) => this.#write(line, room),
      type: (empty) => this.#type(empty),
      skip: () => happen({ type: "skip_pressed" }),
      takeBack: () => happen({ type: "question_withdrawn" }),
    });
    this.#search = new Search({
      widen: () => happen({ type: "widen_chosen" }),
      hold: () => happen({ type: "hold_chosen" }),
      switchMode: (mode) => happen({ type: "mode_switched", mode }),
      alerts: this.#alerts,
      announce: (words) => this.#announcer.say(words),
    });
    this.#video = new VideoSide({
      signal: (room, data) => happen({ type: "signal_made", room, data }),
      wantRelays: () => happen({ type: "relays_wanted" }),
      went: (room, call) => happen({ type: "call_went", room, call }),
      ready: () => happen({ type: "started", ...this.#session?.preparing }),
      text: () => happen({ type: "started", ...this.#session?.preparing, mode: "text" }),
      report: () => happen({ type: "reported", reason: "other", note: "" }),
    });
    this.#wireButtons();
    this.#wireDialogs();
  }

  /** @param {Session} session */
  update(session) {
    if (this.#session === null || (session.room?.restored && this.#session.room === null)) this.#announcer.skip(session);
    this.#session = session;
    const status = statusKeys(session, !navigator.onLine).map((key) => text(key));
    this.#showView(session);
    this.#showStatus(session, status);
    this.#conversation.update(session.entries, isInRoom(session));
    box("scroller").classList.toggle("empty", session.entries.length === 0);
    this.#previous.update(session.previous);
    this.#search.update(session, joinSentences(status));
    this.#composer.update(session);
    this.#openers.update(session, this.draft);
    this.#online.update(session);
    this.#video.update(session);
    this.#report.update(session);
    const typing = session.link === "open" && session.room?.peerTyping === true;
    box("typing").classList.toggle("silent", !typing);
    if (this.#view !== "landing") this.#scroll.keep();
    this.#announcer.update(session, !navigator.onLine);
    this.#keepFocus();
  }

  /** The page speaks another language now: write everything anew, and read none of it again. */
  spoken() {
    this.#conversation.rewrite();
    this.#previous.rewrite();
    this.#landing.show();
    this.#wish.show();
    this.#online.show();
    this.#alerts.refresh();
    this.#video.load();
    if (this.#session !== null) this.update(this.#session);
  }

  /** @param {string} name @param {Record<string, any>} values */
  notice(name, values) {
    if (name === "lines_arrived") {
      this.#scroll.count(values.texts.length);
      this.#alerts.linesArrived(values.texts.length);
    }
    if (name === "asked" && values.what !== "swipe") this.#announcer.say(text("skip_confirm"));
    // Even a reader far above sees the end and the lines that come next.
    if (name === "ended") this.#scroll.follow();
    if (name === "matched") {
      this.#scroll.follow();
      this.#alerts.matched();
    }
    if (name === "went_on") this.#video.roomConfirmed();
    if (name === "peer_back") this.#video.peerBack();
  }

  /** @param {string} room @param {object} data */
  signal(room, data) {
    return this.#video.receive(room, data);
  }

  get draft() {
    return this.#composer.draft;
  }

  set draft(value) {
    this.#composer.draft = value;
  }

  /** @param {"text" | "video"} mode */
  #start(mode) {
    remember("adult", true);
    this.#alerts.prime();
    this.happen({ type: mode === "video" ? "prepared" : "started", mode, ...this.#wish.entered });
  }

  /** @param {string} line @param {string} room */
  #write(line, room) {
    this.happen({ type: "line_written", text: line, room });
    this.#scroll.follow();
  }

  /** @param {boolean} empty */
  #type(empty) {
    if (this.#session !== null) this.#openers.update(this.#session, this.draft);
    if (this.#session?.room?.confirming) this.happen({ type: "question_withdrawn" });
    if (recall("tellTyping")) this.happen({ type: "draft_changed", empty });
  }

  #wireButtons() {
    const { happen } = this;
    button("stop").addEventListener("click", () => happen({ type: "stop_pressed" }));
    button("again-text").addEventListener("click", () => this.#start("text"));
    button("again-video").addEventListener("click", () => this.#start("video"));
    button("home").addEventListener("click", () => happen({ type: "conversation_closed" }));
    button("save").addEventListener("click", () => saveTranscript(this.#session?.entries ?? []));
    button("underage").addEventListener("click", () => this.#closeForGood());
    button("underage").addEventListener("blur", () => this.#askAge(false));
    document.addEventListener("keydown", (event) => this.#pressKey(event));
    document.addEventListener("keydown", stopHeldButton, { capture: true });
    document.addEventListener("focusin", ({ target }) => { this.#focused = target instanceof Element ? target : null; });
    followSwipes(box("scroller"), () => happen({ type: "swiped" }));
  }

  /** It stands beside "Read the rules", and locks this browser: one tap asks, the next one does it. */
  #closeForGood() {
    const asked = this.#asksAge;
    this.#askAge(!asked);
    if (!asked) return this.#announcer.say(text("skip_confirm"));
    remember("underage", true);
    if (this.#session !== null) this.update(this.#session);
  }

  /** @param {boolean} asks */
  #askAge(asks) {
    this.#asksAge = asks;
    say(button("underage"), text(asks ? "skip_confirm" : "underage"));
  }

  #wireDialogs() {
    button("report").addEventListener("click", () => this.#session !== null && this.#report.open(this.#session));
    wireRules();
    new Settings({
      save: () => saveTranscript(this.#session?.entries ?? []),
      canSave: () => hasLines(this.#session?.entries ?? []),
      spoken: () => this.spoken(),
      hear: () => this.#alerts.sample(),
    });
    for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", () => this.#leaveDialog());
  }

  /** At a keyboard one goes on writing; on a phone this would open one. */
  #leaveDialog() {
    if (this.#view === "chat" && matchMedia("(pointer: fine)").matches) this.#composer.focus();
  }

  /** @param {KeyboardEvent} event */
  #pressKey(event) {
    if (!isBare(event) || document.querySelector("dialog[open]") !== null) return;
    if (this.#view === "chat" && beginsText(event)) this.#composer.focus();
    if (event.key !== "Escape") return;
    if (this.#view === "ended") this.#start(this.#session?.room?.mode ?? "text");
    else this.happen({ type: "skip_pressed" });
  }

  /** The element with the focus is gone, or does nothing now: the next key belongs into the message. */
  #keepFocus() {
    const focused = this.#focused;
    if (this.#view !== "chat" || focused === null || document.querySelector("dialog[open]") !== null) return;
    const isElsewhere = document.activeElement !== focused && document.activeElement !== document.body;
    if (!isElsewhere && (!focused.checkVisibility() || focused.matches(":disabled"))) this.#composer.focus();
  }

  /** @param {Session} session */
  #showView(session) {
    const view = chooseView(session, recall("underage"));
    button("report").hidden = session.room === null || view === "closed";
    button("stop").hidden = view !== "chat" && view !== "green";
    say(box("ended-text"), text(session.attended ? "ended_text" : "ended_away"));
    button("save").hidden = !hasLines(session.entries);
    say(box("stop-text"), text(session.room?.confirming === "stop" ? "skip_confirm" : "stop"));
    button("stop").classList.toggle("confirming", session.room?.confirming === "stop");
    box("chat").classList.toggle("swiped", session.room?.confirming === "swipe");
    if (view === "closed") this.#closed.update(session);
    if (view === this.#view) return;
    const first = this.#view === "";
    this.#view = view;
    document.documentElement.dataset.view = view;
    box("landing").hidden = view !== "landing";
    this.#wish.moveTo(view === "landing" ? find(HTMLFormElement, "start") : box("change-wish"));
    box("closed").hidden = view !== "closed";
    box("chat").hidden = view === "landing" || view === "closed";
    box("ended").hidden = view !== "ended";
    find(HTMLFormElement, "composer").hidden = view !== "chat";
    if (view === "ended") this.#leadOn(session.room?.mode ?? "text");
    this.#scroll.follow();
    if (!first) this.#moveFocus(view);
  }

  /** The last mode comes first. @param {"text" | "video"} mode */
  #leadOn(mode) {
    const ways = { text: button("again-text"), video: button("again-video") };
    for (const [each, way] of Object.entries(ways)) way.classList.toggle("primary", each === mode);
    ways[mode].parentElement?.prepend(ways[mode]);
  }

  /** The element with the focus may be gone: put the focus where the person goes on. @param {string} view */
  #moveFocus(view) {
    if (view === "green") button("ready").focus();
    else if (view === "chat") this.#composer.focus();
    else if (view === "ended") box("ended-text").focus();
    else if (view === "closed") box("closed-title").focus();
    else button("start-text").focus();
  }

  /** @param {Session} session @param {string[]} sentences */
  #showStatus(session, sentences) {
    const now = sentences.at(-1) ?? "";
    say(box("status-ended"), joinSentences(sentences).slice(0, now === "" ? 0 : -now.length));
    say(box("status-now"), now);
    this.#status.dataset.link = session.link;
    this.#status.dataset.phase = session.phase;
  }
}
