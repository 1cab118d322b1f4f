// @ts-check
/** What is said to the peer, how it is acknowledged, and what is sent again. */

import {
  ACK_AFTER_MS, ACK_SOON_MS, HELD_SIGNALS_MAX, REPEAT_LINES_MAX, RESEND_AFTER_MS, SIGN_AFTER_MS, TYPING_TOLD_AFTER_MS,
} from "./limits.js";
import { giveAck } from "./lines.js";
import { isInRoom } from "./state.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { Room, Session } from "./state.js"
 */

/**
 * Send a frame to the peer; what was received so far is acknowledged along with it.
 * @param {Draft} draft
 * @param {Record<string, any>} frame
 */
export function sendToPeer(draft, frame) {
  draft.send({ ...frame, room: draft.room.id, ...ackOf(draft.room) });
  if (draft.session.link === "open") rest(draft);
}

/** What tells the peer how many of their lines have come. @param {Room} room */
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
  draft.cancel("ack");
  scheduleSign(draft);
}

/** Have a sign given if nothing that is said carries it in time. @param {Draft} draft */
export function scheduleSign(draft) {
  const { lines, spokeAt, writingSince, typingToldAt } = draft.room;
  const left = spokeAt + SIGN_AFTER_MS - draft.at;
  if (writingSince !== null) {
    const begun = writingSince + TYPING_TOLD_AFTER_MS - draft.at;
    const untold = typingToldAt === null ? Math.min(left, begun) : typingToldAt + SIGN_AFTER_MS - draft.at;
    return draft.start("sign", Math.max(0, untold));
  }
  if (lines.received === lines.acknowledged) return draft.cancel("sign");
  draft.start("sign", Math.max(ACK_SOON_MS, Math.min(ACK_AFTER_MS, left)));
}

/** Say that this person writes. @param {Draft} draft */
export function sayTyping(draft) {
  draft.changeRoom({ typingToldAt: draft.at, spoken: true });
  sendToPeer(draft, { action: "typing", on: true });
}

/**
 * Acknowledge what was received. A probe asks the peer for an acknowledgement in return; that the field is there says
 * that this side answers those of the peer.
 * @param {Draft} draft @param {boolean} probe
 */
export function sendAck(draft, probe = false) {
  const { id, lines } = draft.room;
  draft.send({ action: "ack", room: id, ack: lines.received, probe });
  draft.changeRoom({ probeTold: true });
  rest(draft);
}

/** @param {Draft} draft @param {{ seq: number, text: string }} line @param {boolean} probe to be acknowledged at once */
export function sendLine(draft, line, probe = false) {
  const tells = probe || (!draft.room.probeTold && draft.session.link === "open");
  sendToPeer(draft, { action: "message", seq: line.seq, text: line.text, ...(tells && { probe }) });
  if (tells) draft.changeRoom({ probeTold: true });
}

/** Send lines that the peer may not have, and ask for their acknowledgement. */
/** @param {Draft} draft @param {{ seq: number, text: string }[]} lines */
export function sendLines(draft, lines) {
  lines.forEach((line, index) => sendLine(draft, line, index === lines.length - 1));
}

/**
 * Send what the peer may not have, in order, after the connection of either side was lost.
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

/** What was sent may be lost, and is sent again if it is. @param {Draft} draft */
export function doubtLines(draft) {
  draft.markLines("sending", (_, delivery) => delivery === "sent");
}
