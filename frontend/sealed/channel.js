// @ts-check
/**
 * Between the session and the socket: it seals outgoing lines and opens incoming ones, each in their order.
 *
 * The session knows texts only and the socket sealed lines only. A room whose two members both showed a key is sealed
 * for its whole life: nothing goes out in the clear there, and a line that comes in the clear was not said by the peer.
 */

import { cleanText, isSendable } from "../session/lines.js";
import { createKeyPair, deriveRoomKeys } from "./keys.js";
import { openLine, openingOf, sealLine } from "./lines.js";
import { isSignalProved, proveSignal } from "./signals.js";
import { toWords } from "./words.js";

/** @import { Room } from "../session/state.js" */
/** @import { ServerEvent } from "../session/events.js" */
/** @import { KeyPair, RoomKeys } from "./keys.js" */

/** Own keys that the next room may be opened with: the server may not have heard of the newest ones yet. */
const PAIRS_MAX = 4;

/** Rooms whose lines can be proved: a report of an earlier one may have been begun while it lasted. */
const ROOMS_MAX = 16;

/** Signals kept for a room that this page has not heard of: the peer's first offer may overtake `paired`. */
const EARLY_SIGNALS_MAX = 64;

/** The opening of a line that was said in the clear: 32 zero bytes. */
const PUBLIC_OPENING = "A".repeat(43);

/** Frames of a person who searches, with the key for sealing lines to them. */
const SEARCHES = ["join", "skip"];

export class Channel {
  /** @type {KeyPair[]} the newest first */ #pairs = [];
  /** @type {Promise<void> | null} */ #making = null;
  /** The key of the next search, made while there is time: a skipper does not wait for it. @type {Promise<KeyPair | null> | null} */ #spare = null;
  /** @type {Map<string, Promise<RoomKeys | null>>} by room, the newest last */ #derived = new Map();
  /** @type {ServerEvent[]} */ #early = [];
  #out = new Sequence();
  #in = new Sequence();

  /**
   * @param {object} outside
   * @param {() => Room | null} outside.room the session's room, as it is now
   * @param {() => unknown} outside.connection what changes whenever another connection is used
   * @param {(frame: Record<string, any>) => void} outside.send
   * @param {(event: Record<string, any>) => void} outside.happen
   */
  constructor(outside) {
    this.outside = outside;
    this.renew();
  }

  /** The memory that a reload must not lose. */
  get pairs() {
    return this.#pairs;
  }

  /** Take the keys that were kept over a reload. @param {KeyPair[]} pairs */
  restore(pairs) {
    this.#making = null;
    this.#pairs = pairs;
  }

  /** Make a key that nobody has seen. */
  renew() {
    const made = this.#spare ?? createKeyPair();
    this.#spare = null;
    const making = made.then((pair) => {
      if (this.#making !== making) return;
      this.#making = null;
      if (pair !== null) this.#pairs = [pair, ...this.#pairs].slice(0, PAIRS_MAX);
    });
    this.#making = making;
  }

  /** No later room is opened with a key older than this one: lines sealed to older keys are closed for ever. @param {string} own */
  #forgetBefore(own) {
    const used = this.#pairs.findIndex((pair) => pair.public === own);
    if (used >= 0) this.#pairs = this.#pairs.slice(0, used + 1);
  }

  /** @param {Record<string, any>} frame */
  send(frame) {
    const room = this.outside.room();
    const connection = this.outside.connection();
    if (frame.action === "skip") this.renew();
    this.#out.pass(() => this.#prepare(frame, room), (ready) => {
      // Sealed too late for its connection: the session sends it again over the next.
      if (ready !== null && (ready === frame || this.outside.connection() === connection)) this.outside.send(ready);
    });
    if (frame.action !== "leave") return;
    this.#pairs = []; // Nobody is met before the next search, and it shows a new one.
    this.renew();
  }

  /**
   * The person reports. The frame may be sent several times, also by a page that was loaded anew and has the keys no more;
   * the next search shows a key that nobody saw.
   * @param {Record<string, any>} frame
   */
  async report(frame) {
    this.renew();
    if (frame.lines === undefined) return;
    const { lines } = await this.#proveLines(frame);
    this.outside.happen({ type: "report_proved", room: frame.room, lines });
  }

  /** @param {ServerEvent} event */
  receive(event) {
    this.#in.pass(() => this.#read(event), (read) => {
      if (read === null) return;
      this.outside.happen({ type: "received", event: read });
      if (event.type === "paired") this.#arrive(event.room);
    });
  }

  /** The frame as it travels; null where it must not. @param {Record<string, any>} frame @param {Room | null} room */
  #prepare(frame, room) {
    if (SEARCHES.includes(frame.action)) return this.#making === null ? this.#showKey(frame) : this.#making.then(() => this.#showKey(frame));
    if (frame.lines !== undefined) return this.#proveLines(frame);
    const isSealed = room !== null && room.id === frame.room && room.keys !== null;
    if (!isSealed || (frame.action !== "message" && frame.data?.description === undefined)) return frame;
    return this.#seal(frame, room);
  }

  /** @param {Record<string, any>} frame */
  #showKey(frame) {
    const [pair] = this.#pairs;
    return pair === undefined ? frame : { ...frame, key: pair.public };
  }

  /** @param {Record<string, any>} frame @param {Room} room */
  async #seal(frame, room) {
    const keys = await this.#keysOf(room);
    if (keys === null) return null;
    if (frame.action === "signal") return { ...frame, data: await proveSignal(keys, frame.data) };
    const { text, ...rest } = frame;
    return { ...rest, ...await sealLine(keys, frame.seq, text) };
  }

  /** Add to the stamped lines of a report the openings of their commitments. @param {Record<string, any>} frame */
  async #proveLines(frame) {
    const keys = await this.#derived.get(frame.room) ?? null;
    const lines = frame.lines.map(async (/** @type {any} */ line) => (line.stamp === undefined || line.opening !== undefined ? line
      : { ...line, opening: keys === null ? PUBLIC_OPENING : await openingOf(keys, line.seat, line.seq, line.text) }));
    return { ...frame, lines: await Promise.all(lines) };
  }

  /** The event as the session takes it; null where it is none of the peer's. @param {ServerEvent} event */
  #read(event) {
    const room = this.outside.room();
    if (room === null || room.id !== event.room) return this.#isEarly(event) ? null : event;
    if (event.type === "message") return room.keys === null ? readClear(event) : this.#open(event, room);
    return event.type === "signal" && event.data.description !== undefined && room.keys !== null ? this.#prove(event, room) : event;
  }

  /** @param {ServerEvent} event @param {Room} room @returns {Promise<ServerEvent>} */
  async #open(event, room) {
    const { sealed, commitment, ...rest } = event;
    const keys = await this.#keysOf(room);
    const text = keys === null ? null : await openLine(keys, event.seq, sealed, commitment);
    // The server cannot read a sealed line, so a text that it would have refused is refused here.
    return text === null || cleanText(text) !== text || !isSendable(text) ? forged(room) : { ...rest, text };
  }

  /** @param {ServerEvent} event @param {Room} room @returns {Promise<ServerEvent>} */
  async #prove(event, room) {
    const keys = await this.#keysOf(room);
    return keys !== null && await isSignalProved(keys, event.data) ? event : forged(room);
  }

  /** Keep a signal that came before its room did. @param {ServerEvent} event */
  #isEarly(event) {
    if (event.type === "signal") this.#early = [...this.#early, event].slice(-EARLY_SIGNALS_MAX);
    return event.type === "signal";
  }

  /** Show the words of a room, and read what came for it before it was known. @param {string} id */
  #arrive(id) {
    const early = this.#early.filter((event) => event.room === id);
    this.#early = [];
    for (const event of early) this.receive(event);
    const room = this.outside.room();
    if (room === null || room.id !== id || room.keys === null) return;
    this.#forgetBefore(room.keys.own);
    this.#keysOf(room).then((keys) => {
      if (keys !== null && room.words === null) this.outside.happen({ type: "words_found", room: id, words: toWords(keys.words) });
      this.#spare ??= createKeyPair();
    });
  }

  /** @param {Room} room @returns {Promise<RoomKeys | null>} */
  #keysOf({ id, keys, polite }) {
    const known = this.#derived.get(id);
    if (known !== undefined) return known;
    const own = this.#pairs.find((pair) => pair.public === keys?.own);
    const derived = own === undefined || keys === null ? Promise.resolve(null) : deriveRoomKeys(own, keys.peer, id, polite ? 1 : 0);
    this.#derived.set(id, derived);
    for (const oldest of [...this.#derived.keys()].slice(0, -ROOMS_MAX)) this.#derived.delete(oldest);
    return derived;
  }
}

/** Things that leave in the order in which they came, though some take a moment; the others leave at once. */
class Sequence {
  #last = Promise.resolve();
  #waiting = 0;

  /**
   * Hand on what `work` makes.
   * @template T @param {() => T | Promise<T>} work @param {(made: T) => void} hand
   */
  pass(work, hand) {
    if (this.#waiting > 0) return this.#wait(work, hand);
    const made = work();
    if (made instanceof Promise) return this.#wait(() => made, hand);
    return hand(made);
  }

  /** @template T @param {() => T | Promise<T>} work @param {(made: T) => void} hand */
  #wait(work, hand) {
    this.#waiting += 1;
    this.#last = this.#last.then(work).then(hand).catch(reportError).finally(() => { this.#waiting -= 1; });
  }
}

/** A line in a room that is not sealed. @param {ServerEvent} event */
function readClear(event) {
  return typeof event.text === "string" ? event : null;
}

/** The event for a line that did not come from the peer as it is. @param {Room} room @returns {ServerEvent} */
function forged(room) {
  return { type: "forged", room: room.id };
}
