// @ts-check
/** The events of the connection. */

import { PONG_WITHIN_MS, RENEW_AFTER_MS, RESUME_WITHIN_MS } from "./limits.js";
import { sendAppeal } from "./person.js";
import { LINK_TIMERS, awaitServer, beginSearch, doubtRoom, hangUp, mayMeet, rest, scheduleJoin, sendJoin } from "./room.js";
import { sendReports } from "./reports.js";
import { isInRoom } from "./state.js";
import { doubtLines } from "./talk.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { Session } from "./state.js"
 */

/** @type {Record<string, (draft: Draft, event: any) => void>} */
export const LINK_HANDLERS = { opened, closed, restored, worked, words_found: wordsFound, network_changed: askServer };

/** A connection is there: continue the room or the search, or begin the search anew. @param {Draft} draft */
function opened(draft) {
  const isMoving = draft.session.link === "open";
  draft.change({ link: "open" });
  draft.start("renew", RENEW_AFTER_MS);
  if (draft.session.wish === null) return sendWhatWaits(draft);
  awaitServer(draft);
  if (draft.session.token === null) return startFresh(draft);
  askToResume(draft);
  if (isMoving) draft.change({ link: "moving" });
}

/** Send the appeal or the reports for which a person who looks for nobody opened the connection. @param {Draft} draft */
function sendWhatWaits(draft) {
  sendAppeal(draft);
  sendReports(draft);
}

/** @param {Draft} draft */
export function askToResume(draft) {
  const { token, resumes } = draft.session;
  draft.add({ type: "send", frame: { action: "resume", token } });
  draft.change({ link: "resuming", resumes: resumes + 1 });
  draft.start("resume", RESUME_WITHIN_MS);
}

/**
 * Nothing can be continued, so the room or the search is over. Of a room the server is asked once more: a `resume` that
 * was handled twice succeeds and then fails, and `join` is answered with the room that was continued after all.
 * @param {Draft} draft
 */
export function startFresh(draft) {
  draft.cancel("resume");
  draft.change({ token: null, resumes: 0, link: "open" });
  sendReports(draft);
  if (!mayMeet(draft)) return rest(draft);
  if (isInRoom(draft.session)) return doubtRoom(draft);
  if (draft.session.phase !== "searching") beginSearch(draft);
  sendJoin(draft);
  scheduleJoin(draft);
}

/** @param {Draft} draft */
function closed(draft) {
  draft.cancel(...LINK_TIMERS);
  doubtLines(draft);
  if (draft.session.wish !== null) return draft.change({ link: "lost" });
  failAppeal(draft);
  draft.cancel("linger");
  hangUp(draft);
}

/**
 * The page was loaded again in the midst of it. Reports go out even where nothing else is continued.
 * @param {Draft} draft @param {{ session: Session }} event
 */
function restored(draft, { session }) {
  if (draft.session.wish === null && session.wish !== null) goOn(draft, session);
  draft.change({ reports: session.reports });
  sendReports(draft);
}

/** @param {Draft} draft @param {Session} session */
function goOn(draft, session) {
  const room = session.room && {
    ...session.room,
    restored: true, confirming: null, peerTyping: false, guessed: false, writingSince: null, typingToldAt: null, doubted: false, heldSignals: [],
  };
  draft.change({ ...session, link: "connecting", room, preparing: null, attended: false });
  draft.add({ type: "connect" });
}

/** The server's puzzle is solved: a person who still waits need not wait any longer. @param {Draft} draft @param {{ solution: string }} event */
function worked(draft, { solution }) {
  if (draft.session.phase !== "searching") return;
  sendJoin(draft, { solution });
  scheduleJoin(draft);
}

/** The keys of both have met. @param {Draft} draft @param {{ room: string, words: string[] }} event */
function wordsFound(draft, { room, words }) {
  if (!isInRoom(draft.session, room) || draft.room.words !== null) return;
  draft.changeRoom({ words });
  draft.addNote("sealed", { words });
}

/** A connection without an answer is dead, even if the browser shows it as open. @param {Draft} draft */
export function askServer(draft) {
  if (draft.session.wish === null || draft.session.link !== "open") return;
  draft.send({ action: "ping" });
  draft.start("pong", PONG_WITHIN_MS);
}

/** The connection went before an appeal was answered. @param {Draft} draft */
export function failAppeal(draft) {
  const { refusal } = draft.session;
  if (refusal?.appeal?.outcome !== "sending") return;
  draft.change({ refusal: { ...refusal, appeal: { ...refusal.appeal, outcome: "failed" } } });
}
