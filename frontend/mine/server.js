// @ts-check
/** The data that the server holds of this browser, asked over a WebSocket of its own with the browser's token. */

/** A page is answered within this, or the network is gone. */
const PAGE_ANSWERED_WITHIN_MS = 10_000;

/**
 * One item as the server shows it.
 * @typedef {{ kind: string, fields: Record<string, unknown> }} Held
 * @typedef {{ held: Held[], locked: boolean }} Answer
 */

/**
 * Show, or erase and then show, all that the server holds; page after page.
 * @param {string} url @param {("show" | "erase")[]} steps @param {(url: string) => WebSocket} [open]
 * @returns {Promise<Answer>}
 */
export async function askServer(url, steps, open = (address) => new WebSocket(address)) {
  const socket = open(url);
  try {
    await heard(socket, "open");
    /** @type {Answer} */ let answer = { held: [], locked: false };
    for (const step of steps) answer = await askAll(socket, step);
    return answer;
  } finally {
    socket.close(1000);
  }
}

/** @param {WebSocket} socket @param {"show" | "erase"} step @returns {Promise<Answer>} */
async function askAll(socket, step) {
  /** @type {Held[]} */ const held = [];
  for (let after = 0; ;) {
    const answer = await ask(socket, { action: "mine", do: step, after });
    held.push(...answer.held);
    if (!(answer.more > after)) return { held, locked: answer.locked === true };
    after = answer.more;
  }
}

/** @param {WebSocket} socket @param {object} frame @returns {Promise<any>} */
async function ask(socket, frame) {
  const answer = heard(socket, "message");
  socket.send(JSON.stringify(frame));
  const { data } = /** @type {MessageEvent} */ (await answer);
  const event = JSON.parse(data);
  if (event.type !== "mine") throw new Error(event.code ?? "no answer");
  return event;
}

/** @param {WebSocket} socket @param {"open" | "message"} name @returns {Promise<Event>} */
function heard(socket, name) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("late")), PAGE_ANSWERED_WITHIN_MS);
    const end = () => clearTimeout(late);
    socket.addEventListener(name, (event) => { end(); resolve(event); }, { once: true });
    socket.addEventListener("close", () => { end(); reject(new Error("closed")); }, { once: true });
  });
}
