// @ts-check
/**
 * The client's state machine: (session, event) -> [session, effects]. Pure: no clock, no network, no page.
 *
 * Theory. `wish` is the person's wish (null: none, stay quiet). `phase` is the known state of the server:
 *
 *     idle --start--> searching --paired--> chatting --skip / peer_left--> searching ... --stop--> idle
 *     any --banned, closed, age_required--> refused --start--> searching
 *
 * `link` is the state of the connection: closed, connecting, open, resuming (a token was sent and not yet answered),
 * moving (the same, from a connection that is still good), lost (being tried again). The two are independent: a lost
 * connection leaves the room as it is, which the server holds for a while.
 *
 * An event of another room, or that makes no sense now, changes nothing. Frames may be lost, repeated and reordered: every
 * wait has a timer that asks again, and an answer against the person's wish is answered with that wish (`leave`, `skip`).
 */

import { Draft } from "./draft.js";
import { createSession } from "./state.js";
import { LINK_HANDLERS } from "./link.js";
import { PERSON_HANDLERS } from "./person.js";
import { SERVER_HANDLERS, hearServer } from "./server.js";
import { TIMER_HANDLERS } from "./timers.js";

/** @import { Effect, Session, SessionEvent } from "./state.js" */

export { createSession };

/** The events of the person and of the connection; server events arrive as `received`, timers as `timer_fired`. */
const HANDLERS = { ...LINK_HANDLERS, ...PERSON_HANDLERS };

/**
 * @param {Session} session
 * @param {SessionEvent} event
 * @returns {[Session, Effect[]]}
 */
export function advance(session, event) {
  const draft = new Draft(session, event.at);
  if (event.type === "received") {
    hearServer(draft);
    find(SERVER_HANDLERS, event.event.type)?.(draft, event.event);
  } else if (event.type === "timer_fired") {
    find(TIMER_HANDLERS, event.name)?.(draft);
  } else {
    find(HANDLERS, event.type)?.(draft, event);
  }
  return [draft.session, draft.effects];
}

/**
 * Look up a handler by a name that may come from outside: only own entries count.
 * @template T @param {Record<string, T>} handlers @param {string} name @returns {T | undefined}
 */
function find(handlers, name) {
  return Object.hasOwn(handlers, name) ? handlers[name] : undefined;
}
