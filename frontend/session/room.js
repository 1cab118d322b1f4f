// @ts-check
/** Searching, opening a room, ending it, and its entries. */

import {
  DOUBT_MS, ENDED_ROOMS_MAX, JOIN_AGAIN_LATER_MS, JOIN_AGAIN_MS, JOIN_LONGEST_MS, JOIN_SPREAD,
  JOIN_RARELY_MS, JOIN_WHEN_BUSY_MS, JOINS_BEFORE_LATER, JOINS_BEFORE_RARELY, LINGER_MS, RARE_JOIN_SILENT_MS,
  QUIET_MS, SEARCH_SILENT_MS, WIDEN_AFTER_MS,
} from "./limits.js";
import { NEW_SEARCH, createRoom, isInRoom, isPicky } from "./state.js";
import { sendAgain } from "./talk.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { Room } from "./state.js"
 * @import { ServerEvent } from "./events.js"
 */

/** Timers that mean nothing outside their room. */
const ROOM_TIMERS = [
  "ack", "answer", "peer_back", "sign", "resend", "typing_pause", "peer_typing", "implied", "quiet", "doubt", "confirm",
];

/** Timers that mean nothing without a connection. The connection's own ones are started again when it opens. */
export const LINK_TIMERS = [
  "join", "silence", "pong", "resume", "resume_again", "renew", "ack", "answer", "peer_back", "sign", "implied", "resend", "quiet", "doubt",
];

/**
 * Begin to look for a stranger; the server knows already, or is told by the caller. In video a person meets nobody new
 * who has not been seen here since the page was loaded: their camera would show what they do not know of.
 * @param {Draft} draft
 */
export function beginSearch(draft) {
  const { wish } = draft.session;
  if (wish === null) throw new Error("nobody searches without a wish");
  if (!mayMeet(draft)) return rest(draft);
  draft.change({ phase: "searching", search: NEW_SEARCH });
  keepSearching(draft);
}

/** Whether somebody new may see this person. @param {Draft} draft */
export function mayMeet({ session }) {
  return session.attended || session.wish?.mode !== "video";
}

/** Look for nobody until the person comes back. @param {Draft} draft @param {string} [room] that was just opened */
export function rest(draft, room) {
  draft.send({ action: "leave", ...(room !== undefined && { room }) });
  endRoom(draft, "you_were_away");
  goIdle(draft);
  draft.start("linger", LINGER_MS);
}

/** Want nothing any more. @param {Draft} draft */
export function goIdle(draft) {
  draft.change({ phase: "idle", wish: null, token: null });
  draft.cancel("join", "widen", "silence", "pong");
}

/** Let the connection go. @param {Draft} draft */
export function hangUp(draft) {
  draft.cancel(...LINK_TIMERS);
  draft.change({ link: "closed" });
  draft.add({ type: "disconnect" });
}

/** @param {Draft} draft */
export function keepSearching(draft) {
  const { wish, search } = draft.session;
  if (wish !== null && isPicky(wish) && !wish.held && !search.widened) draft.start("widen", WIDEN_AFTER_MS);
  scheduleJoin(draft);
  awaitServer(draft);
}

/** Be told when the server has been silent for longer than a search ever is. @param {Draft} draft */
export function awaitServer(draft) {
  const isLong = draft.session.search.joins >= JOINS_BEFORE_RARELY;
  draft.start("silence", isLong ? RARE_JOIN_SILENT_MS : SEARCH_SILENT_MS);
}

/** Tell the server the wish. Idempotent: it repairs lost frames. @param {Draft} draft @param {{ solution?: string }} work */
export function sendJoin(draft, work = {}) {
  const { wish, search, read } = draft.session;
  if (wish === null) return;
  const { mode, interests, languages } = wish;
  draft.send({
    action: "join", mode, ...(interests.length > 0 && { interests }), ...(languages.length > 0 && { languages }),
    ...(search.widened && { widen: true }), ...(read !== null && { read }), ...work,
  });
  draft.change({ search: { ...search, joins: search.joins + 1, unanswered: search.unanswered + 1 } });
}

/** @param {Draft} draft */
export function scheduleJoin(draft) {
  const { busy, joins, unanswered } = draft.session.search;
  const later = joins < JOINS_BEFORE_RARELY ? JOIN_AGAIN_LATER_MS : JOIN_RARELY_MS;
  const usual = joins < JOINS_BEFORE_LATER ? JOIN_AGAIN_MS : later;
  const doublings = Math.max(0, unanswered - 1); // The newest may still be on its way.
  const pause = Math.max(usual, Math.min(usual * 2 ** doublings, JOIN_LONGEST_MS));
  draft.start("join", busy ? JOIN_WHEN_BUSY_MS : pause, JOIN_SPREAD);
}

/** @param {Draft} draft @param {ServerEvent} event a `paired` */
export function openRoom(draft, event) {
  const { entries, room } = draft.session;
  const spoken = entries.some((entry) => entry.kind === "line");
  draft.cancel("join", "widen", "silence");
  draft.change({
    phase: "chatting",
    ...(room !== null && spoken && { previous: { room: room.id, entries } }),
    room: createRoom(event, draft.at),
    entries: [],
  });
  draft.addNote("paired", {
    common: draft.room.common, languages: draft.room.languages, sealed: draft.room.keys !== null,
  });
  draft.notice("matched");
  hearPeer(draft);
}

/** Ask once whether the room is still open: then `join` is answered with `paired` for it. @param {Draft} draft */
export function doubtRoom(draft) {
  draft.changeRoom({ doubted: true });
  sendJoin(draft);
  draft.start("doubt", DOUBT_MS);
}

/** The reasons for the end of a room that the server does not tell: nothing could be continued, or the peer went. */
/** @param {Draft} draft */
export function presumedReason(draft) {
  return draft.session.token === null ? "lost" : "disconnected";
}

/** A person who ends a room ends it while the peer is there: sent lines are not called undelivered. */
const OWN_ENDS = ["you_skipped", "you_stopped", "you_reported"];

/** End the open room. @param {Draft} draft @param {string} reason */
export function endRoom(draft, reason) {
  const { room, endedRooms } = draft.session;
  if (room === null || room.over !== null) return;
  draft.markLines("failed", (_, delivery) => delivery === "sending" || !OWN_ENDS.includes(reason));
  draft.changeRoom({
    over: reason, writingSince: null, peerTyping: false, guessed: false, peerAway: false, confirming: null, heldSignals: [],
  });
  draft.change({ endedRooms: rememberRoom(endedRooms, room.id) });
  draft.cancel(...ROOM_TIMERS);
  draft.addNote("ended", { reason });
  draft.notice("ended", { reason });
}

/** @param {string[]} endedRooms @param {string} id */
export function rememberRoom(endedRooms, id) {
  return endedRooms.includes(id) ? endedRooms : [...endedRooms, id].slice(-ENDED_ROOMS_MAX);
}

/** The peer gave a sign of life. @param {Draft} draft */
export function hearPeer(draft) {
  const { probes, peerSilent } = draft.room;
  if (probes > 0) draft.changeRoom({ probes: 0, peerSilent: false });
  draft.start("quiet", silence(draft.room));
  if (peerSilent) sendAgain(draft);
}

/** How long this side waits before it probes. @param {Room} room */
export function silence(room) {
  return room.polite ? QUIET_MS.polite : QUIET_MS.impolite;
}

/** @param {Draft} draft @param {"skip" | "stop" | "swipe"} what @param {number} within_ms */
export function ask(draft, what, within_ms) {
  draft.changeRoom({ confirming: what });
  draft.start("confirm", within_ms);
  draft.notice("asked", { what });
}

/** A person who goes on writing, or takes a swipe back, stays. @param {Draft} draft */
export function withdrawQuestion(draft) {
  if (!isInRoom(draft.session) || draft.room.confirming === null) return;
  draft.changeRoom({ confirming: null });
  draft.cancel("confirm");
}

/**
 * Whether an event's room is the one that is open.
 * @param {Draft} draft @param {ServerEvent} event
 */
export function isHere(draft, event) {
  return isInRoom(draft.session, event.room);
}
