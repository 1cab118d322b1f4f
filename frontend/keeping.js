// @ts-check
/**
 * The memory that a reload of the page must not lose: the session with its numbers and its token, the conversation, the
 * draft, and reports that the server has not answered yet. Pure.
 *
 * It is kept in the tab's own storage, which a closed tab takes with it. A duplicated tab gets a copy; main.js sees to it
 * that it does not fight with the first.
 */

import { RESTORE_WITHIN_MS, STORED_ENTRIES_MAX } from "./session/limits.js";
import { createSession } from "./session/state.js";

/** @import { KeyPair } from "./sealed/keys.js" */
/** @import { Report, Session } from "./session/state.js" */

/** Grows when the shape of the session changes, so that a newer page does not trip over an older one's memory. */
const VERSION = 8;

/**
 * The kept memory; `pairs` are the keys that lines to this tab are sealed with, and never leave it.
 * @typedef {{ version: number, at: number, tab: string, session: Session, draft: string, pairs: KeyPair[] }} Kept
 */

/**
 * Return the memory to keep, or null when there is nothing to continue.
 * @param {Session} session @param {string} draft @param {KeyPair[]} pairs @param {string} tab @param {number} at
 * @returns {Kept | null}
 */
export function pack(session, draft, pairs, tab, at) {
  const { reports } = session;
  if (session.wish === null || session.token === null) {
    return reports.length === 0 ? null : { version: VERSION, at, tab, session: { ...createSession(), reports }, draft: "", pairs: [] };
  }
  const entries = session.entries.slice(-STORED_ENTRIES_MAX);
  return { version: VERSION, at, tab, session: { ...session, entries, previous: null }, draft, pairs };
}

/**
 * Return the kept memory if it can still be continued; of an older one, the reports that are still in time.
 * @param {any} kept @param {number} now
 * @returns {Kept | null}
 */
export function unpack(kept, now) {
  if (kept?.version !== VERSION || typeof kept.tab !== "string" || now < kept.at) return null;
  const { session } = kept;
  if (typeof session?.token === "string" && now - kept.at < RESTORE_WITHIN_MS) return kept;
  const reports = session.reports.filter((/** @type {Report} */ { until }) => until > now);
  return reports.length === 0 ? null : { ...kept, session: { ...createSession(), reports }, draft: "", pairs: [] };
}
