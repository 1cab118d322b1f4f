// @ts-check
/**
 * The connection: one WebSocket at a time, tried again with growing, random pauses until it is told to stop.
 *
 * A dead socket is left behind, not waited for: its closing handshake is as dead as the rest of it.
 */

/** Pauses between attempts double from the first to the longest; the rest is chance, so that not all pages come at once. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Close codes: a page that is done closes as usual, and its room ends at once. For a page that goes on with another
 * connection the room is kept for the grace. For a page that does not know, it is kept as long as a reload takes.
 */
const DONE = 1000;
const MOVED = 4000;
const PAGE_LEFT = 4001;
const CODES = { gone: DONE, "back soon": MOVED, unknown: PAGE_LEFT };

/** An attempt that takes longer is given up: some networks swallow connections without a word. */
const OPEN_WITHIN_MS = 10_000;

/**
 * How long to wait before attempt number `attempt` (0 is the first after a loss).
 * @param {number} attempt
 * @param {() => number} random
 */
export function choosePause(attempt, random) {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
  return Math.round(longest * (0.2 + 0.8 * random()));
}

export class Socket {
  /** @type {WebSocket | null} */ #current = null;
  /** @type {WebSocket | null} the one being replaced: it is read until the new one has spoken */ #former = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #attempts = 0;
  #opening = 0;
  #hasOpened = false;
  #wanted = false;

  /**
   * @param {() => Promise<string>} findUrl
   * @param {{ opened: () => void, closed: () => void, received: (frame: unknown) => void }} listener
   */
  constructor(findUrl, listener) {
    this.findUrl = findUrl;
    this.listener = listener;
  }

  connect() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#attempts = 0;
    this.#open();
  }

  disconnect() {
    this.#wanted = false;
    this.#leave(DONE);
  }

  /** Give the connection up for dead and open another. */
  reconnect() {
    if (!this.#wanted) return;
    this.#leave();
    this.#tryLater();
  }

  /**
   * The page is going, and does not connect again by itself.
   * @param {import("./leaving.js").Outlook} outlook @param {object} lastWords what the server is told in closing
   */
  suspend(outlook, lastWords) {
    this.#leave(CODES[outlook], JSON.stringify(lastWords));
  }

  /** Try at once, and no longer as it began on the network before: it or the person is back. */
  hurry() {
    if (!this.#wanted || this.#former !== null || this.#current?.readyState === WebSocket.OPEN) return;
    this.#leave();
    this.#attempts = 0;
    this.#open();
  }

  /** Open another connection beside this one and move over to it. */
  renew() {
    if (!this.#wanted || this.#current === null || this.#former !== null) return;
    this.#former = this.#current;
    this.#open();
  }

  /** @param {Record<string, any>} frame */
  send(frame) {
    const socket = [this.#current, this.#former].find((each) => each?.readyState === WebSocket.OPEN);
    socket?.send(JSON.stringify(frame));
  }

  async #open() {
    clearTimeout(this.#timer);
    this.#opening += 1;
    const opening = this.#opening;
    this.#hasOpened = false;
    this.#timer = setTimeout(() => this.#giveUp(), OPEN_WITHIN_MS);
    const url = await this.findUrl();
    if (opening !== this.#opening) return;
    const socket = new WebSocket(url);
    this.#current = socket;
    socket.onopen = () => {
      clearTimeout(this.#timer);
      this.#hasOpened = true;
      this.listener.opened();
    };
    socket.onmessage = ({ data }) => {
      this.#attempts = 0;
      if (this.#former !== socket && this.#current === socket) this.#dropFormer();
      this.listener.received(data);
    };
    socket.onclose = () => this.#lose(socket);
  }

  /** @param {WebSocket} socket */
  #lose(socket) {
    if (socket === this.#former) this.#former = null;
    if (socket === this.#current) this.#giveUp();
  }

  /** An attempt has failed, or its connection is closed. */
  #giveUp() {
    if (this.#former?.readyState === WebSocket.OPEN && !this.#hasOpened) return this.#stay();
    this.#leave();
    this.listener.closed();
    if (this.#wanted) this.#tryLater();
  }

  /** Not moved. */
  #stay() {
    const former = this.#former;
    this.#former = null;
    if (this.#current === former) this.#current = null;
    this.#leave();
    this.#current = former;
  }

  #tryLater() {
    this.#timer = setTimeout(() => this.#open(), choosePause(this.#attempts, Math.random));
    this.#attempts += 1;
  }

  /** @param {number} [code] @param {string} [reason] */
  #leave(code, reason) {
    clearTimeout(this.#timer);
    this.#opening += 1; // An attempt that still waits for something gets it too late.
    this.#dropFormer(code);
    if (this.#current !== null) drop(this.#current, code, reason);
    this.#current = null;
  }

  /** @param {number} [code] */
  #dropFormer(code) {
    if (this.#former !== null) drop(this.#former, code);
    this.#former = null;
  }
}

/** @param {WebSocket} socket @param {number} code @param {string} [reason] */
function drop(socket, code = MOVED, reason) {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close(code, reason);
}
