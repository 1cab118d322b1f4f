// @ts-check
/** Lines to the peer: sending them, their acknowledgement, and sending them again. */

import {
  ACK_AFTER_MS, ACK_OWED_MS, ACK_SOON_MS, ANSWER_GAP_MS, HELD_SIGNALS_MAX, REPEAT_LINES_MAX, RESEND_AFTER_MS, SIGN_AFTER_MS,
  TYPING_IMPLIED_AFTER_MS, TYPING_TOLD_AFTER_MS,
} from "./limits.js";
import { giveAck } from "./lines.js";
import { isInRoom } from "./state.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { Room, Session } from "./state.js"
 */

/**
 * Send a frame to the peer; it also acknowledges the lines received so far.
 * @param {Draft} draft
 * @param {Record<string, any>} frame
 */
export function sendToPeer(draft, frame) {
  draft.send({ ...frame, room: draft.room.id, ...ackOf(draft.room) });
  if (draft.session.link === "open") rest(draft);
}

/** The field that tells the peer how many of its lines have come. @param {Room} room */
export function ackOf({ lines }) {
  return lines.received > 0 && { ack: lines.received };
}

/** The fields of an `ack` that needs no frame: the connection is being closed. @param {Session} session */
export function lastAck(session) {
  return isInRoom(session) && session.room !== null ? { room: session.room.id, ...ackOf(session.room) } : {};
}

/** The peer has just heard of us: nothing is owed. @param {Draft} draft */
function rest(draft) {
  draft.changeRoom({ lines: giveAck(draft.room.lines), spokeAt: draft.at });
  draft.cancel("ack", "answer");
  scheduleSign(draft);
}

/** Give a sign if no line carries one in time. @param {Draft} draft */
export function scheduleSign(draft) {
  const { spokeAt, heardAt, writingSince } = draft.room;
  const owes = owesAck(draft.room);
  if (writingSince !== null) {
    const due = Math.min(typingDueAt(draft.room, writingSince), owes ? heardAt + ACK_OWED_MS : Infinity);
    return draft.start("sign", Math.max(0, due - draft.at));
  }
  if (!owes) return draft.cancel("sign");
  draft.start("sign", Math.max(ACK_SOON_MS, Math.min(heardAt + ACK_AFTER_MS, spokeAt + SIGN_AFTER_MS) - draft.at));
}

/** When a draft is told. Silence tells a draft that was begun soon after a line. @param {Room} room @param {number} since */
function typingDueAt(room, since) {
  if (room.typingToldAt !== null) return room.typingToldAt + SIGN_AFTER_MS;
  const silent = room.spokeAt + SIGN_AFTER_MS;
  return owesAck(room) && silenceSpeaks(room) ? silent : Math.min(silent, since + TYPING_TOLD_AFTER_MS);
}

/** @param {Room} room */
function owesAck({ lines }) {
  return lines.received !== lines.acknowledged;
}

/** Whether both know that silence after a line means that it is being answered. @param {Room} room */
function silenceSpeaks({ peerImplies, impliedTold }) {
  return peerImplies && impliedTold;
}

/** Let silence tell that the line just said is being answered. @param {Draft} draft */
export function awaitAnswer(draft) {
  if (silenceSpeaks(draft.room)) draft.start("implied", TYPING_IMPLIED_AFTER_MS);
}

/** The peer gave a sign: the guess by its silence is not true any more. @param {Draft} draft */
export function endGuess(draft) {
  draft.cancel("implied");
  if (!draft.room.guessed) return;
  draft.changeRoom({ peerTyping: false, guessed: false });
  draft.cancel("peer_typing");
}

/** Say that this person writes. @param {Draft} draft */
export function sayTyping(draft) {
  draft.changeRoom({ typingToldAt: draft.at, spoken: true });
  sendToPeer(draft, { action: "typing", on: true });
}

/**
 * Acknowledge the received lines. A probe asks the peer for an acknowledgement in return; that the field is there says
 * that this side answers those of the peer.
 * @param {Draft} draft @param {boolean} probe
 */
export function sendAck(draft, probe = false) {
  const { id, lines } = draft.room;
  draft.send({ action: "ack", room: id, ack: lines.received, probe });
  draft.changeRoom({ probeTold: true, answeredAt: draft.at });
  rest(draft);
}

/** The peer waits for an acknowledgement: give it now, or a moment later if one has just gone. @param {Draft} draft */
export function answer(draft) {
  const due = draft.room.answeredAt + ANSWER_GAP_MS;
  if (due <= draft.at) return sendAck(draft);
  draft.start("answer", due - draft.at);
}

/** @param {Draft} draft @param {{ seq: number, text: string }} line @param {boolean} probe to be acknowledged at once */
export function sendLine(draft, line, probe = false) {
  const { probeTold, impliedTold } = draft.room;
  const isOpen = draft.session.link === "open";
  const tells = { ...((probe || (!probeTold && isOpen)) && { probe }), ...(!impliedTold && isOpen && { implied: true }) };
  sendToPeer(draft, { action: "message", seq: line.seq, text: line.text, ...tells });
  if (isOpen) draft.changeRoom({ probeTold: true, impliedTold: true });
}

/** Send lines that the peer may not have, and ask for their acknowledgement. */
/** @param {Draft} draft @param {{ seq: number, text: string }[]} lines */
export function sendLines(draft, lines) {
  lines.forEach((line, index) => sendLine(draft, line, index === lines.length - 1));
}

/**
 * Send the lines that the peer may not have, in order, after the connection of either side was lost.
 * @param {Draft} draft
 */
export function sendAgain(draft) {
  const { lines, id, heldSignals } = draft.room;
  draft.markLines("sending", () => true);
  draft.changeRoom({ resends: 0, heldSignals: [], repeatFrom: 1 });
  if (lines.received > 0) sendAck(draft);
  repeatLines(draft);
  for (const data of heldSignals) draft.send({ action: "signal", room: id, data });
  if (lines.pending.length > 0) draft.start("resend", RESEND_AFTER_MS);
}

/**
 * Repeat the next lines; `repeatFrom` says which are left for the next acknowledgement.
 * @param {Draft} draft
 */
export function repeatLines(draft) {
  const { lines, repeatFrom } = draft.room;
  if (repeatFrom === null) return;
  const left = lines.pending.filter((line) => line.seq >= repeatFrom);
  sendLines(draft, left.slice(0, REPEAT_LINES_MAX));
  draft.changeRoom({ repeatFrom: left[REPEAT_LINES_MAX]?.seq ?? null });
}

/** @param {Draft} draft @param {object} data */
export function sendSignal(draft, data) {
  const { id, heldSignals } = draft.room;
  if (draft.session.link === "open") return draft.send({ action: "signal", room: id, data });
  draft.changeRoom({ heldSignals: [...heldSignals, data].slice(-HELD_SIGNALS_MAX) });
}

/** A sent line may be lost, and is sent again then. @param {Draft} draft */
export function doubtLines(draft) {
  draft.markLines("sending", (_, delivery) => delivery === "sent");
}
