// @ts-check
/** What happens when a wait has lasted long enough. */

import {
  PROBE_AGAIN_MS, PROBES_BEFORE_TOLD, PROBES_MAX, RENEW_AGAIN_MS, RESEND_AFTER_MS, RESEND_LINES_MAX, RESENDS_MAX, SEARCH_SILENT_MS,
} from "./limits.js";
import {
  LINK_TIMERS, beginSearch, endRoom, presumedReason, scheduleJoin, sendAck, sendJoin, sendLine, sendToPeer, silence,
} from "./room.js";
import { askServer, askToResume, failAppeal } from "./link.js";
import { isInRoom, isResuming } from "./state.js";

/** @import { Draft } from "./draft.js" */

/** @type {Record<string, (draft: Draft) => void>} */
export const TIMER_HANDLERS = {
  join: joinAgain, reported: joinAgain, widen, resume: tryAnother, resume_again: resumeAgain, doubt, confirm_skip: confirmSkip,
  ack: acknowledge, ack_latest: acknowledge, resend, typing_pause: typingPause, peer_typing: peerTyping,
  quiet, silence: silenceHeard, pong, renew, linger,
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

/** @param {Draft} draft */
function confirmSkip(draft) {
  if (isInRoom(draft.session)) draft.changeRoom({ confirming: false });
}

/** @param {Draft} draft */
function acknowledge(draft) {
  if (isInRoom(draft.session)) sendAck(draft);
}

/** @param {Draft} draft */
function resend(draft) {
  if (!isInRoom(draft.session) || draft.room.peerAway) return; // `peer_back` sends all of it.
  const { lines, resends } = draft.room;
  if (lines.pending.length === 0) return;
  if (resends >= RESENDS_MAX) return draft.markLines("failed", () => true);
  draft.changeRoom({ resends: resends + 1 });
  for (const line of lines.pending.slice(0, RESEND_LINES_MAX)) sendLine(draft, line);
  draft.start("resend", RESEND_AFTER_MS);
}

/** @param {Draft} draft */
function typingPause(draft) {
  if (!isInRoom(draft.session) || draft.room.typingAt === null) return;
  draft.changeRoom({ typingAt: null });
  sendToPeer(draft, { action: "typing", on: false });
}

/** @param {Draft} draft */
function peerTyping(draft) {
  if (isInRoom(draft.session)) draft.changeRoom({ peerTyping: false });
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
  draft.start("quiet", isPatient ? silence(draft.room) : PROBE_AGAIN_MS);
}

/** Nobody is there any more, and the server does not know. @param {Draft} draft */
function giveUpPeer(draft) {
  draft.send({ action: "skip", room: draft.room.id });
  endRoom(draft, "disconnected");
  beginSearch(draft);
}

/**
 * Nothing from the server for long: browsers do not notice a dead connection, so ask.
 * @param {Draft} draft
 */
function silenceHeard(draft) {
  if (draft.session.wish === null || draft.session.link !== "open") return;
  askServer(draft);
  draft.start("silence", isInRoom(draft.session) ? silence(draft.room) : SEARCH_SILENT_MS);
}

/** @param {Draft} draft */
function pong(draft) {
  if (draft.session.wish !== null && draft.session.link === "open") loseLink(draft);
}

/** @param {Draft} draft */
function loseLink(draft) {
  draft.change({ link: "lost" });
  draft.cancel(...LINK_TIMERS);
  draft.add({ type: "reconnect" });
}

/** @param {Draft} draft */
function renew(draft) {
  if (draft.session.wish === null) return;
  draft.add({ type: "renew" });
  draft.start("renew", RENEW_AGAIN_MS);
}

/** @param {Draft} draft */
function linger(draft) {
  if (draft.session.wish !== null) return;
  failAppeal(draft);
  draft.change({ link: "closed" });
  draft.add({ type: "disconnect" });
}
