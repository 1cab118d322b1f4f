// @ts-check
/** Writing a line, and moving on. */

import { text } from "../language.js";
import { TEXT_LENGTH_MAX } from "../session/limits.js";
import { cleanText, countCharacters, hasRoomForLine, isSendable } from "../session/lines.js";
import { isInRoom } from "../session/state.js";
import { box, button, find, say } from "./elements.js";
import { isComposed } from "./keys.js";

/**
 * @import { Session } from "../session/state.js"
 */

/** From here on the characters that are left are told. */
const TOLD_FROM = TEXT_LENGTH_MAX - 200;

export class Composer {
  #form = find(HTMLFormElement, "composer");
  #draft = find(HTMLTextAreaElement, "message");
  #send = button("send");
  #skip = button("skip");
  #skipText = box("skip-text");
  #takeBack = button("take-back");
  #counter = box("counter");
  /** @type {Session | null} */ #session = null;
  #putBack = button("put-back");
  #aside = "";

  /**
   * @param {{ write: (text: string, room: string) => void, type: (empty: boolean) => void, skip: () => void,
   *   takeBack: () => void }} actions
   */
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
    this.#takeBack.addEventListener("click", actions.takeBack);
    this.#putBack.addEventListener("click", () => this.#restore());
    // A tap on Send leaves the focus, and with it the phone's keyboard, where they are.
    this.#send.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** @param {Session} session */
  update(session) {
    const before = this.#session?.room;
    this.#session = session;
    const left = before && before.over === null && (before.id !== session.room?.id || session.room.over !== null);
    if (left) this.#setAside(this.#draft.value);
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

  /** Put words into the box, to be sent or changed. @param {string} line */
  begin(line) {
    this.draft = line;
    this.focus();
    this.actions.type(false);
  }

  /** @param {KeyboardEvent} event */
  #pressKey(event) {
    if (event.key !== "Enter" || event.shiftKey || isComposed(event)) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const room = this.#session?.room;
    if (!room || !this.#canSend()) return;
    const line = this.#draft.value;
    this.#draft.value = "";
    this.#aside = "";
    this.#show();
    this.actions.write(line, room.id);
    // The room may have ended a moment ago, before the page was drawn again.
    if (!this.#session || !isInRoom(this.#session, room.id)) this.#setAside(line);
    this.#draft.focus();
  }

  /** A draft for one stranger is not carried to the next, unless the person asks for it. @param {string} line */
  #setAside(line) {
    if (line.trim() === "") return;
    this.#draft.value = "";
    this.#aside = line;
    this.#show();
  }

  #restore() {
    const line = this.#aside;
    this.#aside = "";
    this.begin(line);
  }

  #canSend() {
    const session = this.#session;
    if (session === null || session.room === null || !isInRoom(session)) return false;
    return isSendable(cleanText(this.#draft.value)) && hasRoomForLine(session.room.lines);
  }

  #show() {
    const talking = this.#session !== null && isInRoom(this.#session);
    const asked = talking ? this.#session?.room?.confirming : null;
    const confirming = asked === "skip";
    this.#draft.readOnly = !talking;
    const placeholder = text(talking ? "message_placeholder" : "message_waiting");
    if (this.#draft.placeholder !== placeholder) this.#draft.placeholder = placeholder;
    this.#send.disabled = !this.#canSend();
    this.#skip.disabled = !talking;
    this.#skip.classList.toggle("confirming", confirming);
    say(this.#skipText, text(confirming ? "skip_confirm" : "skip"));
    this.#takeBack.hidden = asked !== "swipe";
    this.#putBack.hidden = !talking || this.#aside === "" || this.#draft.value !== "";
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

  /** The box is as high as its text, up to the style sheet's limit. */
  #grow() {
    this.#draft.style.blockSize = "";
    if (this.#draft.value === "") return; // Measuring makes the browser lay out the page at once.
    this.#draft.style.blockSize = `${this.#draft.scrollHeight + this.#draft.offsetHeight - this.#draft.clientHeight}px`;
  }
}
