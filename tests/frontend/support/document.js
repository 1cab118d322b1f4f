/** As much of a document as a view sees: parts that are there when they are asked for, and remember what is done to them. */

class Part extends EventTarget {
  hidden = false;
  open = false;
  checked = false;
  disabled = false;
  value = "";
  textContent = "";
  dataset = {};
  children = [];
  classes = new Set();
  attributes = new Map();
  style = { setProperty() {}, removeProperty() {} };
  classList = {
    toggle: (name, on = !this.classes.has(name)) => { if (on) this.classes.add(name); else this.classes.delete(name); },
    contains: (name) => this.classes.has(name),
    add: (name) => this.classes.add(name),
  };
  /** Parts within this one, by the selector that asks for them. */ #parts = new Map();
  /** Whether it stands in something that a selector names. @type {Set<string>} */ within = new Set();

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

  checkVisibility() {
    return !this.hidden;
  }

  append(...parts) {
    this.children.push(...parts);
  }

  prepend(...parts) {
    this.children.unshift(...parts);
  }

  before() {}

  replaceChildren(...parts) {
    this.children = parts;
    this.textContent = parts.filter((part) => typeof part === "string").join("");
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  focus() {
    document.activeElement = this;
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

  async play() {}
}

const TYPES = [
  "Element", "HTMLElement", "HTMLAnchorElement", "HTMLButtonElement", "HTMLCanvasElement", "HTMLDialogElement", "HTMLFormElement", "HTMLInputElement",
  "HTMLMetaElement", "HTMLMeterElement", "HTMLSelectElement", "HTMLTemplateElement", "HTMLTextAreaElement", "HTMLVideoElement",
];

/** Put a document and its window in the place of this process's own, and return the document; nothing is remembered in them. */
export function openDocument() {
  const document = Object.assign(new Part("document"), {
    hidden: false, hasFocus: () => true, activeElement: null, documentElement: new Part("html"), body: new Part("body"),
    createElement: (name) => new Part(name), createTextNode: (text) => text, getElementById: () => null,
  });
  const window = Object.assign(new EventTarget(), { focus() {} });
  for (const name of TYPES) globalThis[name] = Part;
  const held = new Map();
  const storage = {
    getItem: (name) => held.get(name) ?? null, setItem: (name, value) => held.set(name, value), removeItem: (name) => held.delete(name),
  };
  Object.assign(globalThis, { document, window, localStorage: storage, sessionStorage: storage });
  return document;
}

/** The part with this id. @param {string} id */
export const part = (id) => document.querySelector(`#${id}`);
