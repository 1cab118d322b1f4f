// @ts-check
/** The history of a pseudonym: its state, the charges against it, and all its cases. */

import { fact, make } from "./elements.js";
import { standing } from "./case.js";
import { decided, moment, REASONS } from "./words.js";

/** @param {any} found */
export function personView(found) {
  const { standing: now, cases } = found;
  return make("article", { class: "case" },
    make("header", { class: "case-head" }, make("a", { class: "back link-button", href: "#queue" }, "Queue"), make("h1", {}, "History")),
    standing(now, now.key.startsWith("d.") ? "Browser" : "Address"),
    charges(now.charges),
    list("Was reported", cases.filter((/** @type {any} */ each) => each.role === "reported")),
    list("Has reported", cases.filter((/** @type {any} */ each) => each.role === "reporter")));
}

/** @param {any[]} all */
function charges(all) {
  if (all.length === 0) return null;
  const rows = all.toReversed().map((each) => fact(moment(each.at), `${REASONS[each.reason] ?? each.reason}, weighs ${each.weight}, by `,
    make("a", { class: "key", href: `#person/${each.reporter}` }, each.reporter)));
  return make("section", { class: "card" }, make("h2", {}, "Counted"), make("dl", { class: "wide" }, ...rows));
}

/** @param {string} title @param {any[]} cases */
function list(title, cases) {
  if (cases.length === 0) return null;
  const rows = cases.map((each) => make("li", {}, make("a", { href: `#case/${each.number}` },
    make("span", { class: `chip reason-${each.reason}` }, REASONS[each.reason] ?? each.reason), make("span", { class: "number" }, each.number),
    make("span", { class: "hint" }, `${moment(each.opened_at)}. ${each.is_open ? "Waits." : decided(each)}`))));
  return make("section", { class: "card" }, make("h2", {}, `${title} (${cases.length})`), make("ul", { class: "cases" }, ...rows));
}
