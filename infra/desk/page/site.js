// @ts-check
/** Closing and opening the site, and saying something to everybody: now, or from one time until another, by language. */

import { ask, tell } from "./api.js";
import { make, say } from "./elements.js";
import { LANGUAGES, moment, nameOf } from "./words.js";

const MODES = /** @type {[string, string][]} */ ([["text", "Text chat"], ["video", "Video chat"]]);
const LINE_MAX = 300;

export async function siteView() {
  const article = make("article", { class: "case" });
  fill(article, await ask("site"));
  return article;
}

/** @param {HTMLElement} article @param {any} found */
function fill(article, found) {
  article.replaceChildren(
    make("header", { class: "case-head" }, make("h1", {}, "Site")),
    make("section", { class: "card", "aria-label": "Now" }, make("h2", {}, "Now"), ...MODES.map(([mode, name]) => queue(article, mode, name, found.closed[mode])),
      ...(found.notice ? [make("p", {}, "Everybody who searches reads: "), make("p", { class: "quote" }, found.notice)] : [])),
    planned(article, found.plans), form(article));
}

/** @param {HTMLElement} article @param {string} mode @param {string} name @param {boolean} isClosed */
function queue(article, mode, name, isClosed) {
  const change = () => send(article, "switch", { mode, to: isClosed ? "open" : "close" });
  return make("div", { class: "switch" }, make("span", {}, name), make("strong", { class: isClosed ? "bad" : "proved" }, isClosed ? "closed" : "open"),
    make("button", { class: "small-button", type: "button", onclick: change }, isClosed ? `Open ${mode}` : `Close ${mode}`));
}

/** @param {HTMLElement} article @param {any[]} plans */
function planned(article, plans) {
  if (plans.length === 0) return "";
  const rows = plans.map((each) => make("li", { class: "plan" },
    make("p", {}, make("strong", {}, `${moment(each.since)} to ${moment(each.until)}`), each.closes.length > 0 ? `: ${each.closes.join(" and ")} closed` : ""),
    ...Object.entries(each.words).map(([tag, words]) => make("p", { class: "quote", lang: tag || "en", dir: "auto" }, String(words))),
    make("button", { class: "small-button", type: "button", onclick: () => send(article, "take_back", { id: each.id }) }, "Take back")));
  return make("section", { class: "card", "aria-label": "Planned" }, make("h2", {}, "Planned"), make("ul", { class: "plans" }, ...rows));
}

/** @param {HTMLElement} article */
function form(article) {
  const since = time("since", "From", 0), until = time("until", "Until", 24);
  const boxes = MODES.map(([mode, name]) => make("label", { class: "length" }, make("input", { type: "checkbox", name: "closes", value: mode }), make("span", {}, `Close ${name.toLowerCase()}`)));
  const words = make("div", { class: "words-of" }, line("", "To everybody else (say it in English)"));
  const more = make("select", { "aria-label": "Add a language" }, make("option", { value: "" }, "Add a language"), ...LANGUAGES.slice(1).map((tag) => make("option", { value: tag }, nameOf(tag))));
  more.addEventListener("change", () => {
    if (more.value && !words.querySelector(`[name="words.${more.value}"]`)) words.append(line(more.value, `To people who speak ${nameOf(more.value)}`));
    more.value = "";
  });
  const element = make("form", { class: "card plan-form", "aria-label": "Plan" }, make("h2", {}, "Plan a closing or a notice"),
    make("div", { class: "times" }, since, until), make("div", { class: "lengths" }, ...boxes), words, more,
    make("p", { class: "hint" }, "People who search read the words in a language that they speak. In effect everywhere within 10 seconds."),
    make("div", { class: "choices" }, make("button", { class: "big-button primary", type: "submit" }, "Plan it")));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    send(article, "plan", asked(element));
  });
  return element;
}

/** @param {HTMLFormElement} element */
function asked(element) {
  const data = new FormData(element);
  const entries = [...data].filter(([name, value]) => name.startsWith("words.") && String(value).trim());
  const seconds = (/** @type {string} */ name) => String(Math.floor(new Date(String(data.get(name))).getTime() / 1000));
  return { since: seconds("since"), until: seconds("until"), closes: data.getAll("closes").join(","), ...Object.fromEntries(entries) };
}

/** @param {string} name @param {string} title @param {number} hours from now */
function time(name, title, hours) {
  const at = new Date(Date.now() + hours * 3_600_000);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  return make("label", { class: "field" }, make("span", {}, title), make("input", { type: "datetime-local", name, value: local, required: true }));
}

/** @param {string} tag @param {string} title */
function line(tag, title) {
  return make("label", { class: "field" }, make("span", {}, title), make("input", { type: "text", name: `words.${tag}`, maxlength: LINE_MAX, lang: tag || "en", dir: "auto" }));
}

/** @param {HTMLElement} article @param {string} name @param {Record<string, unknown>} what */
async function send(article, name, what) {
  try {
    const found = await tell(name, what);
    say(found.sentence);
    fill(article, found);
  } catch (problem) {
    say(String(/** @type {Error} */ (problem).message), true);
  }
}
