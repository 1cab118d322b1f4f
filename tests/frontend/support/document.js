/** As much of a document as a view sees: parts that are there when they are asked for, and remember what is done to them. */

class Part extends EventTarget {
  hidden = false;
  open = false;
  checked = false;
  disabled = false;
  value = "";
  dataset = {};
  children = [];
  /** @type {Part | null} */ parentElement = null;
  classes = new Set();
  attributes = new Map();
  style = { setProperty() {}, removeProperty() {} };
  classList = {
    toggle: (name, on = !this.classes.has(name)) => { if (on) this.classes.add(name); else this.classes.delete(name); },
    contains: (name) => this.classes.has(name),
    add: (name) => this.classes.add(name),
    remove: (name) => this.classes.delete(name),
  };
  /** Parts within this one, by the selector that asks for them. */ #parts = new Map();
  /** Selectors that name this part, or something that it stands in. @type {Set<string>} */ within = new Set();

  constructor(id = "") {
    super();
    this.id = id;
  }

  get content() {
    return { firstElementChild: { cloneNode: () => new Part(`a copy of ${this.id}`) } };
  }

  get ownerDocument() {
    return document;
  }

  get textContent() {
    return this.children.map((each) => each.textContent ?? String(each)).join("");
  }

  set textContent(words) {
    this.children = words === "" ? [] : [String(words)];
  }

  get firstElementChild() {
    return this.children.find((each) => each instanceof Part) ?? null;
  }

  get childElementCount() {
    return this.children.filter((each) => each instanceof Part).length;
  }

  querySelector(selector) {
    if (!this.#parts.has(selector)) this.#parts.set(selector, new Part(selector.replace(/^#/, "")));
    return this.#parts.get(selector);
  }

  querySelectorAll() {
    return [];
  }

  closest(selector) {
    return this.within.has(selector) ? this : null;
  }

  matches(selector) {
    return selector === ":disabled" ? this.disabled : this.within.has(selector);
  }

  checkVisibility() {
    return !this.hidden;
  }

  append(...parts) {
    this.replaceChildren(...this.children, ...parts);
  }

  prepend(...parts) {
    this.replaceChildren(...parts, ...this.children);
  }

  before() {}

  replaceChildren(...parts) {
    this.children = parts;
    for (const each of parts) if (each instanceof Part) each.parentElement = this;
  }

  remove() {
    this.parentElement?.replaceChildren(...this.parentElement.children.filter((each) => each !== this));
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  toggleAttribute(name, on) {
    if (on) this.attributes.set(name, "");
    else this.attributes.delete(name);
  }

  focus() {
    document.activeElement = this;
    document.dispatchEvent(told("focusin", this));
  }

  click() {
    this.dispatchEvent(new Event("click"));
  }

  showModal() {
    this.open = true;
  }

  close() {
    this.open = false;
  }

  reset() {}

  scrollIntoView() {}

  async play() {}
}

const TYPES = [
  "Element", "HTMLElement", "HTMLAnchorElement", "HTMLButtonElement", "HTMLCanvasElement", "HTMLDetailsElement", "HTMLDialogElement", "HTMLFormElement",
  "HTMLInputElement", "HTMLMetaElement", "HTMLMeterElement", "HTMLSelectElement", "HTMLTemplateElement", "HTMLTextAreaElement", "HTMLUListElement",
  "HTMLVideoElement",
];

/** An event as a document hears it of one of its parts. @param {string} name @param {Part} target @param {object} [fields] */
export function told(name, target, fields = {}) {
  return Object.defineProperties(new Event(name, { cancelable: true }), {
    target: { value: target }, ...Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value }])),
  });
}

/** Put a document and its window in the place of this process's own, and return the document; nothing is remembered in them. */
export function openDocument() {
  const document = Object.assign(new Part("document"), {
    hidden: false, hasFocus: () => true, activeElement: null, documentElement: new Part("html"), body: new Part("body"), title: "",
    createElement: (name) => new Part(name), createTextNode: (words) => words, createDocumentFragment: () => new Part("fragment"), getElementById: () => null,
  });
  const queries = document.querySelector.bind(document);
  document.querySelector = (selector) => (selector.includes("[open]") ? null : queries(selector));
  const window = Object.assign(new EventTarget(), { focus() {} });
  for (const name of TYPES) globalThis[name] = Part;
  const held = { localStorage: new Map(), sessionStorage: new Map() };
  for (const [name, items] of Object.entries(held)) {
    globalThis[name] = {
      getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value), removeItem: (key) => items.delete(key),
    };
  }
  Object.assign(globalThis, {
    document, window, ResizeObserver: class { observe() {} }, Option: class {}, matchMedia: () => ({ matches: true }), getSelection: () => null,
  });
  document.activeElement = document.body;
  return document;
}

/** The part with this id. @param {string} id */
export const part = (id) => document.querySelector(`#${id}`);
