// @ts-check
/** The refusals of the server. */

import { JOIN_AGAIN_MS, JOIN_SPREAD, JOIN_WHEN_BUSY_MS, LINGER_MS, RESEND_AGAIN_MS, RESUME_AGAIN_MS, RESUMES_MAX } from "./limits.js";
import { startFresh } from "./link.js";
import { failReport, postponeReport } from "./reports.js";
import { beginSearch, endRoom, goIdle, isHere, sendJoin } from "./room.js";
import { isInRoom, isPicky, isResuming } from "./state.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { ServerEvent } from "./events.js"
 */

/** @type {Record<string, (draft: Draft, event: ServerEvent) => void>} */
export const ERROR_HANDLERS = {
  stale_room: staleRoom, banned: refuse, warned: refuse, closed: refuse, age_required: refuse, unknown_case: unknownCase,
  resume_failed: resumeFailed, busy, rate_limited: rateLimited,
  too_long: refused, invalid_message: refused, unknown_action: refused,
};

/**
 * The room is over on the server, and `peer_left` was lost.
 * @param {Draft} draft @param {ServerEvent} event
 */
function staleRoom(draft, event) {
  if (event.action === "report") return failReport(draft, event.room);
  if (!isHere(draft, event)) return;
  endRoom(draft, "disconnected");
  beginSearch(draft);
  sendJoin(draft);
}

/**
 * The person may not search: locked out, warned and to read that first, too young as far as is known, or the operator closed this kind of chat. The
 * connection lingers, for an appeal needs one.
 * @param {Draft} draft @param {ServerEvent} event
 */
function refuse(draft, event) {
  const mode = event.mode ?? draft.session.wish?.mode ?? "text";
  if (event.code === "closed" && draft.session.wish === null) return;
  if (isInRoom(draft.session)) endRoom(draft, "banned");
  goIdle(draft);
  draft.change({
    phase: "refused",
    refusal: {
      kind: event.code, mode, message: event.message ?? null,
      until: event.until ?? null, reason: event.reason ?? null, case: event.case ?? null,
      automatic: event.automatic ?? null, appeal: null,
    },
  });
  draft.start("linger", LINGER_MS);
}

/** @param {Draft} draft @param {ServerEvent} event */
function unknownCase(draft, event) {
  if (event.action === "appeal") decideAppeal(draft, "failed");
}

/** @param {Draft} draft @param {"kept" | "failed"} outcome */
export function decideAppeal(draft, outcome) {
  const { refusal } = draft.session;
  if (refusal?.appeal) draft.change({ refusal: { ...refusal, appeal: { ...refusal.appeal, outcome } } });
}

/** The server does not take an interest or a language as it was written: better to meet anyone than nobody. @param {Draft} draft */
function searchWithoutInterests(draft) {
  const { wish, phase } = draft.session;
  if (phase !== "searching" || wish === null || !isPicky(wish)) return;
  draft.change({ wish: { ...wish, interests: [], languages: [] } });
  draft.cancel("widen");
  sendJoin(draft);
}

/** The first attempt is refused for good; after one without an answer it may only be too early. @param {Draft} draft */
function resumeFailed(draft) {
  const { wish, resumes } = draft.session;
  if (!isResuming(draft.session) || wish === null) return;
  if (resumes === 1 || resumes >= RESUMES_MAX) {
    // The connection was gone for longer than the grace, so nobody knows whether the person still sits there.
    draft.change({ attended: false });
    return startFresh(draft);
  }
  draft.start("resume_again", RESUME_AGAIN_MS);
}

/** @param {Draft} draft @param {ServerEvent} event */
function busy(draft, event) {
  if (event.action === "report") return postponeReport(draft, event.room);
  repeatLine(draft, event);
  if (draft.session.phase !== "searching") return;
  draft.change({ search: { ...draft.session.search, busy: true } });
  draft.start("join", JOIN_WHEN_BUSY_MS);
}

/**
 * The frame that was refused is sent again later. Nobody finds a seeker that may not wait among so many of its network, so
 * only its own `join` finds anybody: it is not made rarer.
 * @param {Draft} draft @param {ServerEvent} event
 */
function rateLimited(draft, event) {
  if (event.action === "report") postponeReport(draft, event.room);
  if (draft.session.phase === "searching") draft.start("join", JOIN_AGAIN_MS, JOIN_SPREAD);
  if (event.puzzle) draft.add({ type: "work", puzzle: event.puzzle });
  repeatLine(draft, event);
}

/** @param {Draft} draft @param {ServerEvent} event */
function repeatLine(draft, event) {
  if (event.action === "message" && isHere(draft, event)) draft.start("resend", RESEND_AGAIN_MS);
}

/**
 * A frame that the server does not take. An older server may not know `resume`.
 * @param {Draft} draft @param {ServerEvent} event
 */
function refused(draft, event) {
  if (event.action === "resume") return resumeFailed(draft);
  if (event.action === "appeal") return decideAppeal(draft, "failed");
  if (event.action === "report") return failReport(draft, event.room);
  if (event.action === "join") return searchWithoutInterests(draft);
  if (event.action !== "message" || !isHere(draft, event)) return;
  draft.markLines("failed", (seq) => seq === event.seq);
}
