// @ts-check
/** The figures of the last days: reports, their consequences, and how long people waited. */

import { fact, make } from "./elements.js";
import { columns } from "./plots.js";
import { REASONS } from "./words.js";

/** @param {any} found @param {readonly string[]} reasons @param {(days: string) => void} choose */
export function figuresView({ days, together }, reasons, choose) {
  const kinds = /** @type {[string, string][]} */ (reasons.map((reason) => [reason, REASONS[reason] ?? reason]));
  const spans = make("select", { "aria-label": "Days" }, ...["7", "30", "90"].map((count) => make("option", { value: count, selected: Number(count) === days.length }, `${count} days`)));
  spans.addEventListener("change", () => choose(spans.value));
  const facts = Object.entries(together).filter(([name]) => !name.startsWith("reports:")).map(([name, value]) => fact(name, value === null ? "none yet" : String(value)));
  return make("article", { class: "case wide" },
    make("header", { class: "case-head with-choice" }, make("h1", {}, "Figures"), spans),
    make("div", { class: "plots" },
      columns("Reports", kinds.toReversed(), days), columns("Bans", [["bans", "Bans"]], days),
      columns("Appeals", [["appeals", "Appeals"]], days), columns("Decisions", [["decisions", "Decisions"]], days)),
    make("section", { class: "card" }, make("h2", {}, "Together"), make("dl", { class: "wide two" }, ...facts)));
}
