// @ts-check
/**
 * What a reload of the page must not lose: the session with its numbers and its token, the conversation, the draft.
 * Pure.
 *
 * It is kept in the tab's own storage, which a closed tab takes with it. A duplicated tab gets a copy; main.js sees to it
 * that it does not fight with the first.
 */

import { RESTORE_WITHIN_MS, STORED_ENTRIES_MAX } from "./session/limits.js";

/** @import { KeyPair } from "./sealed/keys.js" */
/** @import { Session } from "./session/state.js" */

/** Grows when the shape of the session changes, so that a newer page does not trip over an older one's memory. */
const VERSION = 6;

/**
 * What is kept; `pairs` are the keys that lines to this tab are sealed with, and leave it never.
 * @typedef {{ version: number, at: number, tab: string, session: Session, draft: string, pairs: KeyPair[] }} Kept
 */

/**
 * Return what is to be kept, or null when there is nothing to continue.
 * @param {Session} session @param {string} draft @param {KeyPair[]} pairs @param {string} tab @param {number} at
 * @returns {Kept | null}
 */
export function pack(session, draft, pairs, tab, at) {
  if (session.wish === null || session.token === null) return null;
  const entries = session.entries.slice(-STORED_ENTRIES_MAX);
  return { version: VERSION, at, tab, session: { ...session, entries, previous: null }, draft, pairs };
}

/**
 * Return what was kept if it can still be continued.
 * @param {any} kept @param {number} now
 * @returns {Kept | null}
 */
export function unpack(kept, now) {
  if (kept?.version !== VERSION || typeof kept.tab !== "string" || typeof kept.session?.token !== "string") return null;
  const age = now - kept.at;
  return age >= 0 && age < RESTORE_WITHIN_MS ? kept : null;
}
