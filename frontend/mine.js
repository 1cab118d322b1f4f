// @ts-check
/** The page on which a person sees, saves and erases the data of this browser: its words stand in the document. */

import { findWebsocketUrl } from "./config.js";
import { eraseHere, keptHere } from "./mine/browser.js";
import { askServer } from "./mine/server.js";
import { recall } from "./preferences.js";

/** @import { Kept } from "./mine/browser.js" */
/** @import { Answer, Held } from "./mine/server.js" */

/** Not longer than a browser needs to begin a download. */
const FILE_KEPT_MS = 10_000;

const [save, erase, again, sureDo, sureNot] = ["save", "erase", "again", "sure-do", "sure-not"].map(
  (id) => /** @type {HTMLButtonElement} */ (document.getElementById(id)),
);
const sure = /** @type {HTMLDialogElement} */ (document.getElementById("sure"));

/** @type {Answer} */ let server = { held: [], locked: false };
/** @type {Kept[]} */ let browser = [];

save.addEventListener("click", saveFile);
again.addEventListener("click", () => look(["show"]));
erase.addEventListener("click", () => sure.showModal());
sureNot.addEventListener("click", () => sure.close());
sureDo.addEventListener("click", () => {
  sure.close();
  void look(["erase", "show"]);
});
await look(["show"]);
document.documentElement.dataset.ready = "";

/** Ask the server, show all there is, and say how that went. @param {("show" | "erase")[]} steps */
async function look(steps) {
  say("looking");
  for (const button of [save, erase]) button.disabled = true;
  again.hidden = true;
  const isErasing = steps.includes("erase");
  const hasNumber = recall("device") !== "";
  let hasFailed = false;
  try {
    server = hasNumber ? await askServer(await findWebsocketUrl(), steps) : { held: [], locked: false };
  } catch {
    hasFailed = true; // Nothing is erased here either, so that the number is there for the next attempt.
  }
  if (isErasing && !hasFailed) await eraseHere(server.locked);
  browser = await keptHere();
  show();
  again.hidden = !hasFailed;
  save.disabled = false;
  erase.disabled = hasFailed;
  say(hasFailed ? "failed" : server.locked ? "locked" : isErasing ? "erased" : hasNumber ? "ready" : "nobody");
}

function show() {
  for (const section of document.querySelectorAll("section[data-kinds]")) {
    const kinds = section.getAttribute("data-kinds")?.split(" ") ?? [];
    fill(section, server.held.filter(({ kind }) => kinds.includes(kind)).map(titled));
  }
  for (const section of document.querySelectorAll("section[data-group]")) {
    const kept = browser.filter(({ group }) => group === section.getAttribute("data-group"));
    fill(section, kept.map(({ store, name, value }) => ({ title: name, value: { [store]: { [name]: value } } })));
  }
}

/** The name of an item in its list: its case and its day, and for a report its outcome, where it has these. @param {Held} held */
function titled({ kind, fields }) {
  const at = [fields.opened_at, fields.appealed_at, fields.since].find((each) => typeof each === "number");
  const day = typeof at === "number" ? new Date(at * 1000).toLocaleDateString(document.documentElement.lang) : "";
  const outcome = typeof fields.outcome === "string" ? word(`outcome-${fields.outcome}`) : "";
  return { title: [fields.case ?? kind, day, outcome].filter(Boolean).join(" · "), value: fields };
}

/** @param {Element} section @param {{ title: string, value: unknown }[]} items */
function fill(section, items) {
  const isListed = !["accusation", "network"].includes(section.getAttribute("data-kinds") ?? "");
  const found = /** @type {HTMLElement} */ (section.querySelector(".found"));
  found.hidden = !isListed;
  found.textContent = items.length === 0 ? word("nothing") : word("stored").replace("#", String(items.length));
  section.querySelector(".items")?.replaceChildren(...items.map(entry));
}

/** @param {{ title: string, value: unknown }} item */
function entry({ title, value }) {
  const [row, details, summary, stored] = ["li", "details", "summary", "pre"].map((name) => document.createElement(name));
  summary.textContent = title;
  stored.textContent = JSON.stringify(value, null, 2);
  stored.dir = "ltr";
  details.append(summary, stored);
  row.append(details);
  return row;
}

/** Let the browser save all of it as one file. It is made here and goes nowhere else. */
function saveFile() {
  const now = new Date();
  const all = { site: location.host, at: now.toISOString(), server: server.held, browser };
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(all, null, 2)}\n`], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${location.hostname}-${now.toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), FILE_KEPT_MS);
}

/** @param {string} name */
function say(name) {
  const state = document.getElementById("state");
  if (state !== null) state.textContent = word(name);
}

/** @param {string} name */
function word(name) {
  return document.querySelector(`#words [data-word="${name}"]`)?.textContent ?? "";
}
