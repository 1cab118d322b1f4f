// @ts-check
/** The dialogs: rules and report. Each is the browser's own, so that focus and Escape are right by themselves. */

import { find, button } from "./elements.js";

export function wireRules() {
  const dialog = find(HTMLDialogElement, "rules-dialog");
  button("rules").addEventListener("click", () => dialog.showModal());
  closeOnBackdrop(dialog);
}

export class ReportDialog {
  #dialog = find(HTMLDialogElement, "report-dialog");
  #form = find(HTMLFormElement, "report-form");
  #note = find(HTMLTextAreaElement, "report-note");

  /** @param {(reason: string, note: string) => void} report */
  constructor(report) {
    button("report-cancel").addEventListener("click", () => this.#dialog.close());
    this.#form.addEventListener("submit", () => {
      const reason = String(new FormData(this.#form).get("reason") ?? "");
      if (reason !== "") report(reason, this.#note.value);
    });
    closeOnBackdrop(this.#dialog);
  }

  open() {
    this.#form.reset();
    this.#dialog.showModal();
  }
}

/** @param {HTMLDialogElement} dialog */
export function closeOnBackdrop(dialog) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
