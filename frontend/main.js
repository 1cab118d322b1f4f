// @ts-check
/** The wiring: the person's actions and the server's events into the session, its effects and its view out again. */

import { findWebsocketUrl, takeProofOfAge } from "./config.js";
import { pack, unpack } from "./keeping.js";
import { translate } from "./language.js";
import { Leaving } from "./leaving.js";
import { recall, recallInTab, remember, rememberInTab } from "./preferences.js";
import { Channel } from "./sealed/channel.js";
import { readEvent } from "./session/events.js";
import { advance, createSession } from "./session/session.js";
import { lastAck } from "./session/talk.js";
import { Socket } from "./socket.js";
import { spoken } from "./spoken.js";
import { Tabs, nameTab } from "./tabs.js";
import { applyTheme } from "./theme.js";
import { Timers } from "./timers.js";
import { workerAddress } from "./trusted.js";
import { Page } from "./view/page.js";
import { followKeyboard } from "./view/viewport.js";

/** @import { Effect, SessionEvent } from "./session/state.js" */

/** Frames may come in bursts; the page is drawn again for all of them together, as often as a screen can show it. */
const DRAW_WITHIN_MS = 16;

/** Events while a call is being connected, after which the page is drawn a little later. */
const AT_LEISURE = ["signal_made", "call_went", "words_found"];

/** The memory for a reload is written so long after a change at most, and in any case when the page goes. */
const KEEP_WITHIN_MS = 300;

let session = createSession();
let tab = nameTab();
/** How often a connection came or went: a frame that was sealed for one is not sent over another. */
let connections = 0;
const tabs = new Tabs();
const leaving = new Leaving();
const timers = new Timers((name) => happen({ type: "timer_fired", name }));
const chores = new Timers((name) => (name === "keep" ? keep() : page.update(session)));

const socket = new Socket(findWebsocketUrl, {
  opened: () => {
    connections += 1;
    happen({ type: "opened" });
  },
  closed: () => {
    connections += 1;
    happen({ type: "closed" });
  },
  received: (frame) => {
    const event = readEvent(frame);
    if (event !== null) channel.receive(event);
  },
});
const channel = new Channel({
  room: () => session.room, connection: () => connections, send: (frame) => socket.send(frame), happen,
});

if (recall("theme") !== "system") applyTheme(recall("theme"));
const page = new Page(happen);

/**
 * Take one event: everything that changes on this page comes through here.
 * @param {Record<string, any>} event a SessionEvent without its time
 */
function happen(event) {
  const [next, effects] = advance(session, /** @type {SessionEvent} */ ({ ...event, at: Date.now() }));
  session = next;
  for (const effect of effects) run(effect);
  if (isUrgent(event)) page.update(session);
  else if (!chores.has("draw")) chores.start("draw", DRAW_WITHIN_MS);
  if (!chores.has("keep")) chores.start("keep", KEEP_WITHIN_MS);
}

/** A person's tap may open what only a tap can (sound, camera), and for a stranger people wait. @param {Record<string, any>} event */
function isUrgent(event) {
  return event.type === "received" ? event.event.type === "paired" : !AT_LEISURE.includes(event.type);
}

/** @param {Effect} effect */
function run(effect) {
  switch (effect.type) {
    case "send": return channel.send(effect.frame);
    case "start_timer": return timers.start(effect.name, effect.after_ms, effect.spread);
    case "cancel_timer": return timers.cancel(effect.name);
    case "connect": return socket.connect();
    case "disconnect": return socket.disconnect();
    case "reconnect": return socket.reconnect();
    case "renew": return socket.renew();
    case "signal": return void page.signal(effect.room, effect.data);
    case "reported": return void channel.report(effect.frame);
    case "work": return void work(effect.puzzle);
    case "remember_device": return remember("device", effect.token);
    case "notice": return page.notice(effect.name, effect.values);
  }
}

/** @param {import("./puzzle.js").Puzzle} puzzle */
async function work(puzzle) {
  const { solve } = await import("./puzzle.js");
  const solution = await solve(puzzle);
  if (solution !== null) happen({ type: "worked", solution });
}

function keep() {
  rememberInTab("session", pack(session, page.draft, channel.pairs, tab, Date.now()));
}

/** Go on where a reload interrupted, unless this tab is a copy of one that lives. */
async function restore() {
  const kept = unpack(recallInTab("session"), Date.now());
  if (kept !== null && (await tabs.isAlive(kept.tab))) {
    rememberInTab("session", null); // A copy of that tab: its token and its keys are not this one's.
  } else if (kept !== null) {
    tab = kept.tab;
    channel.restore(kept.pairs);
    happen({ type: "restored", session: kept.session });
    page.draft = kept.draft;
  }
  tabs.be(tab);
}

function followSurroundings() {
  for (const name of ["online", "offline"]) window.addEventListener(name, checkNetwork);
  document.addEventListener("visibilitychange", () => (document.hidden ? keep() : checkNetwork()));
  for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, attend, { capture: true });
  window.addEventListener("pagehide", ({ persisted }) => {
    happen({ type: "unattended" });
    keep();
    if (session.wish === null) return happen({ type: "closed" });
    socket.suspend(leaving.outlook(persisted), lastAck(session));
    happen({ type: "closed" });
  });
  window.addEventListener("pageshow", ({ persisted }) => persisted && checkNetwork());
}

/** A tap or a key: the person is here. */
function attend() {
  if (session.wish !== null && !session.attended) happen({ type: "attended" });
}

/** The network may be another one than before, or the device slept: see whether the connection still stands. */
function checkNetwork() {
  socket.hurry();
  happen({ type: "network_changed" });
}

takeProofOfAge();
followKeyboard();
followSurroundings();
page.update(session);
document.documentElement.dataset.ready = "";
// Until now they did nothing, and looked like it.
for (const each of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-early]"))) each.disabled = false;
await Promise.all([spoken, restore()]);
translate(document); // Translate the elements that the parser had not reached when the language came.
page.spoken();
navigator.serviceWorker?.register(workerAddress("/service-worker.js")).catch(() => {
  // Without it (an insecure origin, a private window) only the offline page is missing.
});
