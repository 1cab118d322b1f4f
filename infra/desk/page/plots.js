// @ts-check
/** Plots of a few lines: columns of each day, stacked by kind, with the same figures in a table beside them. */

import { draw, make } from "./elements.js";

const WIDTH = 600, HEIGHT = 160, FLOOR = 20, GAP = .22;

/**
 * @param {string} title @param {[string, string][]} kinds each with its name, from the floor upwards
 * @param {any[]} days with `day` and a number for each kind
 */
export function columns(title, kinds, days) {
  const sums = days.map((each) => kinds.reduce((sum, [kind]) => sum + each[kind], 0));
  const most = Math.max(1, ...sums);
  const step = WIDTH / Math.max(1, days.length);
  const bars = days.flatMap((each, at) => stack(kinds, each, at * step, step * (1 - GAP), most));
  const labels = [0, Math.floor((days.length - 1) / 2), days.length - 1].map((at, place) => draw("text",
    { x: [0, WIDTH / 2, WIDTH][place], y: HEIGHT + FLOOR - 4, "text-anchor": ["start", "middle", "end"][place] }, short(days[at]?.day)));
  const scale = draw("g", { class: "scale" }, draw("line", { x1: 0, x2: WIDTH, y1: 0.5, y2: 0.5 }), draw("line", { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }),
    draw("text", { x: 0, y: 12 }, String(most)), ...labels);
  const total = sums.reduce((sum, each) => sum + each, 0);
  const drawing = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + FLOOR}`, role: "img", "aria-label": `${title}: ${total} in ${days.length} days, at most ${most} a day` }, ...bars, scale);
  const legend = kinds.length > 1 ? [make("ul", { class: "legend" }, ...kinds.map(([kind, name]) => make("li", { class: `kind-${kind}` }, name)))] : [];
  return make("figure", { class: "card plot" }, make("figcaption", {}, make("h2", {}, title), make("span", { class: "sum" }, String(total))), drawing, ...legend, table(kinds, days));
}

/** @param {[string, string][]} kinds @param {any} day @param {number} x @param {number} width @param {number} most */
function stack(kinds, day, x, width, most) {
  let top = HEIGHT;
  const bars = [];
  for (const [kind, name] of kinds) {
    const height = (day[kind] / most) * (HEIGHT - 18);
    if (height === 0) continue;
    top -= height;
    const label = draw("title", {}, `${day.day}, ${name}: ${day[kind]}`);
    bars.push(draw("rect", { class: `kind-${kind}`, x: x.toFixed(2), y: top.toFixed(2), width: width.toFixed(2), height: height.toFixed(2), rx: 1.5 }, label));
  }
  return bars;
}

/** @param {[string, string][]} kinds @param {any[]} days */
function table(kinds, days) {
  const head = make("tr", {}, ...["Day", ...kinds.map(([, name]) => name)].map((name) => make("th", { scope: "col" }, name)));
  const rows = days.toReversed().map((each) => make("tr", {}, ...[each.day, ...kinds.map(([kind]) => String(each[kind]))].map((text) => make("td", {}, text))));
  const scroll = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Figures of each day" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
  return make("details", {}, make("summary", { class: "hint" }, "As a table"), scroll);
}

/** @param {string | undefined} day such as 2026-11-29 */
function short(day) {
  return day ? new Date(`${day}T12:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short" }) : "";
}
