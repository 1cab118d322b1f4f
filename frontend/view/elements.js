// @ts-check
/** Finding the parts of the page. */

/** @type {Document | null} */ let elsewhere = null;

/** A part of the page is in another window of it. @param {Document | null} other */
export function alsoFindIn(other) {
  elsewhere = other;
}

/**
 * Return the element with `id`, which the page must have.
 * @template {Element} T
 * @param {{ new (): T, name: string }} type
 * @param {string} id
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function find(type, id, root = document) {
  const element = root.querySelector(`#${id}`) ?? elsewhere?.querySelector(`#${id}`);
  // One that no script has touched takes the classes of the window that it is moved to; the others keep theirs.
  const moved = /** @type {any} */ (elsewhere?.defaultView)?.[type.name];
  if (!(element instanceof type || (moved && element instanceof moved))) throw new Error(`the page has no ${type.name} named ${id}`);
  return /** @type {T} */ (element);
}

/** @param {string} id */
export const button = (id) => find(HTMLButtonElement, id);

/** @param {string} id */
export const box = (id) => find(HTMLElement, id);

/** @type {WeakMap<Element, string>} */
const said = new WeakMap();

/**
 * Put words into an element, unless they were put there before: where a browser translates the page, its own words stand
 * in their place, and would be undone at each update.
 * @param {Element} element @param {string} words
 */
export function say(element, words) {
  if (said.get(element) === words) return;
  said.set(element, words);
  element.textContent = words;
}

/**
 * Return a copy of a template's only element.
 * @param {string} id
 */
export function copyTemplate(id) {
  const template = find(HTMLTemplateElement, id);
  const copy = template.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`the template ${id} is empty`);
  return copy;
}

/**
 * Return the element within `root` that a selector names, which must be there.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function part(root, selector) {
  const element = root.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`${selector} is missing`);
  return element;
}
