// @ts-check
/** The wiring: the person's actions and the server's events into the session, its effects and its view out again. */

import { findWebsocketUrl } from "./config.js";
import { chooseLanguage, speak } from "./language.js";
import { recall, remember } from "./preferences.js";
import { readEvent } from "./session/events.js";
import { advance, createSession } from "./session/session.js";
import { Socket } from "./socket.js";
import { Timers } from "./timers.js";
import { Page } from "./view/page.js";

/** @import { Effect, SessionEvent } from "./session/state.js" */

let session = createSession();

const timers = new Timers((name) => happen({ type: "timer_fired", name }));

const socket = new Socket(findWebsocketUrl, {
  opened: () => happen({ type: "opened" }),
  closed: () => happen({ type: "closed" }),
  received: (frame) => {
    const event = readEvent(frame);
    if (event !== null) happen({ type: "received", event });
  },
});

const page = new Page(happen);

/**
 * Take one event: everything that changes on this page comes through here.
 * @param {Record<string, any>} event a SessionEvent without its time
 */
function happen(event) {
  const [next, effects] = advance(session, /** @type {SessionEvent} */ ({ ...event, at: Date.now() }));
  session = next;
  for (const effect of effects) run(effect);
  page.update(session);
}

/** @param {Effect} effect */
function run(effect) {
  switch (effect.type) {
    case "send": return socket.send(effect.frame);
    case "start_timer": return timers.start(effect.name, effect.after_ms);
    case "cancel_timer": return timers.cancel(effect.name);
    case "connect": return socket.connect();
    case "disconnect": return socket.disconnect();
    case "reconnect": return socket.reconnect();
    case "renew": return socket.renew();
    case "signal": return void page.signal(effect.room, effect.data);
    case "notice": return page.notice(effect.name, effect.values);
  }
}

window.addEventListener("online", () => socket.hurry());
window.addEventListener("online", () => page.update(session));
window.addEventListener("offline", () => page.update(session));
document.addEventListener("visibilitychange", () => document.hidden || socket.hurry());

document.documentElement.dataset.ready = "";
await speak(chooseLanguage(recall("language"), navigator.languages));
page.update(session);
