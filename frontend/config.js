// @ts-check
/** The address of the server, and the operator's choices about video. */

import { recall, recallInTab, rememberInTab } from "./preferences.js";

/**
 * Return the WebSocket's address: from `config.json` of the site, else the path of the contract on this very host. Its
 * query says what the server may know this browser by, and a proof of age where one was given.
 * @returns {Promise<string>}
 */
export async function findWebsocketUrl() {
  const url = new URL((await findConfig()).websocketUrl ?? `${location.origin.replace(/^http/, "ws")}/ws`);
  const age = recallInTab("age");
  if (recall("device") !== "") url.searchParams.set("device", recall("device"));
  if (typeof age === "string") url.searchParams.set("age", age);
  return url.href;
}

/** Where people prove their age, if the operator named such a place. @returns {Promise<string | null>} */
export async function findAgeUrl() {
  const { ageUrl } = await findConfig();
  return typeof ageUrl === "string" && ageUrl.startsWith("https://") ? ageUrl : null;
}

/** A person who proved their age elsewhere comes back with `#age=…`: take it, and take it out of sight. */
export function takeProofOfAge() {
  const age = new URLSearchParams(location.hash.slice(1)).get("age");
  if (age === null) return;
  rememberInTab("age", age);
  history.replaceState(null, "", location.pathname);
}

/** Whether lines that a report hands over are kept here, sealed for the operator alone. */
export async function keepsEvidence() {
  return (await findConfig()).evidence === true;
}

/** @typedef {{ relayUrls: string[], hidesAddresses: boolean, blurUntilReveal: boolean }} VideoConfig */

/** The operator's choices about video; the most careful ones where the file names none. @returns {Promise<VideoConfig>} */
export async function findVideoConfig() {
  const { relayUrls = [], hidesAddresses = false, blurUntilReveal = false } = (await findConfig()).video ?? {};
  return { relayUrls, hidesAddresses, blurUntilReveal };
}

/** @typedef {{ websocketUrl?: string, ageUrl?: string, evidence?: boolean, video?: Partial<VideoConfig> }} Config */

/** Two questions within this time get one answer: a browser would fetch the file twice, one after the other. */
const SHARED_MS = 100;

/** @type {Promise<Config> | null} */ let shared = null;

/** The file's content now. */
function findConfig() {
  if (shared === null) setTimeout(() => { shared = null; }, SHARED_MS);
  shared ??= fetchConfig();
  return shared;
}

/** @returns {Promise<Config>} */
async function fetchConfig() {
  try {
    return (await (await fetch("/config.json", { cache: "no-cache" })).json()) ?? {};
  } catch {
    return {}; // No such file, or no network: the attempt that follows shows which, and is repeated.
  }
}
