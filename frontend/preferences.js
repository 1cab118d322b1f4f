// @ts-check
/** The page's memory on this device. */

export const PREFIX = "passerby.";

/** The settings until the person chooses otherwise. Nothing that makes a noise or asks for permission is on. */
const DEFAULTS = {
  /** @type {string[]} */ interests: [],
  /** @type {string[]} */ languages: [],
  /** The person named their languages; until then the browser names them. */
  languagesChosen: false,
  language: "",
  theme: "system",
  sound: false,
  notifications: false,
  vibration: false,
  times: false,
  tellTyping: true,
  /** The token by which the server knows this browser, under a pseudonym. */ device: "",
  adult: false,
  underage: false,
  /** The person agreed that video shows the address to the stranger. */
  showAddress: false,
  /** The person's last words about camera and microphone, for the next tab. */
  cameraOff: false,
  muted: false,
  /** How the pictures stand on a wide screen. */ layout: "side",
  /** "" is the operator's choice. */
  blur: "",
  mirrorOwn: true,
  hideOwn: false,
  camera: "",
  microphone: "",
  volume: 1,
};

/** @typedef {typeof DEFAULTS} Preferences */

/**
 * @template {keyof Preferences} Name
 * @param {Name} name
 * @returns {Preferences[Name]}
 */
export function recall(name) {
  const value = read("localStorage", name);
  const usable = typeof value === typeof DEFAULTS[name] && Array.isArray(value) === Array.isArray(DEFAULTS[name]);
  return usable ? value : DEFAULTS[name];
}

/**
 * @template {keyof Preferences} Name
 * @param {Name} name
 * @param {Preferences[Name]} value
 */
export function remember(name, value) {
  write("localStorage", name, value);
}

/**
 * The data of a tab: the conversation with its keys and reports that have not arrived, its call, and a proof of age.
 * @typedef {"session" | "call" | "age"} TabName
 */

/** The data that this tab alone holds, and loses when it is closed. @param {TabName} name */
export function recallInTab(name) {
  return read("sessionStorage", name);
}

/** @param {TabName} name @param {unknown} value null removes it */
export function rememberInTab(name, value) {
  write("sessionStorage", name, value);
}

/** @param {"localStorage" | "sessionStorage"} storage @param {string} name @returns {any} */
function read(storage, name) {
  try {
    return JSON.parse(globalThis[storage].getItem(PREFIX + name) ?? "null");
  } catch {
    return null; // Storage is forbidden or damaged: as if nothing had been remembered.
  }
}

/** @param {"localStorage" | "sessionStorage"} storage @param {string} name @param {unknown} value */
function write(storage, name, value) {
  try {
    if (value === null) globalThis[storage].removeItem(PREFIX + name);
    else globalThis[storage].setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Storage is forbidden or full: the page works without a memory.
  }
}
