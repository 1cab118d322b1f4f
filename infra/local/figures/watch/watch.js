// @ts-check
/** The gateway's live figures: asked for each second, shown as they are. Plain text goes in as text only. */

const EVERY_MS = 1_000;
const KEPT_SECONDS = 300;

/** The figures of now, and the curves over time: each from two answers that follow each other. */
const TILES = /** @type {[string, (now: any, before: any) => number | string][]} */ ([
  ["connections open", (now) => now.connections_open],
  ["people counted", (now) => now.people_here ?? "–"],
  ["wait for text", (now) => now.waiting.text ?? 0],
  ["wait for video", (now) => now.waiting.video ?? 0],
  ["rooms of text", (now) => now.rooms.text ?? 0],
  ["rooms of video", (now) => now.rooms.video ?? 0],
  ["half waited, ms", (now) => now.waited_ms.p50 ?? "–"],
  ["half lasted, s", (now) => (now.lasted_ms.p50 === undefined ? "–" : Math.round(now.lasted_ms.p50 / 1000))],
  ["frames", (now) => now.frames_received + now.frames_sent],
  ["handlers failed", (now) => sum(now.errors) + sum(now.timeouts)],
  ["dollars so far", (now) => dollars(now.dollars.together)],
  ["dollars an hour", (now) => dollars((now.dollars.together / Math.max(now.uptime_seconds, 1)) * 3600)],
]);
const PLOTS = /** @type {[string, (now: any, before: any) => number][]} */ ([
  ["connections", (now) => now.connections_open],
  ["people who wait", (now) => sum(now.waiting)],
  ["rooms", (now) => sum(now.rooms)],
  ["frames a second", (now, before) => rate(now, before, (each) => each.frames_received + each.frames_sent)],
  ["pairs a second", (now, before) => rate(now, before, (each) => each.changes.paired ?? 0)],
  ["write units a second", (now, before) => rate(now, before, (each) => each.units.write ?? 0)],
]);
const PAID = {
  messages: "API Gateway: messages", connections: "API Gateway: connections", lambda: "Lambda", table: "DynamoDB",
  queue: "Delay queue", logs: "Logs", together: "together",
};

/** @type {Map<string, number[]>} */
const history = new Map(PLOTS.map(([name]) => [name, []]));
/** @type {any} */
let before = null;

/** @param {Record<string, number>} numbers */
function sum(numbers) {
  return Object.values(numbers).reduce((total, each) => total + each, 0);
}

/** @param {any} now @param {any} earlier @param {(each: any) => number} pick */
function rate(now, earlier, pick) {
  const seconds = earlier === null ? 0 : now.uptime_seconds - earlier.uptime_seconds;
  return seconds > 0 ? Math.max(0, (pick(now) - pick(earlier)) / seconds) : 0;
}

/** @param {number} amount */
function dollars(amount) {
  return amount >= 0.01 || amount === 0 ? amount.toFixed(2) : amount.toPrecision(2);
}

/** @param {number | string} value */
function shown(value) {
  return typeof value === "number" ? new Intl.NumberFormat("en", { maximumFractionDigits: 1 }).format(value) : value;
}

/** @param {string} tag @param {string} text @param {Node[]} inside */
function make(tag, text = "", ...inside) {
  const element = document.createElement(tag);
  element.textContent = text;
  element.append(...inside);
  return element;
}

/** @param {string} id @param {Node[]} rows */
function fill(id, rows) {
  document.getElementById(id)?.replaceChildren(...rows);
}

/** @param {string} name @param {number[]} values */
function plot(name, values) {
  const figure = make("figure");
  figure.className = "plot";
  const most = Math.max(...values, 1);
  figure.append(make("figcaption", "", make("span", name), make("span", `${shown(values.at(-1) ?? 0)} of ${shown(most)}`)));
  const step = 100 / (KEPT_SECONDS - 1);
  const left = 100 - (values.length - 1) * step;
  const points = values.map((value, at) => `${(left + at * step).toFixed(2)},${(40 - (value / most) * 38).toFixed(2)}`);
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 100 40");
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  for (const [kind, path] of [["area", `M${left},40L${points.join("L")}L100,40Z`], ["curve", `M${points.join("L")}`]]) {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("class", kind);
    line.setAttribute("d", path);
    drawing.append(line);
  }
  figure.append(drawing);
  return figure;
}

/** @param {[string, number | string][]} entries */
function rows(entries) {
  return entries.map(([name, value]) => make("tr", "", make("td", name), make("td", String(shown(value)))));
}

/** @param {any} now */
function show(now) {
  fill("tiles", TILES.map(([name, pick]) => {
    const tile = make("div", "", make("b", String(shown(pick(now, before)))), make("span", name));
    tile.className = "tile";
    return tile;
  }));
  for (const [name, pick] of PLOTS) history.set(name, [.../** @type {number[]} */ (history.get(name)), pick(now, before)].slice(-KEPT_SECONDS));
  fill("plots", [...history].map(([name, values]) => plot(name, values)));
  fill("dollars", rows(Object.entries(PAID).map(([key, name]) => [name, dollars(now.dollars[key])])));
  document.querySelector("#dollars tr:last-child")?.classList.add("sum");
  fill("requests", rows([
    ["read units", now.units.read ?? 0], ["write units", now.units.write ?? 0], ["handlers' seconds", now.handler_seconds],
    ...Object.entries(now.requests), ...Object.entries(now.invocations).map(([key, count]) => /** @type {[string, number]} */ ([`→ ${key}`, count])),
  ]));
  fill("numbers", rows(Object.entries(now.numbers).toSorted()));
  fill("recent", now.recent.toReversed().map(line));
  const errors = now.log.last_errors.toReversed().map((/** @type {string} */ text) => make("li", text));
  document.getElementById("failures")?.classList.toggle("some", errors.length > 0);
  fill("failures", errors.length > 0 ? errors : [make("li", "None.")]);
  /** @type {HTMLElement} */ (document.getElementById("prices")).textContent = `Without free tiers: ${now.prices}.`;
}

/** @param {Record<string, any>} change */
function line({ at, change, ...facts }) {
  const told = Object.entries(facts).map(([name, value]) => `${name} ${value}`).join(", ");
  return make("li", "", make("time", String(at).slice(11, 19)), make("b", change), document.createTextNode(`  ${told}`));
}

async function ask() {
  const state = /** @type {HTMLElement} */ (document.getElementById("state"));
  try {
    const now = await (await fetch("/_local.json", { cache: "no-store" })).json();
    show(now);
    before = now;
    state.textContent = `Up for ${shown(Math.round(now.uptime_seconds))} s`;
    state.className = "";
  } catch {
    state.textContent = "The gateway does not answer.";
    state.className = "lost";
  }
  setTimeout(ask, EVERY_MS);
}

await ask();
