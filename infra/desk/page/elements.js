// @ts-check
/** Making elements. Words of people go in as text and never as markup. */

/**
 * @typedef {Node | string | null | undefined} Part
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Settings
 */

/**
 * Make an element: attributes by name, `on…` listeners, then what is inside it.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Settings} [settings] @param {Part[]} inside
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, settings = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) set(element, name, value);
  element.append(...inside.filter((part) => part !== null && part !== undefined));
  return element;
}

/** Make an element of a drawing. @param {string} tag @param {Settings} [settings] @param {Part[]} inside */
export function draw(tag, settings = {}, ...inside) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(settings)) set(element, name, value);
  element.append(...inside.filter((part) => part !== null && part !== undefined));
  return element;
}

/** The element of the document with this id. @param {string} id @returns {HTMLElement} */
export function find(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`There is no element ${id}.`);
  return found;
}

/** Say something to every reader, also to one who cannot see. @param {string} sentence @param {boolean} [isBad] */
export function say(sentence, isBad = false) {
  const box = find("said");
  box.textContent = sentence;
  box.classList.toggle("bad", isBad);
}

/** A term and its description. @param {string} term @param {Part[]} inside */
export function fact(term, ...inside) {
  return make("div", { class: "fact" }, make("dt", {}, term), make("dd", {}, ...inside));
}

/** @param {Element} element @param {string} name @param {Settings[string]} value */
function set(element, name, value) {
  if (typeof value === "function") element.addEventListener(name.slice(2), value);
  else if (typeof value === "boolean") element.toggleAttribute(name, value);
  else if (value !== null && value !== undefined) element.setAttribute(name, String(value));
}
