// @ts-check
/** The data that this browser itself keeps of its person: each name in its group, which the page gives reasons for, and erasing it. */

import { PREFIX, recall } from "../preferences.js";
import { CACHE } from "../theme.js";

/** @import { Preferences, TabName } from "../preferences.js" */
/** @typedef {"device" | "settings" | "age" | "session" | "appearance"} Group */

/** A name without its group is an error of types. @type {Record<keyof Preferences, Group>} */
const ON_DEVICE = {
  interests: "settings", languages: "settings", languagesChosen: "settings", language: "settings", theme: "settings",
  sound: "settings", notifications: "settings", vibration: "settings", times: "settings", tellTyping: "settings",
  device: "device", adult: "age", underage: "age",
  showAddress: "settings", cameraOff: "settings", muted: "settings", layout: "settings", blur: "settings",
  mirrorOwn: "settings", hideOwn: "settings", camera: "settings", microphone: "settings", volume: "settings",
};

/** @type {Record<TabName, Group>} */
const IN_TAB = { session: "session", call: "session", age: "age" };

/** With these one could act for this browser, or read on in its conversation: a file says only that they are there. */
const SECRETS = ["device", "session", "age"];

/**
 * One kept value: its store, its name, and the value; of a secret only the number of its characters.
 * @typedef {{ group: Group, store: string, name: string, value: unknown }} Kept
 */

/** @returns {Promise<Kept[]>} */
export async function keptHere() {
  const kept = [...found("localStorage", ON_DEVICE), ...found("sessionStorage", IN_TAB)];
  const choice = await (await chosen())?.text();
  return choice === undefined ? kept : [...kept, { group: "appearance", store: "caches", name: CACHE, value: choice }];
}

/** Erase it all, but for two things that keep a person out: the number of a ban, and that they are a minor. @param {boolean} isLocked */
export async function eraseHere(isLocked) {
  const stays = [...(isLocked ? ["device"] : []), ...(recall("underage") ? ["underage"] : [])];
  for (const name of names("localStorage")) if (!stays.includes(name)) localStorage.removeItem(PREFIX + name);
  for (const name of names("sessionStorage")) sessionStorage.removeItem(PREFIX + name);
  try {
    await caches.delete(CACHE);
  } catch {
    // No caches here: then nothing was kept in one.
  }
}

/** A name that an older page used is a setting. */
/** @param {"localStorage" | "sessionStorage"} store @param {Record<string, Group>} groups @returns {Kept[]} */
function found(store, groups) {
  return names(store).map((name) => {
    const text = globalThis[store].getItem(PREFIX + name) ?? "";
    return { group: groups[name] ?? "settings", store, name, value: SECRETS.includes(name) ? { characters: text.length } : read(text) };
  });
}

/** @param {"localStorage" | "sessionStorage"} store */
function names(store) {
  try {
    const all = Array.from({ length: globalThis[store].length }, (_, index) => globalThis[store].key(index) ?? "");
    return all.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)).sort();
  } catch {
    return []; // Storage is forbidden: nothing is kept.
  }
}

/** @param {string} text @returns {unknown} */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function chosen() {
  try {
    return await caches.match("/theme", { cacheName: CACHE });
  } catch {
    return undefined;
  }
}
