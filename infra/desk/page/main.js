// @ts-check
/** The desk: the view for each address, and one key for each frequent action. */

import { ask, tell } from "./api.js";
import { caseView } from "./case.js";
import { Decide } from "./decide.js";
import { find, make, say } from "./elements.js";
import { figuresView } from "./figures.js";
import { Latest } from "./latest.js";
import { logView } from "./log.js";
import { personView } from "./person.js";
import { Queue } from "./queue.js";
import { siteView } from "./site.js";
import { VERDICTS } from "./words.js";

/** @type {[string, string, string][]} Address, name and key of each tab. */
const TABS = [["queue", "Queue", "1"], ["figures", "Figures", "2"], ["site", "Site", "3"], ["log", "Log", "4"]];
const KEYS = [["j, k", "next, previous case"], ["s", "show the still"], ["t", "take a warning back"], ["n", "night mode"], ["/", "search"], ["Esc", "back"], ["?", "this help"]];

const first = ask("queue"); // both at once: the first screen needs both
const about = await ask("about");
const pane = find("pane");
const search = /** @type {HTMLInputElement} */ (find("search"));
const night = find("night");
const help = /** @type {HTMLDialogElement} */ (find("help"));
const queue = new Queue([...about.complaints, ...about.reasons]);
const latest = new Latest();
const decide = new Decide(about.alone_seconds_max, done);
/** @type {any} */
let shown = null;

/** The views, by address; `found` is the case that keys decide. @type {Record<string, (argument: string) => Promise<{ node: Node, found?: any }>>} */
const VIEWS = {
  queue: async () => ({ node: make("div", { class: "welcome" }, make("h2", {}, "Choose a case, or press j."), keys()) }),
  case: async (number) => {
    const found = await ask("case", { number });
    return { node: make("div", { class: "with-actions" }, caseView(found, Date.now() / 1000), actions(found)), found };
  },
  person: async (key) => ({ node: personView(await ask("person", { key })) }),
  figures: async (days) => ({ node: figuresView(await ask("figures", { days }), about.reasons, (chosen) => { location.hash = `figures/${chosen}`; }) }),
  site: async () => ({ node: await siteView() }),
  log: async () => ({ node: logView(await ask("log")) }),
};

/** @param {any} found */
function actions(found) {
  if (found.is_warned) return make("div", { class: "actions", role: "group", "aria-label": "Decide" }, make("button", { class: "small-button", type: "button", id: "withdraw", onclick: () => withdraw(found.number) }, "Take the warning back", make("kbd", { "aria-hidden": "true" }, "t")));
  if (!found.is_open) return null;
  const buttons = about.verdicts.filter((/** @type {any} */ each) => fits(each, found)).map((/** @type {any} */ verdict) => make("button",
    { class: verdict.bans ? "small-button grave" : "small-button", type: "button", "aria-keyshortcuts": verdict.key, onclick: () => decide.open(verdict, found) },
    VERDICTS[verdict.name].short, make("kbd", { "aria-hidden": "true" }, verdict.key)));
  return make("div", { class: "actions", role: "group", "aria-label": "Decide" }, ...buttons);
}

/** Whether a decision is one of this kind of case: complaints have their own. @param {any} verdict @param {any} found */
function fits(verdict, found) {
  return verdict.of_complaints === (found.law !== null);
}

async function route() {
  const [name, ...rest] = location.hash.slice(1).split("/");
  const view = Object.hasOwn(VIEWS, name) ? name : "queue";
  const argument = decodeURIComponent(rest.join("/"));
  if (shown?.number !== argument) shown = null;
  document.documentElement.dataset.pane = view === "queue" ? "list" : "pane";
  markTab(view === "case" || view === "person" ? "queue" : view);
  try {
    const shownNow = await latest.wait(VIEWS[view](argument));
    if (shownNow === null) return;
    const { node, found } = shownNow.answer;
    shown = found ?? null;
    pane.replaceChildren(node);
  } catch (problem) {
    pane.replaceChildren(make("p", { class: "notice alarm" }, String(/** @type {Error} */ (problem).message)));
  }
  queue.mark(view === "case" ? argument : null);
  document.title = view === "case" ? `${argument}, Desk` : "Desk";
  pane.scrollTop = 0;
  if (view !== "queue") pane.focus({ preventScroll: true });
}

/** @param {string} view */
function markTab(view) {
  for (const tab of find("tabs").children) {
    if (tab.getAttribute("href") === `#${view}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
}

/** @param {string} number @param {boolean} isFinal */
function done(number, isFinal) {
  const next = queue.neighbour(1) ?? queue.neighbour(-1);
  if (isFinal) queue.drop(number);
  if (isFinal && next !== null && next !== number) location.hash = `case/${next}`;
  else if (isFinal) location.hash = "queue";
  else route();
}

/** After this a person who has not read their warning yet reads nothing. @param {string} number */
async function withdraw(number) {
  try {
    say((await tell("withdraw", { number })).sentence);
  } catch (problem) {
    say(String(/** @type {Error} */ (problem).message), true);
  }
  route();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || decide.isOpen || help.open) return;
  const target = /** @type {Element} */ (event.target);
  if (target.matches("input, select, textarea")) {
    if (event.key === "Escape" && target instanceof HTMLElement) target.blur();
    return;
  }
  const verdict = shown?.is_open ? about.verdicts.find((/** @type {any} */ each) => each.key === event.key && fits(each, shown)) : undefined;
  if (verdict !== undefined) decide.open(verdict, shown);
  else if (Object.hasOwn(ACTIONS, event.key)) ACTIONS[event.key]();
  else {
    const tab = TABS.find(([, , key]) => key === event.key);
    if (tab === undefined) return;
    location.hash = tab[0];
  }
  event.preventDefault();
}

/** @type {Record<string, () => void>} */
const ACTIONS = {
  j: () => go(1), k: () => go(-1), n: () => night.click(), s: () => document.getElementById("still")?.click(), t: () => document.getElementById("withdraw")?.click(),
  "/": () => search.focus(), "?": () => help.showModal(), Escape: () => { location.hash = "queue"; },
};

/** @param {1 | -1} step */
function go(step) {
  const number = queue.neighbour(step);
  if (number !== null) location.hash = `case/${number}`;
}

function keys() {
  const rows = [...about.verdicts.map((/** @type {any} */ each) => [each.key, VERDICTS[each.name].title.toLowerCase()]), ...TABS.map(([, name, key]) => [key, name.toLowerCase()]), ...KEYS];
  return make("dl", { class: "keys" }, ...rows.map(([key, name]) => make("div", { class: "fact" }, make("dt", {}, make("kbd", {}, key)), make("dd", {}, name))));
}

function fillHelp() {
  help.replaceChildren(make("h2", { id: "help-title" }, "Keys"), keys(), make("form", { method: "dialog" }, make("button", { class: "big-button", type: "submit" }, "Close")));
}

/** @param {boolean} isOn */
function setNight(isOn) {
  document.documentElement.toggleAttribute("data-night", isOn);
  night.setAttribute("aria-pressed", String(isOn));
  localStorage.setItem("night", isOn ? "on" : "off");
}

find("tabs").replaceChildren(...TABS.map(([address, name, key]) => make("a", { href: `#${address}`, "aria-keyshortcuts": key }, name)));
find("who").textContent = `${about.who}, ${about.place}`;
find("search-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = search.value.trim();
  if (asked) location.hash = /^[dal]\./.test(asked) ? `person/${encodeURIComponent(asked)}` : `case/${encodeURIComponent(asked.toUpperCase())}`;
});
night.addEventListener("click", () => setNight(!document.documentElement.hasAttribute("data-night")));
// In night mode the words of people are shown one by one, while each is pointed at or focused, or after a tap.
document.addEventListener("click", (event) => {
  const words = event.target instanceof Element ? event.target.closest(".words") : null;
  if (words !== null && words.closest("a") === null) words.classList.toggle("asked");
});
document.addEventListener("keydown", onKey);
addEventListener("hashchange", route);
fillHelp();
setNight(localStorage.getItem("night") === "on");
await Promise.all([queue.load(first), route()]);
say("");
document.documentElement.dataset.ready = "";
