// @ts-check
/** The peer's events, and those about the peer. An event of another room than the open one changes nothing. */

import { ACK_LINES_MAX, ACK_SOON_MS, PEER_TYPING_MS, REPEAT_GAP_MS, RESEND_AFTER_MS, RESEND_SOON_MS } from "./limits.js";
import { takeAck, takeLine } from "./lines.js";
import { beginSearch, endRoom, hearPeer, isHere, rememberRoom } from "./room.js";
import { isInRoom, isResuming } from "./state.js";
import { foldNewlines, isBlank } from "./visible.js";
import { answer, doubtLines, endGuess, repeatLines, scheduleSign, sendAgain } from "./talk.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { HeardLine } from "./lines.js"
 * @import { ServerEvent } from "./events.js"
 */

/** @type {Record<string, (draft: Draft, event: ServerEvent) => void>} */
export const PEER_HANDLERS = {
  message, ack, typing, signal, forged, peer_left: peerLeft, peer_away: peerAway, peer_back: peerBack,
};

/** @param {Draft} draft @param {ServerEvent} event */
function message(draft, event) {
  if (!isHere(draft, event)) return;
  learnOfPeer(draft, event);
  hearPeer(draft);
  takeAckOf(draft, event);
  const [lines, heard] = takeLine(draft.room.lines, event.seq, { text: event.text, stamp: event.stamp ?? null });
  draft.changeRoom({ lines, ...(heard.length > 0 && { heardAt: draft.at }) });
  if (heard.length > 0) showLines(draft, lines.received - heard.length + 1, heard);
  if (event.probe === true || lines.received - lines.acknowledged >= ACK_LINES_MAX) return answer(draft);
  // One that we had already: our acknowledgement was lost. One that is early: another was lost, or comes right away.
  if (heard.length === 0) return draft.start("ack", ACK_SOON_MS);
  if (Object.keys(lines.early).length === 0) draft.cancel("ack");
  scheduleSign(draft);
}

/** @param {Draft} draft @param {number} first the number of the first @param {HeardLine[]} heard */
function showLines(draft, first, heard) {
  draft.changeRoom({ peerTyping: false, guessed: false });
  draft.cancel("peer_typing", "implied");
  const seen = heard.map((line, index) => ({ ...line, seq: first + index })).filter(({ text }) => !isBlank(text));
  for (const { seq, text, stamp } of seen) {
    const shown = foldNewlines(text);
    draft.addLine(false, seq, shown, { stamp, ...(shown !== text && { said: text }) });
  }
  if (seen.length > 0) draft.notice("lines_arrived", { texts: seen.map(({ text }) => text) });
}

/** @param {Draft} draft @param {ServerEvent} event */
function ack(draft, event) {
  if (!isHere(draft, event)) return;
  learnOfPeer(draft, event);
  hearPeer(draft);
  takeAckOf(draft, event);
  endGuess(draft);
  // It was given late, so that a line that it leaves out is lost, or on its way.
  if (draft.room.lines.pending.length > 0) draft.start("resend", RESEND_SOON_MS);
  if (event.probe === true) answer(draft);
}

/** Clients that others wrote may know no probes. @param {Draft} draft @param {ServerEvent} event */
function learnOfPeer(draft, event) {
  if (event.probe !== undefined) draft.changeRoom({ peerAnswers: true });
  if (event.implied === true) draft.changeRoom({ peerImplies: true });
}

/** @param {Draft} draft @param {ServerEvent} event */
function takeAckOf(draft, event) {
  if (!markDelivered(draft, event)) return;
  if (draft.room.lines.pending.length === 0) return draft.cancel("resend");
  repeatLines(draft);
  draft.start("resend", RESEND_AFTER_MS);
}

/** Whether an acknowledgement says something new. @param {Draft} draft @param {ServerEvent} event */
function markDelivered(draft, event) {
  const lines = takeAck(draft.room.lines, event.ack);
  if (lines === draft.room.lines) return false;
  draft.changeRoom({ lines, resends: 0 });
  draft.markLines("delivered", (seq) => seq <= event.ack);
  return true;
}

/** @param {Draft} draft @param {ServerEvent} event */
function typing(draft, event) {
  if (!isHere(draft, event)) return;
  hearPeer(draft);
  takeAckOf(draft, event);
  draft.cancel("implied");
  draft.changeRoom({ peerTyping: event.on, guessed: false });
  if (event.on) draft.start("peer_typing", PEER_TYPING_MS);
  else draft.cancel("peer_typing");
}

/**
 * The peer's first offer may overtake our `paired`, so that one of a room that is not known yet is passed on too.
 * @param {Draft} draft @param {ServerEvent} event
 */
function signal(draft, event) {
  if (isHere(draft, event)) hearPeer(draft);
  else if (draft.session.phase !== "searching" || draft.session.endedRooms.includes(event.room)) return;
  draft.add({ type: "signal", room: event.room, data: event.data });
}

/** A line came in the peer's name that their page did not send: the line is not shown, but a note says so. */
/** @param {Draft} draft @param {ServerEvent} event */
function forged(draft, event) {
  if (!isHere(draft, event) || draft.room.tampered) return;
  draft.changeRoom({ tampered: true });
  draft.addNote("tampered");
}

/**
 * The server searches on by itself. A room that is over when this page comes back is over because the page was gone.
 * The event may overtake `paired`, so the room is remembered in any case. A peer that leaves says which of our lines it
 * has. @param {Draft} draft @param {ServerEvent} event
 */
function peerLeft(draft, event) {
  const here = isHere(draft, event);
  if (!here) return draft.change({ endedRooms: rememberRoom(draft.session.endedRooms, event.room) });
  markDelivered(draft, event);
  endRoom(draft, isResuming(draft.session) ? "lost" : event.reason ?? "disconnected");
  beginSearch(draft);
}

/** @param {Draft} draft @param {ServerEvent} event */
function peerAway(draft, event) {
  if (!isHere(draft, event) || draft.room.peerAway) return;
  doubtLines(draft);
  draft.changeRoom({ peerAway: true, peerTyping: false, guessed: false });
  draft.addNote("peer_away");
}

/** @param {Draft} draft @param {ServerEvent} event */
function peerBack(draft, event) {
  if (!isHere(draft, event)) return;
  if (draft.room.peerAway) draft.replaceNote("peer_away", "peer_back");
  draft.changeRoom({ peerAway: false });
  hearPeer(draft);
  const due = draft.room.repeatedAt + REPEAT_GAP_MS;
  if (due > draft.at) return draft.start("peer_back", due - draft.at);
  repeatAll(draft);
}

/** The peer is back, and may lack anything that was sent before. @param {Draft} draft */
export function repeatAll(draft) {
  if (!isInRoom(draft.session) || draft.room.peerAway) return;
  draft.changeRoom({ repeatedAt: draft.at });
  sendAgain(draft);
  draft.notice("peer_back");
}
