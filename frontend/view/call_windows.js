// @ts-check
/**
 * The chat on the whole screen and above other windows: with Skip, Report, the switches and the lines, wherever it is.
 *
 * A window that can hold a page (Document Picture-in-Picture) gets the whole chat; elsewhere the picture floats alone.
 */

import { canFloat, toggleFloating } from "../call/view.js";
import { Awake } from "./awake.js";
import { alsoFindIn, box, button } from "./elements.js";

const FLOATING = { width: 420, height: 640 };

export class CallWindows {
  #chat = box("chat");
  #report = button("report");
  #home = this.#chat.parentElement;
  /** @type {Window | null} */ #floating = null;
  #awake = new Awake();

  /** @param {HTMLVideoElement} remote */
  constructor(remote) {
    this.remote = remote;
    const screen = button("full-screen");
    screen.hidden = !this.#chat.requestFullscreen;
    screen.addEventListener("click", () => this.#toggleScreen());
    const float = button("float");
    float.hidden = !canFloat() && !("documentPictureInPicture" in window);
    // The browser refuses when there is no picture yet; the button is still there when there is one.
    float.addEventListener("click", () => this.#toggleFloating().catch(() => {}));
    document.addEventListener("fullscreenchange", () => screen.setAttribute("aria-pressed", String(document.fullscreenElement !== null)));
  }

  /** In a call Report stands with the other buttons: in reach of the thumb, and in every window. @param {boolean} inCall */
  placeReport(inCall) {
    const place = box(inCall ? "call-safety" : "top-actions");
    if (this.#report.parentElement !== place) place.prepend(this.#report);
  }

  /** The screen stays on in a call. @param {boolean} inCall */
  show(inCall) {
    this.#awake.want(inCall);
  }

  close() {
    this.show(false);
    this.#floating?.close();
    if (document.pictureInPictureElement === this.remote) document.exitPictureInPicture();
    if (document.fullscreenElement === this.#chat) document.exitFullscreen();
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
    documentElement.className = document.documentElement.className;
    Object.assign(documentElement.dataset, document.documentElement.dataset);
    documentElement.lang = document.documentElement.lang;
    documentElement.dir = document.documentElement.dir;
    body.append(document.querySelector(".sprite")?.cloneNode(true) ?? "", this.#chat);
    alsoFindIn(floating.document);
    this.#play();
    // Keys mean the same in there.
    floating.document.addEventListener("keydown", ({ key }) => key === "Escape" && document.dispatchEvent(new KeyboardEvent("keydown", { key })));
    floating.addEventListener("pagehide", () => this.#takeBack());
  }

  #takeBack() {
    this.#floating = null;
    this.#home?.append(this.#chat);
    alsoFindIn(null);
    this.#play();
  }

  /** A picture stops when it moves to another window. */
  #play() {
    for (const video of this.#chat.querySelectorAll("video")) video.play().catch(() => {});
  }
}
