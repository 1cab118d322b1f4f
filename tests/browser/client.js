// @ts-check
/**
 * The page without its view: its own session, socket and timers under Node, told by lines of JSON what a person does.
 *
 *     node client.js ws://… [haste] [renew_after_ms]
 *
 * Its timers run so many times faster, for tests that cannot wait; a renewal can be set by itself.
 * It keeps no device's token, as a private window: then the rates of a device do not bound how often a test may cut it.
 */

import { createInterface } from "node:readline";
import { readEvent } from "../../frontend/session/events.js";
import { advance, createSession } from "../../frontend/session/session.js";
import { Socket } from "../../frontend/socket.js";
import { Timers } from "../../frontend/timers.js";

const [url, haste = "1", renewAfter_ms = ""] = process.argv.slice(2);
let session = createSession();
/** @type {string | null} */
let ticket = null;
/** @type {Record<string, number>} */
const heard = {};
/** @type {string[]} every state of the link and of the peer, as the page would show it */
const shown = [];
/** @type {string[]} why each room ended */
const ends = [];
const timers = new Timers((name) => happen({ type: "timer_fired", name }));
const socket = new Socket(async () => url, {
  opened: () => happen({ type: "opened" }),
  closed: () => happen({ type: "closed" }),
  received: (frame) => {
    const event = readEvent(frame);
    if (event === null) return;
    const name = event.type === "error" ? event.code : event.type;
    heard[name] = (heard[name] ?? 0) + 1;
    if (event.type === "waiting") ticket = event.ticket;
    happen({ type: "received", event });
  },
});

/** The orders of a test; the answer is printed. @type {Record<string, (order: any) => any>} */
const ORDERS = {
  start: ({ interests }) => happen({ type: "started", mode: "text", interests }),
  write: ({ texts }) => texts.forEach((/** @type {string} */ text) => happen({ type: "line_written", text })),
  stop: () => happen({ type: "stopped" }),
  forge: ({ token }) => { session = { ...session, token }; },
  look,
};

/** @param {Record<string, any>} event */
function happen(event) {
  const [next, effects] = advance(session, /** @type {any} */ ({ ...event, at: Date.now() }));
  session = next;
  effects.forEach(run);
  show();
}

/** @param {import("../../frontend/session/state.js").Effect} effect */
function run(effect) {
  switch (effect.type) {
    case "send": return socket.send(effect.frame);
    case "start_timer": return timers.start(effect.name, choosePause(effect), effect.spread);
    case "cancel_timer": return timers.cancel(effect.name);
    case "notice": if (effect.name === "ended") ends.push(effect.values.reason); return undefined;
    case "connect": return socket.connect();
    case "disconnect": return socket.disconnect();
    case "reconnect": return socket.reconnect();
    case "renew": return socket.renew();
  }
}

/** @param {{ name: string, after_ms: number }} effect */
function choosePause({ name, after_ms }) {
  return name === "renew" && renewAfter_ms !== "" ? Number(renewAfter_ms) : after_ms / Number(haste);
}

function show() {
  const { phase, link, room } = session;
  const away = room !== null && room.over === null && (room.peerAway || room.peerSilent);
  const state = `${phase} ${link}${away ? " peer_away" : ""}`;
  if (shown.at(-1) !== state) shown.push(state);
}

function look() {
  const { phase, link, room, entries, token } = session;
  const lines = entries.filter((entry) => entry.kind === "line");
  return {
    phase, link, token, ticket, heard, shown, ends,
    room: room?.id ?? null, over: room?.over ?? null, peer_away: room !== null && (room.peerAway || room.peerSilent),
    written: lines.filter((line) => line.own).map((line) => [line.text, line.delivery]),
    read: lines.filter((line) => !line.own).map((line) => line.text),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  console.log(JSON.stringify(ORDERS[order.do](order) ?? null));
}
process.exit();
