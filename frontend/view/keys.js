// @ts-check
/** Keys, each of which acts once and on its own: one rule for all of them. */

/** While an input method composes, a key chooses or drops a word; Safari tells it only by the key code. */
const COMPOSED = 229;

/** @param {KeyboardEvent} event */
export function isComposed(event) {
  return event.isComposing || event.keyCode === COMPOSED;
}

/**
 * Whether a key was pressed by itself: not held down, not part of a shortcut or of a composition, and nobody's yet.
 * @param {KeyboardEvent} event
 */
export function isBare(event) {
  const shortcut = event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));
  return !event.repeat && !shortcut && !isComposed(event) && !event.defaultPrevented;
}

/** Whether a bare key begins a text that belongs to no other field. @param {KeyboardEvent} event */
export function beginsText({ key, target }) {
  if (!(target instanceof Element) || target.closest("input, textarea, select, [contenteditable]") !== null) return false;
  if (key === " ") return target === document.body; // Elsewhere it presses a button, or scrolls.
  return key === "Dead" || [...key].length === 1;
}

/** A button that is held down by Enter would be pressed again and again. @param {KeyboardEvent} event */
export function stopHeldButton(event) {
  const held = event.repeat && event.key === "Enter" && event.target instanceof Element;
  if (held && event.target.closest("button, summary") !== null) event.preventDefault();
}
