// @ts-check
/** The dialogs: rules and report. Each is the browser's own, so that focus and Escape are right by themselves. */

import { keepsEvidence } from "../config.js";
import { HANDED_BYTES_MAX, HANDED_LINES_MAX, PROOF_BYTES } from "../session/limits.js";
import { box, button, copyTemplate, find, part } from "./elements.js";

/** @import { Session } from "../session/state.js" */

export function wireRules() {
  const dialog = find(HTMLDialogElement, "rules-dialog");
  button("rules").addEventListener("click", () => dialog.showModal());
  closeOnBackdrop(dialog);
}

export class ReportDialog {
  #dialog = find(HTMLDialogElement, "report-dialog");
  #form = find(HTMLFormElement, "report-form");
  #note = find(HTMLTextAreaElement, "report-note");
  #lines = box("report-lines");
  #list = box("report-line-list");

  /** @param {(reason: string, note: string, handed: number[]) => void} report */
  constructor(report) {
    button("report-cancel").addEventListener("click", () => this.#dialog.close());
    this.#form.addEventListener("submit", () => {
      const reason = String(new FormData(this.#form).get("reason") ?? "");
      if (reason !== "") report(reason, this.#note.value, this.#handed);
    });
    this.#list.addEventListener("change", () => this.#bound());
    closeOnBackdrop(this.#dialog);
  }

  /** @param {Session | null} session */
  async open(session) {
    this.#form.reset();
    this.#list.replaceChildren();
    this.#lines.hidden = true;
    this.#dialog.showModal();
    if (await keepsEvidence()) this.#offer(session);
  }

  /** Show the stranger's lines that can be proved, none of them ticked. @param {Session | null} session */
  #offer(session) {
    const stamps = session?.room?.stamps ?? {};
    for (const entry of session?.entries ?? []) {
      if (entry.kind !== "line" || entry.own || stamps[entry.seq] === undefined) continue;
      const item = copyTemplate("report-line-template");
      part(item, "bdi").textContent = entry.text;
      part(item, "input").setAttribute("value", String(entry.seq));
      this.#list.append(item);
    }
    this.#lines.hidden = this.#list.childElementCount === 0;
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  get #boxes() {
    return [...this.#list.querySelectorAll("input")];
  }

  get #handed() {
    return this.#boxes.filter((each) => each.checked).map((each) => Number(each.value));
  }

  /** As many as one frame holds: where another one would be too much, it cannot be ticked. */
  #bound() {
    const ticked = this.#boxes.filter((each) => each.checked);
    const bytes = (/** @type {HTMLInputElement} */ each) => PROOF_BYTES + new Blob([JSON.stringify(each.parentElement?.textContent)]).size;
    const left = HANDED_BYTES_MAX - ticked.reduce((sum, each) => sum + bytes(each), 0);
    for (const each of this.#boxes) {
      if (!each.checked) each.disabled = ticked.length >= HANDED_LINES_MAX || bytes(each) > left;
    }
  }
}

/** @param {HTMLDialogElement} dialog */
export function closeOnBackdrop(dialog) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
