// @ts-check
/** What the server refuses. */

import { JOIN_WHEN_BUSY_MS, RESEND_AFTER_MS } from "./limits.js";
import { startFresh } from "./link.js";
import { goIdle } from "./person.js";
import { beginSearch, endRoom, isHere, sendJoin } from "./room.js";
import { isInRoom } from "./state.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { ServerEvent } from "./events.js"
 */

/** @type {Record<string, (draft: Draft, event: ServerEvent) => void>} */
export const ERROR_HANDLERS = {
  stale_room: staleRoom, banned, resume_failed: resumeFailed, busy, rate_limited: rateLimited,
  too_long: refused, invalid_message: refused, unknown_action: refused,
};

/**
 * The room is over on the server, and `peer_left` was lost.
 * @param {Draft} draft @param {ServerEvent} event
 */
function staleRoom(draft, event) {
  if (event.action === "report") return draft.addNote("report_failed");
  if (!isHere(draft, event)) return;
  endRoom(draft, "disconnected");
  beginSearch(draft);
  sendJoin(draft);
}

/** @param {Draft} draft @param {ServerEvent} event */
function banned(draft, event) {
  if (isInRoom(draft.session)) endRoom(draft, "banned");
  goIdle(draft);
  const ban = { until: event.until ?? null, reason: event.reason ?? null, case: event.case ?? null };
  draft.change({ phase: "banned", ban, link: "closed" });
  draft.add({ type: "disconnect" });
}

/** @param {Draft} draft */
function resumeFailed(draft) {
  if (draft.session.link === "resuming" && draft.session.wish !== null) startFresh(draft);
}

/** @param {Draft} draft */
function busy(draft) {
  if (draft.session.phase !== "searching") return;
  draft.change({ search: { ...draft.session.search, busy: true } });
  draft.start("join", JOIN_WHEN_BUSY_MS);
}

/** Whatever it was, it is sent again later. @param {Draft} draft @param {ServerEvent} event */
function rateLimited(draft, event) {
  if (draft.session.phase === "searching") draft.start("join", JOIN_WHEN_BUSY_MS);
  if (event.action === "message" && isHere(draft, event)) draft.start("resend", RESEND_AFTER_MS);
}

/**
 * A frame that the server does not take. An older server may not know `resume`.
 * @param {Draft} draft @param {ServerEvent} event
 */
function refused(draft, event) {
  if (event.action === "resume") return resumeFailed(draft);
  if (event.action !== "message" || !isHere(draft, event)) return;
  draft.markLines("failed", (seq) => seq === event.seq);
}
