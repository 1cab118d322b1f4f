// @ts-check
/** The log: every decision with its moderator, and whether anybody has edited it. */

import { make } from "./elements.js";
import { moment, proposal, VERDICTS, WITHDRAWN } from "./words.js";

/** @param {any} found */
export function logView({ entries, problems, count }) {
  const verdict = problems.length === 0
    ? make("p", { class: "notice good" }, count === 0 ? "Nothing is logged yet." : `All ${count} entries follow one another, and what this machine has seen of them is there.`)
    : make("div", { class: "notice alarm", role: "alert" }, make("strong", {}, "The log was tampered with."), make("ul", {}, ...problems.map((/** @type {string} */ each) => make("li", {}, each))));
  const rows = entries.map((/** @type {any} */ each) => make("tr", {},
    make("td", {}, String(each.number)), make("td", {}, moment(each.at)), make("td", {}, each.who), make("td", {}, told(each.what)),
    make("td", {}, each.case ? make("a", { class: "number", href: `#case/${each.case}` }, each.case) : ""),
    make("td", { class: "number", title: each.digest }, each.digest.slice(0, 12))));
  const head = make("tr", {}, ...["No.", "When", "Who", "What", "Case", "Hash"].map((name) => make("th", { scope: "col" }, name)));
  const table = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Entries" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
  return make("article", { class: "case wide" }, make("header", { class: "case-head" }, make("h1", {}, "Log")), verdict, rows.length > 0 ? table : null);
}

/** @param {string} what */
function told(what) {
  const [first, ...rest] = what.split(" ");
  if (first === "propose") return `proposed: ${proposal(rest.join(" "))}`;
  if (first === WITHDRAWN) return "warning taken back";
  return Object.hasOwn(VERDICTS, first) ? proposal(what) : what;
}
