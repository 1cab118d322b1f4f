// @ts-check
/** What happens to the connection. */

import { RENEW_AFTER_MS, RESUME_WITHIN_MS, SEARCH_SILENT_MS } from "./limits.js";
import { sendAppeal } from "./person.js";
import { LINK_TIMERS, beginSearch, endRoom, scheduleJoin, sendJoin } from "./room.js";
import { isInRoom } from "./state.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { Session } from "./state.js"
 */

/** @type {Record<string, (draft: Draft, event: any) => void>} */
export const LINK_HANDLERS = { opened, closed, restored };

/** A connection is there: continue what was, or say anew what we look for. @param {Draft} draft */
function opened(draft) {
  draft.change({ link: "open" });
  if (draft.session.wish === null) return sendAppeal(draft);
  draft.start("renew", RENEW_AFTER_MS);
  draft.start("silence", SEARCH_SILENT_MS);
  const { token } = draft.session;
  if (token === null) return startFresh(draft);
  draft.send({ action: "resume", token });
  draft.change({ link: "resuming" });
  draft.start("resume", RESUME_WITHIN_MS);
}

/** The lost connection is not coming back: whatever it was in is over. @param {Draft} draft */
export function startFresh(draft) {
  draft.cancel("resume");
  draft.change({ token: null, link: "open" });
  if (isInRoom(draft.session)) endRoom(draft, "lost");
  if (draft.session.phase !== "searching") beginSearch(draft);
  sendJoin(draft);
  scheduleJoin(draft);
}

/** @param {Draft} draft */
function closed(draft) {
  draft.cancel(...LINK_TIMERS);
  if (draft.session.wish !== null) return draft.change({ link: "lost" });
  failAppeal(draft);
  draft.cancel("linger");
  draft.change({ link: "closed" });
  draft.add({ type: "disconnect" });
}

/**
 * The page was loaded again in the midst of it.
 * @param {Draft} draft @param {{ session: Session }} event
 */
function restored(draft, { session }) {
  if (draft.session.wish !== null || session.wish === null) return;
  const room = session.room && {
    ...session.room,
    restored: true, confirming: false, peerTyping: false, typingAt: null, doubted: false, heldSignals: [],
  };
  draft.change({ ...session, link: "connecting", room });
  draft.add({ type: "connect" });
}

/** The connection went before an appeal was answered. @param {Draft} draft */
export function failAppeal(draft) {
  const { refusal } = draft.session;
  if (refusal?.appeal?.outcome !== "sending") return;
  draft.change({ refusal: { ...refusal, appeal: { ...refusal.appeal, outcome: "failed" } } });
}
