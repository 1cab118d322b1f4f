// @ts-check
/** The actions of the person. */

import {
  CONFIRM_MS, LINGER_MS, REPORTED_WITHIN_MS, RESEND_AFTER_MS, RESEND_AGAIN_MS, RESEND_LINES_MAX, TAKE_BACK_MS, TYPING_PAUSE_MS,
} from "./limits.js";
import { addOwnLine, cleanText, hasRoomForLine, isSendable } from "./lines.js";
import { ask, beginSearch, endRoom, goIdle, hangUp, mayMeet, rest, scheduleJoin, sendJoin, withdrawQuestion } from "./room.js";
import { reportProved, takeReport } from "./reports.js";
import { isInRoom } from "./state.js";
import { ackOf, awaitAnswer, sayTyping, scheduleSign, sendLine, sendLines, sendSignal } from "./talk.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { Delivery, Entry, Room, Session } from "./state.js"
 * @typedef {Pick<Session, "room" | "entries">} Conversation
 */

/** @type {Record<string, (draft: Draft, event: any) => void>} */
export const PERSON_HANDLERS = {
  prepared, started, attended, unattended, line_written: lineWritten, line_resent: lineResent, draft_changed: draftChanged,
  skip_pressed: skipPressed, stop_pressed: stopPressed, swiped, question_withdrawn: withdrawQuestion, stopped,
  conversation_closed: conversationClosed,
  reported, report_proved: reportProved, appeal_written: appealWritten, widen_chosen: widenChosen, hold_chosen: holdChosen, wish_changed: wishChanged, mode_switched: modeSwitched,
  call_went: callWent, signal_made: signalMade, relays_wanted: relaysWanted,
};

/**
 * The person is about to look for somebody, and sees to camera and microphone first.
 * @param {Draft} draft @param {{ type: string, at: number, mode: "text" | "video", interests: string[], languages: string[] }} event
 */
function prepared(draft, { type: _type, at: _at, ...preparing }) {
  if (draft.session.wish !== null) return;
  const { phase } = draft.session;
  noteRead(draft);
  draft.change({ preparing, phase: phase === "refused" ? "idle" : phase, refusal: null, attended: true });
  if (draft.session.link !== "closed") return;
  draft.change({ link: "connecting" }); // By the time that the person is ready it is there.
  draft.add({ type: "connect" });
  draft.start("linger", LINGER_MS);
}

/** @param {Draft} draft @param {{ mode: "text" | "video", interests: string[], languages?: string[] }} event */
function started(draft, { mode, interests, languages = [] }) {
  if (draft.session.wish !== null) return;
  noteRead(draft);
  draft.change({ wish: { mode, interests, languages, held: false }, preparing: null, refusal: null, attended: true });
  draft.cancel("linger");
  beginSearch(draft);
  draft.change({ search: { ...draft.session.search, begun: true } });
  if (draft.session.link === "open") return sendJoin(draft);
  draft.change({ link: "connecting" });
  draft.add({ type: "connect" });
}

/** A person who goes on from a warning has read it, and the next `join` says so. @param {Draft} draft */
function noteRead(draft) {
  const { refusal } = draft.session;
  if (refusal?.kind === "warned") draft.change({ read: refusal.case });
}

/** Lines in the hands of the network. @type {Delivery[]} */
const UNDER_WAY = ["sending", "sent"];

/**
 * A line is for the room that it was written in, which may be over by now.
 * @param {Draft} draft @param {{ text: string, room?: string }} event
 */
function lineWritten(draft, event) {
  const text = cleanText(event.text);
  if (!isInRoom(draft.session, event.room) || !isSendable(text) || !hasRoomForLine(draft.room.lines)) return;
  const underWay = draft.session.entries.some((entry) => entry.kind === "line" && UNDER_WAY.includes(entry.delivery));
  const [lines, line] = addOwnLine(draft.room.lines, text);
  draft.changeRoom({ lines, writingSince: null, typingToldAt: null, spoken: true });
  draft.cancel("typing_pause");
  withdrawQuestion(draft);
  draft.addLine(true, line.seq, text);
  sendLine(draft, line);
  awaitAnswer(draft);
  if (underWay) return;
  draft.changeRoom({ resends: 0 });
  draft.start("resend", RESEND_AFTER_MS);
}

/**
 * "Send again": all that was not delivered, oldest first, for a later line is not shown before an earlier one.
 * @param {Draft} draft
 */
function lineResent(draft) {
  if (!isInRoom(draft.session)) return;
  draft.markLines("sending", () => true);
  draft.changeRoom({ resends: 0 });
  sendLines(draft, draft.room.lines.pending.slice(0, RESEND_LINES_MAX));
  draft.start("resend", RESEND_AGAIN_MS);
}

/**
 * As long as nobody has said anything it is told at once, for then both wonder; later once the draft is some seconds old.
 * @param {Draft} draft @param {{ empty: boolean }} event
 */
function draftChanged(draft, { empty }) {
  if (!isInRoom(draft.session)) return;
  const { writingSince, spoken, lines } = draft.room;
  if (empty) return writingSince === null ? undefined : draft.start("typing_pause", 0);
  draft.start("typing_pause", TYPING_PAUSE_MS);
  if (writingSince === null) draft.changeRoom({ writingSince: draft.at });
  if (!spoken && lines.received === 0) return sayTyping(draft);
  if (writingSince === null) scheduleSign(draft);
}

/** The first press asks, the second acts. @param {Draft} draft */
function skipPressed(draft) {
  if (!isInRoom(draft.session)) return;
  if (draft.room.confirming === null || draft.room.confirming === "stop") return ask(draft, "skip", CONFIRM_MS);
  skip(draft);
}

/** As Skip, where there is a conversation to lose. @param {Draft} draft */
function stopPressed(draft) {
  if (isInRoom(draft.session) && draft.room.confirming !== "stop") return ask(draft, "stop", CONFIRM_MS);
  stopped(draft);
}

/** @param {Draft} draft */
function swiped(draft) {
  if (isInRoom(draft.session)) ask(draft, "swipe", TAKE_BACK_MS);
}

/** @param {Draft} draft */
export function skip(draft) {
  draft.send({ action: "skip", room: draft.room.id, ...farewell(draft.room) });
  draft.change({ attended: true });
  endRoom(draft, "you_skipped");
  beginSearch(draft);
}

/** @param {Draft} draft */
function attended(draft) {
  draft.change({ attended: true });
}

/** The page is being left: a search that nobody sees ends with it. @param {Draft} draft */
function unattended(draft) {
  draft.change({ attended: false, preparing: null });
  if (draft.session.phase === "searching" && !mayMeet(draft)) rest(draft);
}

/** Stay connected for a while: a person who stops often starts again. @param {Draft} draft */
function stopped(draft) {
  draft.change({ preparing: null });
  if (draft.session.wish === null) return;
  const inRoom = isInRoom(draft.session);
  draft.send({ action: "leave", ...(inRoom && { room: draft.room.id, ...farewell(draft.room) }) });
  endRoom(draft, "you_stopped");
  goIdle(draft);
  if (draft.session.link === "open") return draft.start("linger", LINGER_MS);
  hangUp(draft);
}

/** Back to the start: the conversation is let go. @param {Draft} draft */
function conversationClosed(draft) {
  if (draft.session.wish !== null) return;
  draft.change({ phase: "idle", refusal: null, room: null, entries: [], previous: null });
}

/**
 * Say why being locked out is wrong. It may need a connection again.
 * @param {Draft} draft @param {{ text: string }} event
 */
function appealWritten(draft, event) {
  const { refusal, link } = draft.session;
  const text = cleanText(event.text);
  const mayAppeal = refusal?.case && (refusal.appeal === null || refusal.appeal.outcome === "failed");
  if (!refusal || !mayAppeal || text === "") return;
  draft.change({ refusal: { ...refusal, appeal: { text, outcome: "sending" } } });
  if (link === "open") return sendAppeal(draft);
  draft.change({ link: "connecting" });
  draft.add({ type: "connect" });
}

/** @param {Draft} draft */
export function sendAppeal(draft) {
  const { refusal } = draft.session;
  if (refusal?.appeal?.outcome !== "sending") return;
  draft.send({ action: "appeal", case: refusal.case, text: refusal.appeal.text });
  draft.start("linger", LINGER_MS);
}

/**
 * The server ends the room, which is over here at once, and looks for the next one when it is asked to. A report `about` an earlier room leaves the
 * person where they are.
 * @param {Draft} draft @param {{ reason: string, note: string, about?: Conversation, handed?: number[], still?: string | null }} event
 *   `handed`: the ids of the lines that go along
 */
function reported(draft, { reason, note, about = draft.session, handed = [], still = null }) {
  const { room } = about;
  if (room === null || draft.session.phase === "refused") return;
  const words = cleanText(note);
  const lines = linesOf(room, about.entries.filter(({ id }) => handed.includes(id)));
  draft.change({ attended: true });
  const overAt = about.entries.findLast((entry) => entry.kind === "note" && entry.name === "ended")?.at ?? draft.at;
  takeReport(draft, {
    action: "report", room: room.id, reason, ...(words !== "" && { note: words }), ...(lines.length > 0 && { lines }),
    ...(still !== null && { still }), ...ackOf(room),
  }, overAt);
  if (!isInRoom(draft.session, room.id)) return;
  endRoom(draft, "you_reported");
  if (draft.session.wish === null) return;
  beginSearch(draft);
  if (draft.session.link === "open") draft.start("join", REPORTED_WITHIN_MS);
}

/** Lines as a report hands them over: those of the stranger with their proof. @param {Room} room @param {Entry[]} entries */
function linesOf({ polite }, entries) {
  return entries.flatMap((entry) => {
    if (entry.kind !== "line" || (!entry.own && entry.stamp === null)) return [];
    const seat = polite === entry.own ? 1 : 0;
    return [{ seat, seq: entry.seq, text: entry.said ?? entry.text, ...(entry.stamp !== null && { stamp: entry.stamp }) }];
  });
}

/** @param {Draft} draft */
function widenChosen(draft) {
  const { phase, search, wish } = draft.session;
  if (phase !== "searching" || wish === null) return;
  draft.change({ search: { ...search, widened: true }, wish: { ...wish, held: false } });
  draft.cancel("widen");
  sendJoin(draft);
  scheduleJoin(draft);
}

/** Another wish is another search, which begins narrow. @param {Draft} draft @param {{ interests: string[], languages: string[] }} event */
function wishChanged(draft, { interests, languages }) {
  const { phase, wish } = draft.session;
  if (phase !== "searching" || wish === null) return;
  draft.change({ wish: { ...wish, interests, languages, held: false } });
  draft.cancel("widen");
  beginSearch(draft);
  if (draft.session.link === "open") sendJoin(draft);
}

/** A stranger waits in the other mode. Before video the person sees to camera and microphone. @param {Draft} draft @param {{ mode: "text" | "video" }} event */
function modeSwitched(draft, { mode }) {
  const { phase, wish } = draft.session;
  if (phase !== "searching" || wish === null || wish.mode === mode) return;
  if (mode === "video") {
    draft.send({ action: "leave" });
    goIdle(draft);
    return prepared(draft, { type: "prepared", at: draft.at, mode, interests: wish.interests, languages: wish.languages });
  }
  draft.change({ wish: { ...wish, mode } });
  draft.cancel("widen");
  beginSearch(draft);
  if (draft.session.link === "open") sendJoin(draft);
}

/** @param {Draft} draft */
function holdChosen(draft) {
  const { phase, search, wish } = draft.session;
  if (phase !== "searching" || wish === null || search.widened) return;
  draft.change({ wish: { ...wish, held: true } });
  draft.cancel("widen");
}

/** @param {Draft} draft @param {{ room: string, call: string }} event how the call goes by now */
function callWent(draft, { room, call }) {
  if (isInRoom(draft.session, room)) draft.changeRoom({ call });
}

/**
 * A person who ends a room tells which of the peer's lines came, and how the call went: so the operator learns whether
 * the relay works. @param {Room} room
 */
function farewell(room) {
  return { ...ackOf(room), ...(room.call !== null && { call: room.call }) };
}

/** @param {Draft} draft @param {{ room: string, data: object }} event */
function signalMade(draft, event) {
  if (isInRoom(draft.session, event.room)) sendSignal(draft, event.data);
}

/** Fresh relay credentials come with `paired`, which `join` in an open room is answered with. @param {Draft} draft */
function relaysWanted(draft) {
  if (isInRoom(draft.session)) sendJoin(draft);
}
