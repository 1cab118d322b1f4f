// @ts-check
/** The actions when a wait has lasted long enough. */

import {
  LINGER_MS, PEER_TYPING_MS, PROBE_AGAIN_MS, PROBES_BEFORE_TOLD, PROBES_MAX, RENEW_AGAIN_MS, RESEND_AGAIN_MS, RESEND_LINES_MAX, RESENDS_MAX,
} from "./limits.js";
import { LINK_TIMERS, awaitServer, beginSearch, endRoom, hangUp, presumedReason, scheduleJoin, sendJoin, silence } from "./room.js";
import { askServer, askToResume, failAppeal } from "./link.js";
import { repeatAll } from "./peer.js";
import { skip } from "./person.js";
import { repeatReports } from "./reports.js";
import { isInRoom, isResuming } from "./state.js";
import { doubtLines, sayTyping, scheduleSign, sendAck, sendLines, sendToPeer } from "./talk.js";

/** @import { Draft } from "./draft.js" */

/** @type {Record<string, (draft: Draft) => void>} */
export const TIMER_HANDLERS = {
  join: joinAgain, widen, resume: tryAnother, resume_again: resumeAgain, doubt, confirm,
  ack: acknowledge, answer: acknowledge, peer_back: repeatAll, sign, resend, typing_pause: typingPause, peer_typing: peerTyping, implied,
  quiet, silence: silenceHeard, pong, renew, linger, report: repeatReports,
};

/** @param {Draft} draft */
function joinAgain(draft) {
  if (draft.session.phase !== "searching") return;
  sendJoin(draft);
  scheduleJoin(draft);
}

/** @param {Draft} draft */
function widen(draft) {
  const { phase, search, wish } = draft.session;
  if (phase !== "searching" || wish === null || wish.held) return;
  draft.change({ search: { ...search, widened: true } });
  sendJoin(draft);
  scheduleJoin(draft);
}

/**
 * `resume` was not answered: this connection is dead, too, or its handler crashed.
 * @param {Draft} draft
 */
function tryAnother(draft) {
  if (isResuming(draft.session)) loseLink(draft);
}

/** The server was asked whether the room is open and did not say so. @param {Draft} draft */
function doubt(draft) {
  if (!isInRoom(draft.session) || !draft.room.doubted) return;
  endRoom(draft, presumedReason(draft));
  beginSearch(draft);
}

/** @param {Draft} draft */
function resumeAgain(draft) {
  if (isResuming(draft.session)) askToResume(draft);
}

/** A question is over without an answer; a swipe that was not taken back happens. @param {Draft} draft */
function confirm(draft) {
  if (!isInRoom(draft.session)) return;
  if (draft.room.confirming === "swipe") skip(draft);
  else draft.changeRoom({ confirming: null });
}

/** @param {Draft} draft */
function acknowledge(draft) {
  if (isInRoom(draft.session)) sendAck(draft);
}

/** For long no line was said that could have carried the sign. @param {Draft} draft */
function sign(draft) {
  if (!isInRoom(draft.session)) return;
  if (draft.room.writingSince !== null) sayTyping(draft);
  else sendAck(draft);
}

/** @param {Draft} draft */
function resend(draft) {
  if (!isInRoom(draft.session) || draft.room.peerAway) return; // `peer_back` sends all of it.
  const { lines, resends } = draft.room;
  if (lines.pending.length === 0) return;
  if (resends >= RESENDS_MAX) return draft.markLines("failed", () => true);
  doubtLines(draft);
  draft.changeRoom({ resends: resends + 1 });
  sendLines(draft, lines.pending.slice(0, RESEND_LINES_MAX));
  draft.start("resend", RESEND_AGAIN_MS);
}

/** @param {Draft} draft */
function typingPause(draft) {
  if (!isInRoom(draft.session)) return;
  const { typingToldAt } = draft.room;
  draft.changeRoom({ writingSince: null, typingToldAt: null });
  if (typingToldAt !== null) sendToPeer(draft, { action: "typing", on: false });
  else scheduleSign(draft);
}

/** @param {Draft} draft */
function peerTyping(draft) {
  if (isInRoom(draft.session)) draft.changeRoom({ peerTyping: false, guessed: false });
}

/** No acknowledgement came in time, so the line is being answered. @param {Draft} draft */
function implied(draft) {
  if (!isInRoom(draft.session)) return;
  const { peerAway, peerSilent, peerTyping: isTold } = draft.room;
  if (peerAway || peerSilent || isTold) return;
  draft.changeRoom({ peerTyping: true, guessed: true });
  draft.start("peer_typing", PEER_TYPING_MS);
}

/**
 * Nothing from the peer for long. A frame to them makes the server find out whether their socket is closed; one whose
 * network is gone looks whole there for minutes, and only an answer of the peer's own proves that it is not.
 * @param {Draft} draft
 */
function quiet(draft) {
  if (!isInRoom(draft.session)) return;
  const { probes, peerAway, peerAnswers } = draft.room;
  if (peerAnswers && !peerAway && probes >= PROBES_MAX) return giveUpPeer(draft);
  sendAck(draft, true);
  draft.changeRoom({ probes: probes + 1, peerSilent: probes >= PROBES_BEFORE_TOLD });
  const isPatient = peerAway || (!peerAnswers && probes >= PROBES_BEFORE_TOLD);
  // It may be our own connection that is dead.
  if (probes === 1 || (isPatient && probes > PROBES_BEFORE_TOLD)) askServer(draft);
  draft.start("quiet", isPatient ? silence(draft.room) : PROBE_AGAIN_MS);
}

/** Nobody is there any more, and the server does not know. @param {Draft} draft */
function giveUpPeer(draft) {
  draft.send({ action: "skip", room: draft.room.id });
  endRoom(draft, "disconnected");
  beginSearch(draft);
}

/**
 * Nothing from the server for long: browsers do not notice a dead connection, so ask. In a room the probes do.
 * @param {Draft} draft
 */
function silenceHeard(draft) {
  if (draft.session.wish === null || draft.session.link !== "open" || isInRoom(draft.session)) return;
  askServer(draft);
  awaitServer(draft);
}

/** @param {Draft} draft */
function pong(draft) {
  if (draft.session.wish !== null && draft.session.link === "open") loseLink(draft);
}

/** @param {Draft} draft */
function loseLink(draft) {
  draft.change({ link: "lost" });
  doubtLines(draft);
  draft.cancel(...LINK_TIMERS);
  draft.add({ type: "reconnect" });
}

/** @param {Draft} draft */
function renew(draft) {
  if (draft.session.wish !== null) draft.add({ type: "renew" });
  draft.start("renew", RENEW_AGAIN_MS);
}

/** @param {Draft} draft */
function linger(draft) {
  if (draft.session.wish !== null) return;
  failAppeal(draft);
  if (draft.session.reports.length > 0) return draft.start("linger", LINGER_MS);
  hangUp(draft);
}
