// @ts-check
/** The conversation before: folded away, but not torn from a person who was still reading it when the next one began. */

import { write } from "../language.js";
import { hasLines, saveTranscript } from "../transcript.js";
import { Conversation } from "./conversation.js";
import { button, box, find } from "./elements.js";

/** @import { Session } from "../session/state.js" */

export class Previous {
  #details = find(HTMLDetailsElement, "previous");
  #title = box("previous-title");
  #conversation = new Conversation(box("previous-lines"), () => {});
  /** @type {Session["previous"]} */ #shown = null;

  constructor() {
    button("previous-save").addEventListener("click", () => saveTranscript(this.#shown?.entries ?? []));
  }

  /** @param {Session["previous"]} previous */
  update(previous) {
    if (previous === this.#shown) return;
    this.#shown = previous;
    const entries = previous?.entries ?? [];
    this.#details.hidden = !hasLines(entries);
    this.#details.open = false;
    this.#conversation.update(entries, false);
    write(this.#title, "previous", { count: entries.filter((entry) => entry.kind === "line").length });
  }

  rewrite() {
    const shown = this.#shown;
    this.update(null);
    this.update(shown);
  }
}
