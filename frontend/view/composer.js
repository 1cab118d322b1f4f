// @ts-check
/** Writing a line, and moving on. */

import { text } from "../language.js";
import { TEXT_LENGTH_MAX } from "../session/limits.js";
import { cleanText, countCharacters, hasRoomForLine, isSendable } from "../session/lines.js";
import { isInRoom } from "../session/state.js";
import { box, button, find } from "./elements.js";

/**
 * @import { Session } from "../session/state.js"
 */

/** From here on the characters that are left are told. */
const TOLD_FROM = TEXT_LENGTH_MAX - 200;

/** A line that was begun for one stranger is not sent to the next by a key that was on its way down. */
const GUARD_MS = 800;

export class Composer {
  #form = find(HTMLFormElement, "composer");
  #draft = find(HTMLTextAreaElement, "message");
  #send = button("send");
  #skip = button("skip");
  #skipText = box("skip-text");
  #counter = box("counter");
  /** @type {Session | null} */ #session = null;
  #guardedUntil = 0;

  /** @param {{ write: (text: string) => void, type: (empty: boolean) => void, skip: () => void }} actions */
  constructor(actions) {
    this.actions = actions;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#draft.addEventListener("keydown", (event) => this.#pressKey(event));
    this.#draft.addEventListener("input", () => {
      this.#show();
      actions.type(this.#draft.value === "");
    });
    this.#skip.addEventListener("click", actions.skip);
    // A tap on Send leaves the focus, and with it the phone's keyboard, where they are.
    this.#send.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** @param {Session} session */
  update(session) {
    const changed = this.#session?.room?.id !== session.room?.id;
    if (changed && this.#draft.value !== "") this.#guardedUntil = Date.now() + GUARD_MS;
    this.#session = session;
    this.#show();
  }

  get draft() {
    return this.#draft.value;
  }

  set draft(value) {
    this.#draft.value = value;
    this.#show();
  }

  focus() {
    this.#draft.focus();
  }

  /** @param {KeyboardEvent} event */
  #pressKey(event) {
    // While an input method composes, Enter chooses a word; Safari tells it only by the key code.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    if (Date.now() >= this.#guardedUntil) this.#submit();
  }

  #submit() {
    if (!this.#canSend()) return;
    const line = this.#draft.value;
    this.#draft.value = "";
    this.#show();
    this.actions.write(line);
    this.#draft.focus();
  }

  #canSend() {
    const session = this.#session;
    if (session === null || session.room === null || !isInRoom(session)) return false;
    return isSendable(cleanText(this.#draft.value)) && hasRoomForLine(session.room.lines);
  }

  #show() {
    const talking = this.#session !== null && isInRoom(this.#session);
    const confirming = talking && this.#session?.room?.confirming === true;
    this.#draft.readOnly = !talking;
    this.#draft.placeholder = text(talking ? "message_placeholder" : "message_waiting");
    this.#send.disabled = !this.#canSend();
    this.#skip.disabled = !talking;
    this.#skip.classList.toggle("confirming", confirming);
    this.#skipText.textContent = text(confirming ? "skip_confirm" : "skip");
    this.#showCount();
    this.#grow();
  }

  #showCount() {
    const length = this.#draft.value.length < TOLD_FROM ? 0 : countCharacters(cleanText(this.#draft.value));
    const left = TEXT_LENGTH_MAX - length;
    this.#counter.textContent =
      length < TOLD_FROM ? "" : text(left < 0 ? "characters_over" : "characters_left", { count: Math.abs(left) });
    this.#counter.classList.toggle("over", left < 0);
  }

  /** The box is as high as its text, up to what the style sheet allows. */
  #grow() {
    this.#draft.style.blockSize = "";
    if (this.#draft.value === "") return; // Measuring makes the browser lay out the page at once.
    this.#draft.style.blockSize = `${this.#draft.scrollHeight + this.#draft.offsetHeight - this.#draft.clientHeight}px`;
  }
}
