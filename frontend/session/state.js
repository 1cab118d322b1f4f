// @ts-check
/** The shape of the client's state, of its events and of its effects. */

import { createLines } from "./lines.js";

/**
 * @import { Lines } from "./lines.js"
 * @import { ServerEvent } from "./events.js"
 */

/**
 * The wish of the person. `held`: only people with a common interest and language, however long it takes.
 * @typedef {{ mode: "text" | "video", interests: string[], languages: string[], held: boolean }} Wish
 *
 * @typedef {Object} Room
 * @property {string} id
 * @property {"text" | "video"} mode
 * @property {boolean} polite
 * @property {string[]} common
 * @property {string[]} languages those of both
 * @property {unknown[]} iceServers
 * @property {boolean} relayOnly
 * @property {string | null} ticket the queue place that led here
 * @property {string | null} over why it ended; null while it is open
 * @property {Lines} lines
 * @property {boolean} peerTyping
 * @property {boolean} guessed only silence said that they type
 * @property {boolean} peerImplies its silence after a line means that its person writes
 * @property {boolean} impliedTold the peer was told that this side's does
 * @property {boolean} peerAway its connection is lost, as the server says
 * @property {boolean} peerSilent the peer answers no probes
 * @property {boolean} peerAnswers it is known to answer probes
 * @property {boolean} probeTold the peer was told that this side does
 * @property {number} probes how many probes wait for an answer
 * @property {number} answeredAt when the last acknowledgement went alone
 * @property {number} repeatedAt when all that was pending last went out again because the peer was back
 * @property {number} spokeAt when it was last sent anything that acknowledges
 * @property {number} heardAt when its newest line came
 * @property {boolean} spoken this side has written here
 * @property {number | null} writingSince when the draft was begun; null where there is none
 * @property {number | null} typingToldAt when the peer was last told so
 * @property {"skip" | "stop" | "swipe" | null} confirming what was asked for once: `skip` and `stop` wait to be asked
 *   for again, `swipe` happens unless it is taken back
 * @property {boolean} restored the page was loaded anew into it
 * @property {boolean} doubted the server was asked whether it is open
 * @property {number} resends how often pending lines were sent again
 * @property {number | null} repeatFrom the first line still to be repeated after a lost connection
 * @property {object[]} heldSignals signals that wait for the connection
 * @property {string | null} call how its call goes, in the words of the contract
 * @property {{ own: string, peer: string } | null} keys the public keys that its lines are sealed with; null: in the clear
 * @property {string[] | null} words what both screens show where nobody sits between the two
 * @property {boolean} tampered something came that the peer did not send
 *
 * @typedef {"sending" | "sent" | "delivered" | "failed"} Delivery "sent": handed to a good connection;
 * "sending": not yet, or it takes long The proof of a line of the peer: the relay's stamp, on the text as it was `said`
 * where that is shown otherwise.
 * @typedef {{ stamp: string | null, said?: string }} Proof
 * @typedef {{ id: number, kind: "line", at: number, own: boolean, text: string, seq: number, delivery: Delivery } & Proof} LineEntry
 * @typedef {{ id: number, kind: "note", at: number, name: string, values: Record<string, any> }} NoteEntry
 * @typedef {LineEntry | NoteEntry} Entry
 *
 * @typedef {Object} Refusal
 * @property {"banned" | "warned" | "closed" | "age_required"} kind
 * @property {"text" | "video"} mode what was wanted
 * @property {string | null} message the server's sentence
 * @property {number | string | null} until
 * @property {string | null} reason
 * @property {string | null} case
 * @property {boolean | null} automatic whether no person decided it; null where the server does not say
 * @property {{ text: string, outcome: "sending" | "kept" | "failed" } | null} appeal
 *
 * A report without an answer: given up at `until`, sent again at `next`; `unanswered`: how often it was sent since the
 * server last spoke of it.
 * @typedef {{ frame: Record<string, any>, until: number, next: number, unanswered: number }} Report
 *
 * @typedef {Object} Session
 * @property {"idle" | "searching" | "chatting" | "refused"} phase
 * @property {"closed" | "connecting" | "open" | "resuming" | "moving" | "lost"} link
 * @property {Wish | null} wish
 * @property {Search} search
 * @property {Room | null} room the open room, or the last one
 * @property {Entry[]} entries the conversation in that room
 * @property {number} nextId
 * @property {{ room: string, entries: Entry[] } | null} previous
 * @property {string[]} endedRooms
 * @property {string | null} token what continues this session on another connection
 * @property {number} resumes how often that was sent in vain
 * @property {string | null} notice words of the operator to everybody
 * @property {Omit<Wish, "held"> | null} preparing what the person is about to look for, once they are ready
 * @property {boolean} attended the person was here since the page was loaded, or came back to what went on without them
 * @property {Report[]} reports that the server has not answered yet
 * @property {string | null} read the case of a warning that the person has read, until the server has heard it
 * @property {Refusal | null} refusal why nobody is looked for, until the person tries again
 *
 * @typedef {{ at: number } & (
 *   { type: "line_resent" | "skip_pressed" | "stop_pressed" | "swiped" | "question_withdrawn" | "stopped"
 *       | "conversation_closed" | "widen_chosen" | "hold_chosen" | "relays_wanted" | "opened" | "closed"
 *       | "network_changed" | "attended" | "unattended" }
 *   | { type: "mode_switched", mode: "text" | "video" }
 *   | { type: "started" | "prepared", mode: "text" | "video", interests: string[], languages: string[] }
 *   | { type: "wish_changed", interests: string[], languages: string[] }
 *   | { type: "line_written", text: string, room?: string }
 *   | { type: "appeal_written", text: string }
 *   | { type: "draft_changed", empty: boolean }
 *   | { type: "reported", reason: string, note: string, about?: Pick<Session, "room" | "entries">, handed?: number[], still?: string | null }
 *   | { type: "call_went", room: string, call: string }
 *   | { type: "signal_made", room: string, data: object }
 *   | { type: "words_found", room: string, words: string[] }
 *   | { type: "report_proved", room: string, lines: object[] }
 *   | { type: "worked", solution: string }
 *   | { type: "restored", session: Session }
 *   | { type: "received", event: ServerEvent }
 *   | { type: "timer_fired", name: string }
 * )} SessionEvent
 *
 * @typedef {{ type: "send", frame: Record<string, any> }
 *   | { type: "start_timer", name: string, after_ms: number, spread: number }
 *   | { type: "cancel_timer", name: string }
 *   | { type: "connect" | "reconnect" | "renew" | "disconnect" }
 *   | { type: "signal", room: string, data: object }
 *   | { type: "reported", frame: Record<string, any> }
 *   | { type: "work", puzzle: import("../puzzle.js").Puzzle }
 *   | { type: "remember_device", token: string }
 *   | { type: "notice", name: string, values: Record<string, any> }} Effect
 */

/**
 * `widened`: people without a common interest are accepted; `busy`: the server asked for patience; how often `join` was
 * sent, and since the server last answered; `others`: the other mode, while somebody waits there; `begun`: the person
 * began it by hand, and it does not go on from a conversation that ended.
 * @typedef {typeof NEW_SEARCH} Search
 */
export const NEW_SEARCH = {
  widened: false, busy: false, joins: 0, unanswered: 0, others: /** @type {"text" | "video" | null} */ (null), begun: false,
};

/** After so many `join` the page honestly says that it is quiet. */
const LONG_SEARCH_JOINS = 5;

/** Whether this search has been in vain for long. @param {Session} session */
export function isLongSearch({ phase, link, search }) {
  return phase === "searching" && link === "open" && !search.busy && search.joins > LONG_SEARCH_JOINS;
}

/** Whether not everybody will do from the start. @param {Wish} wish */
export function isPicky(wish) {
  return wish.interests.length > 0 || wish.languages.length > 0;
}

/** @returns {Session} */
export function createSession() {
  return {
    phase: "idle", link: "closed", wish: null, search: NEW_SEARCH, room: null, entries: [], nextId: 1,
    previous: null, endedRooms: [], token: null, resumes: 0, notice: null, preparing: null, attended: true, refusal: null, reports: [], read: null,
  };
}

/**
 * Whether `session` is in the open room `id`, or in any open room.
 * @param {Session} session
 * @param {string} [id]
 */
export function isInRoom(session, id) {
  const { phase, room } = session;
  return phase === "chatting" && room !== null && room.over === null && (id === undefined || room.id === id);
}

/** Whether the page is about video: on the way there, or in it. @param {Session | null} session */
export function isAboutVideo(session) {
  return session?.wish?.mode === "video" || session?.preparing != null;
}

/** @param {ServerEvent} event a `paired` @param {number} at @returns {Room} */
export function createRoom(event, at) {
  return {
    id: event.room, mode: event.mode, polite: event.polite, common: event.common ?? [],
    languages: event.languages ?? [],
    iceServers: event.iceServers ?? [], relayOnly: event.relayOnly ?? false, ticket: event.ticket ?? null, over: null,
    lines: createLines(), peerTyping: false, guessed: false, peerImplies: false, impliedTold: false, peerAway: false, peerSilent: false, peerAnswers: false, probeTold: false, probes: 0,
    answeredAt: 0, repeatedAt: 0,
    spokeAt: at, heardAt: at, spoken: false, writingSince: null, typingToldAt: null, confirming: null, restored: false, doubted: false,
    resends: 0, repeatFrom: null, heldSignals: [], call: null,
    keys: event.key && event.ownKey ? { own: event.ownKey, peer: event.key } : null, words: null, tampered: false,
  };
}

/** Whether a token was sent that is not answered yet. @param {Session} session */
export function isResuming(session) {
  return session.link === "resuming" || session.link === "moving";
}
