// @ts-check
/** The message in the place of the stranger's picture: never empty, and always with a way on. */

import { text } from "../language.js";
import { joinSentences } from "../sentences.js";
import { messageOf, openProblems } from "./call_wording.js";
import { box, button } from "./elements.js";

/**
 * @import { CallState } from "../call/state.js"
 * @import { Button, Problems } from "./call_wording.js"
 */

/** The buttons in their order on the page. @type {readonly Button[]} */
const BUTTONS = ["agree", "hear", "retry", "audio", "watch", "text"];

export class CallMessage {
  #box = box("call-message");
  #words = box("call-note");
  /** @type {Set<string>} */ #accepted = new Set();
  /** @type {Problems} */ #problems = { camera: null, microphone: null };

  /** @param {Record<Button | "changed", () => void>} actions what each button does; `changed` afterwards */
  constructor(actions) {
    for (const name of BUTTONS) {
      button(`call-${name}`).addEventListener("click", () => {
        this.#press(name);
        actions[name]();
        actions.changed();
      });
    }
  }

  /** Show the problem that is in the way, and return whether there is one.
   * @param {{ problems: Problems, state: CallState | null, consent: boolean, textOnly: boolean }} told */
  show(told) {
    this.#problems = told.problems;
    const message = messageOf({ ...told, accepted: this.#accepted });
    this.#box.hidden = message === null;
    this.#box.classList.toggle("on-picture", told.state?.picture === true);
    for (const name of BUTTONS) button(`call-${name}`).hidden = message?.buttons.includes(name) !== true;
    const words = joinSentences((message?.keys ?? []).map((key) => text(key)));
    if (this.#words.textContent !== words) this.#words.textContent = words;
    return message !== null;
  }

  /** Another start: problems are told again. */
  forget() {
    this.#accepted.clear();
  }

  /** A person who goes on with a problem is not told of it again; a person who tries again is. @param {Button} name */
  #press(name) {
    if (name === "retry") this.#accepted.clear();
    if (name === "audio" || name === "watch") for (const code of openProblems(this.#problems, this.#accepted)) this.#accepted.add(code);
  }
}
