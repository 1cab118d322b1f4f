// @ts-check
/**
 * The chat on the whole screen and above other windows: with Skip, Report, Stop, the switches and the lines, wherever it is.
 *
 * A window that can hold a page (Document Picture-in-Picture) gets the whole chat; elsewhere the picture floats alone.
 */

import { canFloat, toggleFloating } from "../call/view.js";
import { Awake } from "./awake.js";
import { alsoFindIn, box, button } from "./elements.js";
import { stopHeldButton } from "./keys.js";

const FLOATING = { width: 420, height: 640 };

export class CallWindows {
  #chat = box("chat");
  #report = button("report");
  #stop = button("stop");
  /** The elements that go along into another window, and the place of each. */
  #parts = [this.#chat, box("report-dialog"), box("call-dialog")].map((part) => ({ part, home: part.parentElement }));
  /** @type {Window | null} */ #floating = null;
  #awake = new Awake();
  /** Makes the other window look as the page does. */ #looks = () => {};

  /** @param {HTMLVideoElement} remote @param {() => void} changed the chat has another place, of another size */
  constructor(remote, changed) {
    this.remote = remote;
    this.changed = changed;
    const screen = button("full-screen");
    screen.hidden = !this.#chat.requestFullscreen;
    screen.addEventListener("click", () => this.#toggleScreen());
    const float = button("float");
    float.hidden = !canFloat() && !("documentPictureInPicture" in window);
    // The browser refuses when there is no picture yet; the button is still there when there is one.
    float.addEventListener("click", () => this.#toggleFloating().catch(() => {}));
    document.addEventListener("fullscreenchange", () => {
      screen.setAttribute("aria-pressed", String(document.fullscreenElement !== null));
      this.#placeStop();
    });
  }

  /** In a call Report stands with the other buttons: in reach of the thumb, and in every window. @param {boolean} inCall */
  placeReport(inCall) {
    const place = box(inCall ? "call-safety" : "top-actions");
    if (this.#report.parentElement !== place) place.prepend(this.#report);
  }

  /** The screen stays on in a call, and another window looks as the page does now. @param {boolean} inCall */
  show(inCall) {
    this.#looks();
    this.#awake.want(inCall);
  }

  close() {
    this.show(false);
    this.#floating?.close();
    if (document.pictureInPictureElement === this.remote) document.exitPictureInPicture();
    if (document.fullscreenElement === this.#chat) document.exitFullscreen();
  }

  /** Where the chat is without the page's bar, it takes Stop along. */
  #placeStop() {
    const isAway = this.#floating !== null || document.fullscreenElement === this.#chat;
    if (isAway) box("call-actions").append(this.#stop);
    else button("settings").before(this.#stop);
  }

  #toggleScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.#chat.requestFullscreen().catch(() => {});
  }

  async #toggleFloating() {
    if (this.#floating !== null) return this.#floating.close();
    const { documentPictureInPicture } = /** @type {any} */ (window);
    if (!documentPictureInPicture) return toggleFloating(this.remote);
    /** @type {Window} */ const floating = await documentPictureInPicture.requestWindow(FLOATING);
    this.#floating = floating;
    const { head, documentElement, body } = floating.document;
    for (const style of document.querySelectorAll('link[rel="stylesheet"]')) head.append(style.cloneNode());
    this.#looks = () => copyLooks(documentElement);
    copyLooks(documentElement);
    body.append(document.querySelector(".sprite")?.cloneNode(true) ?? "", ...this.#parts.map(({ part }) => part));
    alsoFindIn(floating.document);
    this.#placeStop();
    this.#play();
    // Keys mean the same in there.
    floating.document.addEventListener("keydown", stopHeldButton, { capture: true });
    floating.document.addEventListener("keydown", (event) => passOn(event, floating.document));
    floating.addEventListener("resize", this.changed);
    floating.addEventListener("pagehide", () => this.#takeBack());
  }

  #takeBack() {
    this.#floating = null;
    this.#looks = () => {};
    for (const { part, home } of this.#parts) home?.append(part);
    alsoFindIn(null);
    this.#placeStop();
    this.#play();
    this.changed();
  }

  /** A picture stops when it moves to another window. */
  #play() {
    for (const video of this.#chat.querySelectorAll("video")) video.play().catch(() => {});
  }
}

/** Another window of the page looks as the page does, also after a change. @param {HTMLElement} root of that window */
function copyLooks(root) {
  for (const { name } of [...root.attributes]) root.removeAttribute(name);
  for (const { name, value } of document.documentElement.attributes) root.setAttribute(name, value);
}

/** An Escape that closes no dialog is the page's. @param {KeyboardEvent} event @param {Document} elsewhere */
function passOn(event, elsewhere) {
  if (event.key !== "Escape" || elsewhere.querySelector("dialog[open]") !== null) return;
  if (!document.dispatchEvent(new KeyboardEvent("keydown", event))) event.preventDefault();
}
