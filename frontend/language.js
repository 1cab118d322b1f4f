// @ts-check
/** The page's words in the person's language. */

import english from "./strings/en.js";

/**
 * @typedef {typeof english} Strings
 * @typedef {keyof Strings} Key
 * @typedef {Record<string, string | number | Node>} Values
 */

/**
 * The languages that the page speaks, each by its own name; one file in `strings/` per row.
 * @type {{ tag: string, name: string, direction: string, load: () => Promise<{ default: Record<string, any> }> }[]}
 */
export const LANGUAGES = [
  { tag: "en", name: "English", direction: "ltr", load: async () => ({ default: english }) },
  { tag: "es", name: "Español", direction: "ltr", load: () => import("./strings/es.js") },
  { tag: "pt", name: "Português", direction: "ltr", load: () => import("./strings/pt.js") },
  { tag: "fr", name: "Français", direction: "ltr", load: () => import("./strings/fr.js") },
  { tag: "de", name: "Deutsch", direction: "ltr", load: () => import("./strings/de.js") },
  { tag: "ar", name: "العربية", direction: "rtl", load: () => import("./strings/ar.js") },
  { tag: "hi", name: "हिन्दी", direction: "ltr", load: () => import("./strings/hi.js") },
  { tag: "zh", name: "中文", direction: "ltr", load: () => import("./strings/zh.js") },
  { tag: "ja", name: "日本語", direction: "ltr", load: () => import("./strings/ja.js") },
  { tag: "ru", name: "Русский", direction: "ltr", load: () => import("./strings/ru.js") },
];

/** @type {Strings} */
let strings = english;
let current = LANGUAGES[0];
/** The one that was asked for last: the files of two may come in any order. */
let wanted = current;
/** Made when they are first needed: on a slow phone each takes a while. */
/** @type {Intl.PluralRules | null} */ let plurals = null;
/** @type {Intl.NumberFormat | null} */ let numbers = null;
/** @type {Intl.DisplayNames | null} */ let names = null;

/** The tag of the language in use. */
export function currentTag() {
  return current.tag;
}

/**
 * The language that was chosen, else the first of the browser's that we speak, else English.
 * @param {string} chosen
 * @param {readonly string[]} wanted BCP 47 tags
 */
export function chooseLanguage(chosen, wanted) {
  const tags = [chosen, ...wanted].map((tag) => tag.toLowerCase().split("-")[0]);
  const found = tags.map((tag) => LANGUAGES.find((language) => language.tag === tag)).find(Boolean);
  return (found ?? LANGUAGES[0]).tag;
}

/** Load a language and put its words on the page; English stays when its file does not come. @param {string} tag */
export async function speak(tag) {
  const language = LANGUAGES.find((each) => each.tag === tag) ?? LANGUAGES[0];
  wanted = language;
  try {
    const { default: words } = await language.load();
    if (wanted !== language) return;
    strings = /** @type {Strings} */ ({ ...words, ...ownWords(language.tag) });
    current = language;
  } catch {
    return; // The network is gone just now, and words that are there are better than none.
  }
  plurals = numbers = names = null;
  document.documentElement.lang = current.tag;
  document.documentElement.dir = current.direction;
  translate(document);
}

/** The name of this site, from its document: one script serves every operator. */
export function siteName() {
  return document.querySelector("meta[name=application-name]")?.getAttribute("content") ?? "";
}

/** The words for `key`, as a string. @param {Key} key @param {Record<string, string | number>} [values] */
export function text(key, values = {}) {
  return split(key, values).map((part) => ("name" in part ? String(valueFor(part.name, values)) : part.text)).join("");
}

/**
 * Put the words for `key` into `element`. A value that is a node keeps its own direction and is never read as markup.
 * @param {Element} element @param {Key} key @param {Values} [values]
 */
export function write(element, key, values = {}) {
  const nodes = split(key, values).map((part) => ("name" in part ? valueFor(part.name, values) : part.text));
  element.replaceChildren(...nodes);
}

/** Several words as a list in the manner of the language, each isolated in its direction. */
/** @param {string[]} words @param {"conjunction" | "disjunction"} [type] */
export function listOf(words, type = "conjunction") {
  const fragment = document.createDocumentFragment();
  const list = new Intl.ListFormat(current.tag, { type });
  for (const { type: kind, value } of list.formatToParts(words)) {
    const node = kind === "element" ? document.createElement("bdi") : document.createTextNode("");
    node.textContent = value;
    fragment.append(node);
  }
  return fragment;
}

/** The name of a language in the language in use. @param {string} language */
export function nameOf(language) {
  try {
    names ??= new Intl.DisplayNames([current.tag], { type: "language" });
    return names.of(language) ?? language;
  } catch {
    return language; // Not a tag.
  }
}

/** @param {number} at */
export function timeOf(at) {
  return new Date(at).toLocaleTimeString(current.tag, { hour: "numeric", minute: "2-digit" });
}

/** A span of hours of the day, given in UTC, by the person's own clock. @param {number[]} hours in a row */
export function hoursOf(hours) {
  const today = new Date();
  const start = new Date(today);
  start.setUTCHours(hours[0], 0, 0, 0);
  const end = new Date(start.getTime() + hours.length * 3_600_000);
  const isWhole = start.getMinutes() === 0;
  const format = new Intl.DateTimeFormat(current.tag, isWhole ? { hour: "numeric" } : { hour: "numeric", minute: "2-digit" });
  // Behind midnight a range would name its days.
  if (start.getDate() === end.getDate()) return format.formatRange(start, end);
  return `${format.format(start)} – ${format.format(end)}`;
}

/** Where a document to read is, in the language in use. @param {string} name */
export function documentAddress(name) {
  return `/${name}${current.tag === "en" ? "" : `.${current.tag}`}.html`;
}

/** Put the words of the language in use into all of `root`. @param {ParentNode} root */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = text(/** @type {Key} */ (element.getAttribute("data-text")));
  }
  for (const element of root.querySelectorAll("a[data-document]")) {
    element.setAttribute("href", documentAddress(element.getAttribute("data-document") ?? ""));
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(/** @type {Key} */ (element.getAttribute("data-label"))));
  }
}

/**
 * @param {Key} key
 * @param {Values} values
 * @returns {({ text: string } | { name: string })[]}
 */
function split(key, values) {
  const parts = choosePlural(strings[key], values).split(/\{(\w+)\}/);
  return parts.map((part, index) => (index % 2 === 1 ? { name: part } : { text: part }));
}

/** @param {string | Record<string, string>} entry @param {Values} values */
function choosePlural(entry, values) {
  if (typeof entry === "string") return entry;
  plurals ??= new Intl.PluralRules(current.tag);
  return entry[plurals.select(Number(values.count))] ?? entry.other;
}

/** The operator's own words, which a document may hold beside the product's (infra/page/dress.py). @param {string} tag */
function ownWords(tag) {
  const held = document.getElementById("words")?.textContent;
  return held ? JSON.parse(held)[tag] : {};
}

/** @param {string} name @param {Values} values @returns {string | Node} */
function valueFor(name, values) {
  return name === "site" ? siteName() : format(values[name]);
}

/** @param {string | number | Node} value @returns {string | Node} */
function format(value) {
  if (typeof value !== "number") return value;
  numbers ??= new Intl.NumberFormat(current.tag);
  return numbers.format(value);
}
