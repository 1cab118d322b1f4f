// @ts-check
/** The dialogs are the browser's own, so that focus and Escape are right by themselves. */

import { button, find } from "./elements.js";

export function wireRules() {
  const dialog = find(HTMLDialogElement, "rules-dialog");
  button("rules").addEventListener("click", () => dialog.showModal());
  closeOnBackdrop(dialog);
}

/** @param {HTMLDialogElement} dialog */
export function closeOnBackdrop(dialog) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
