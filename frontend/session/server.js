// @ts-check
/** The events of the server. */

import { RESEND_SOON_MS } from "./limits.js";
import { ERROR_HANDLERS, decideAppeal } from "./errors.js";
import { PEER_HANDLERS } from "./peer.js";
import {
  awaitServer, beginSearch, doubtRoom, endRoom, hearPeer, isHere, keepSearching, mayMeet, openRoom, presumedReason, rest,
  scheduleJoin, sendJoin,
} from "./room.js";
import { dropReport, sendReports } from "./reports.js";
import { isInRoom, isResuming } from "./state.js";
import { sendAgain } from "./talk.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { ServerEvent } from "./events.js"
 */

/** @type {Record<string, (draft: Draft, event: ServerEvent) => void>} */
export const SERVER_HANDLERS = {
  ...PEER_HANDLERS, waiting, paired, reported, appealed, error,
  // An answered `ping` has done its work by being heard.
  pong: () => {}, frame_failed: frameFailed,
};

/** Anything from the server proves that the connection lives. @param {Draft} draft */
export function hearServer(draft) {
  if (draft.session.wish === null) return;
  draft.cancel("pong");
  if (!isInRoom(draft.session)) awaitServer(draft);
}

/**
 * API Gateway's own frame says that one of ours failed, not which. Searches and resumes are repeated before long.
 * @param {Draft} draft
 */
function frameFailed(draft) {
  if (isInRoom(draft.session) && draft.room.lines.pending.length > 0) draft.start("resend", RESEND_SOON_MS);
}

/**
 * In the queue. In a room it means that the room is over, or it is late: two handlers may speak at once. The place that
 * led to this room is known to be used up; otherwise ask once, for `join` in an open room is answered with `paired`.
 * @param {Draft} draft @param {ServerEvent} event
 */
function waiting(draft, event) {
  if (isLate(draft, event)) return;
  const reason = presumedReason(draft);
  const resumed = settle(draft, event);
  if (draft.session.wish === null) return draft.send({ action: "leave" });
  if (isInRoom(draft.session)) {
    if (!resumed && !draft.room.doubted) return doubtRoom(draft);
    endRoom(draft, reason);
  }
  if (draft.session.phase !== "searching") return beginSearch(draft);
  takeAnswer(draft, event);
}

/** The server answers the search. @param {Draft} draft @param {ServerEvent} event */
function takeAnswer(draft, event) {
  const { search } = draft.session;
  const widened = search.widened || event.widened === true;
  draft.change({ notice: event.notice ?? null, search: { ...search, busy: false, unanswered: 0, widened, others: event.others ?? null } });
  if (search.unanswered > 1) scheduleJoin(draft);
  if (event.puzzle) draft.add({ type: "work", puzzle: event.puzzle });
}

/** @param {Draft} draft @param {ServerEvent} event */
function isLate({ session }, event) {
  return session.link === "open" && isInRoom(session) && event.ticket && event.ticket === session.room?.ticket;
}

/** @param {Draft} draft @param {ServerEvent} event */
function paired(draft, event) {
  const reason = presumedReason(draft);
  const resumed = settle(draft, event);
  if (draft.session.wish === null) return draft.send({ action: "leave", room: event.room });
  if (draft.session.endedRooms.includes(event.room)) return skipAgain(draft, event, resumed);
  if (isHere(draft, event)) return goOn(draft, event);
  endRoom(draft, reason);
  if (!mayMeet(draft)) return rest(draft, event.room);
  openRoom(draft, event);
}

/**
 * A room that is over here is open there: our `skip` was lost. If it is over there too, the frame is harmless.
 * @param {Draft} draft @param {ServerEvent} event @param {boolean} resumed
 */
function skipAgain(draft, event, resumed) {
  draft.send({ action: "skip", room: event.room });
  if (!resumed || !isInRoom(draft.session)) return;
  endRoom(draft, "disconnected");
  beginSearch(draft);
}

/**
 * The same room again: after `resume`, or an answer to doubt.
 * @param {Draft} draft @param {ServerEvent} event
 */
function goOn(draft, event) {
  const { iceServers, relayOnly } = draft.room;
  draft.changeRoom({
    doubted: false, peerAway: false,
    iceServers: event.iceServers ?? iceServers, relayOnly: event.relayOnly ?? relayOnly,
  });
  draft.cancel("doubt");
  hearPeer(draft);
  sendAgain(draft);
  draft.notice("went_on");
}

/**
 * Take an answer to `resume` or `join`, with the token for next time. Returns whether it answered a `resume`.
 * @param {Draft} draft @param {ServerEvent} event
 */
function settle(draft, event) {
  const resumed = isResuming(draft.session);
  draft.cancel("resume", "resume_again");
  if (resumed) draft.change({ link: "open" });
  if (resumed) sendReports(draft);
  if (resumed && draft.session.phase === "searching") keepSearching(draft);
  if (draft.session.wish !== null && event.resume) draft.change({ token: event.resume, resumes: 0 });
  draft.change({ read: null });
  if (event.device) draft.add({ type: "remember_device", token: event.device });
  return resumed;
}

/** A report that was sent twice may be answered twice. @param {Draft} draft @param {ServerEvent} event */
function reported(draft, event) {
  if (!dropReport(draft, event.room)) return;
  draft.addNote("reported", { case: event.case ?? null });
  if (draft.session.phase !== "searching") return;
  sendJoin(draft);
  scheduleJoin(draft);
}

/** @param {Draft} draft */
function appealed(draft) {
  decideAppeal(draft, "kept");
}

/** @param {Draft} draft @param {ServerEvent} event */
function error(draft, event) {
  if (Object.hasOwn(ERROR_HANDLERS, event.code)) ERROR_HANDLERS[event.code](draft, event);
}
