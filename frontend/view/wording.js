// @ts-check
/** The words of a state. Pure: keys into the strings, no page. */

import { isLongSearch, isPicky } from "../session/state.js";

/**
 * @import { Session } from "../session/state.js"
 * @import { Key } from "../language.js"
 */

/** Why a room ended, as a note in the conversation. @type {Record<string, Key>} */
const ENDED_KEYS = {
  skipped: "note_skipped",
  left: "note_left",
  disconnected: "note_disconnected",
  you_skipped: "note_you_skipped",
  you_stopped: "note_you_stopped",
  you_reported: "note_you_reported",
  you_were_away: "note_you_were_away",
  lost: "note_lost",
  banned: "note_banned",
};

/** @param {string} reason @returns {Key} */
export function endedKey(reason) {
  return Object.hasOwn(ENDED_KEYS, reason) ? ENDED_KEYS[reason] : "note_left";
}

/**
 * The connection state in plain words: one or two sentences.
 * @param {Session} session
 * @param {boolean} offline
 * @returns {Key[]}
 */
export function statusKeys(session, offline) {
  const { phase, link, room, search } = session;
  if (phase === "refused") return [];
  if (session.preparing !== null) return ["status_preparing"];
  if (phase === "idle" && room === null) return [];
  if (phase === "idle") return [session.attended ? "status_stopped" : "status_away"];
  if (link === "moving") return statusKeys({ ...session, link: "open" }, offline);
  if (link !== "open" && offline) return ["status_offline"];
  if (link === "connecting") return ["status_connecting"];
  if (link !== "open") return [room === null ? "status_unreachable" : "status_reconnecting"];
  if (phase === "searching") return [...(room?.over && !search.begun ? [endedKey(room.over)] : []), "status_searching"];
  return [room?.peerAway || room?.peerSilent ? "status_peer_away" : "status_chatting"];
}

/**
 * The sentence of the search about itself, beside its wish.
 * @param {Session} session
 * @returns {Key}
 */
export function searchHintKey(session) {
  const { search, wish } = session;
  const interested = wish !== null && wish.interests.length > 0;
  if (search.busy) return "search_hint_busy";
  if (wish !== null && isPicky(wish) && !search.widened) {
    if (!wish.held) return "search_hint_widening";
    return interested ? "search_hint_held" : "search_hint_held_languages";
  }
  if (isLongSearch(session)) return "search_hint_long";
  return interested ? "search_hint_widened" : "search_hint_text";
}

/**
 * The part of the page that is shown.
 * @param {Session} session
 * @param {boolean} underage
 * @returns {"landing" | "closed" | "green" | "chat" | "ended"}
 */
export function chooseView({ phase, room, preparing }, underage) {
  if (underage || phase === "refused") return "closed";
  if (preparing !== null) return "green";
  if (phase !== "idle") return "chat";
  return room === null ? "landing" : "ended";
}
