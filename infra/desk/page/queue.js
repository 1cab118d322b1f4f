// @ts-check
/** The cases that wait, the gravest first: a list that is gone through by keyboard and grows as it is scrolled. */

import { ask } from "./api.js";
import { find, make, say } from "./elements.js";
import { Latest } from "./latest.js";
import { REASONS, span } from "./words.js";

export class Queue {
  #list = find("list");
  #rows = make("ol", { class: "rows", id: "rows" });
  #count = make("span", { class: "count" });
  #filter = make("select", { id: "filter", "aria-label": "Only", onchange: () => this.load() });
  #latest = new Latest();
  #more = make("button", { class: "small-button more", type: "button", onclick: () => this.#add() }, "More");
  /** @type {any[]} */ #cases = [];
  /** @type {string | null} */ #after = null;
  /** @type {string | null} */ #current = null;

  /** @param {readonly string[]} reasons */
  constructor(reasons) {
    const options = [["", "All"], ["appealed", "Appealed"], ...reasons.map((reason) => [reason, REASONS[reason] ?? reason])];
    this.#filter.append(...options.map(([value, name]) => make("option", { value }, name)));
    const head = make("div", { class: "list-head" }, make("h1", {}, "Queue ", this.#count), this.#filter);
    this.#list.replaceChildren(head, this.#rows, this.#more);
  }

  /** Read the list anew, or take what was asked for already. @param {Promise<any>} [asked] */
  async load(asked) {
    this.#cases = [];
    this.#after = null;
    await this.#add(asked);
    ask("count").then(({ waiting }) => { this.#count.textContent = String(waiting); }, () => {});
  }

  /** @param {Promise<any>} [asked] */
  async #add(asked) {
    try {
      const found = await this.#latest.wait(asked ?? ask("queue", { after: this.#after, reason: this.#filter.value }));
      if (found === null) return;
      const { cases, after, now } = found.answer;
      const known = new Set(this.#cases.map((each) => each.number));
      this.#cases.push(...cases.filter((/** @type {any} */ each) => !known.has(each.number)));
      this.#after = after;
      this.#show(now);
    } catch (problem) {
      say(String(/** @type {Error} */ (problem).message), true);
    }
  }

  /** The case after or before the one that is open. @param {1 | -1} step @returns {string | null} */
  neighbour(step) {
    const at = this.#cases.findIndex((each) => each.number === this.#current);
    const next = at < 0 ? 0 : at + step;
    return this.#cases[next]?.number ?? null;
  }

  /** Take a case off that was decided. @param {string} number */
  drop(number) {
    this.#cases = this.#cases.filter((each) => each.number !== number);
    this.#rows.querySelector(`[data-number="${number}"]`)?.remove();
    const waiting = Number(this.#count.textContent);
    if (waiting > 0) this.#count.textContent = String(waiting - 1);
    if (this.#cases.length === 0) this.#show(0);
  }

  /** Mark the case that is open. @param {string | null} number */
  mark(number) {
    this.#current = number;
    for (const row of this.#rows.querySelectorAll("a")) {
      const isCurrent = row.dataset.number === number;
      if (isCurrent) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      if (isCurrent) row.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {number} now */
  #show(now) {
    const rows = this.#cases.map((each) => row(each, now));
    const nothing = make("li", { class: "nothing" }, "Nothing waits.");
    this.#rows.replaceChildren(...(rows.length > 0 ? rows : [nothing]));
    this.#more.hidden = this.#after === null;
    this.mark(this.#current);
  }
}

/** @param {any} each @param {number} now */
function row(each, now) {
  const late = now - each.due_at;
  const clock = late > 0 ? `${span(late)} late` : `${span(late)} left`;
  const signs = [
    each.is_appealed ? make("span", { class: "chip appealed" }, "Appeal") : null,
    make("span", { class: `chip reason-${each.reason}` }, REASONS[each.reason] ?? each.reason),
    each.proposed ? make("span", { class: "chip second" }, "Second pair of eyes") : null,
    make("span", { class: late > 0 ? "clock late" : "clock" }, clock),
  ];
  const link = make("a", { href: `#case/${each.number}`, "data-number": each.number }, make("span", { class: "signs" }, ...signs),
    make("span", { class: "note words" }, each.note || "No note."), make("span", { class: "number" }, each.number));
  return make("li", {}, link);
}
