// @ts-check
/** The conversation: lines and notes, kept in step with the session's entries. */

import { listOf, text, timeOf, write } from "../language.js";
import { copyTemplate, part } from "./elements.js";
import { endedKey } from "./wording.js";

/**
 * @import { Entry, LineEntry, NoteEntry } from "../session/state.js"
 */

/** Only pictures, and few of them: shown larger. */
const FEW_EMOJI = /^(?:[\p{Extended_Pictographic}\p{RI}\u200D\uFE0F\u{1F3FB}-\u{1F3FF}\s]){1,24}$/u;

export class Conversation {
  /** @type {Entry[]} */ #entries = [];
  /** @type {Map<number, HTMLElement>} */ #elements = new Map();
  #open = false;

  /** @param {Element} list @param {() => void} resend */
  constructor(list, resend) {
    this.list = list;
    this.resend = resend;
    list.addEventListener("click", (event) => toggleTime(event.target));
  }

  /**
   * Show `entries`; `open` says whether a failed line can still be sent again.
   * @param {Entry[]} entries
   * @param {boolean} open
   */
  update(entries, open) {
    if (entries === this.#entries && open === this.#open) return;
    const known = new Map(this.#entries.map((entry) => [entry.id, entry]));
    const wanted = new Set(entries.map((entry) => entry.id));
    for (const id of known.keys()) if (!wanted.has(id)) this.#remove(id);
    // What is there from the start, after a reload or in another language, was heard before.
    const silent = this.#entries.length === 0;
    for (const entry of entries) {
      if (!known.has(entry.id)) this.#append(entry, open, silent);
      else if (known.get(entry.id) !== entry || open !== this.#open) this.#refresh(entry, open);
    }
    this.#entries = entries;
    this.#open = open;
    this.#markLastDelivered();
  }

  /** Write everything anew, in another language. */
  rewrite() {
    const entries = this.#entries;
    this.update([], this.#open);
    this.update(entries, this.#open);
  }

  /** @param {number} id */
  #remove(id) {
    this.#elements.get(id)?.remove();
    this.#elements.delete(id);
  }

  /** @param {Entry} entry @param {boolean} open @param {boolean} silent */
  #append(entry, open, silent) {
    const element = entry.kind === "line" ? createLine(entry) : createNote(entry);
    // The log reads what is added to it to those who listen; of that, only the stranger's new lines are wanted. What
    // happens to the room is told by the status.
    if (silent || entry.kind === "note" || entry.own) element.setAttribute("aria-live", "off");
    this.#elements.set(entry.id, element);
    this.list.append(element);
    this.#refresh(entry, open);
  }

  /** @param {Entry} entry @param {boolean} open */
  #refresh(entry, open) {
    const element = this.#elements.get(entry.id);
    if (entry.kind !== "line" || !entry.own || element === undefined) return;
    element.dataset.delivery = entry.delivery;
    const place = part(element, ".delivery");
    if (entry.delivery === "failed") return place.replaceChildren(createFailed(open ? this.resend : null));
    place.textContent = text(entry.delivery === "sending" ? "delivery_sending" : "delivery_delivered");
  }

  /** Only the newest delivered line says so: the others are delivered, too. */
  #markLastDelivered() {
    for (const element of this.list.querySelectorAll(".last-delivered")) element.classList.remove("last-delivered");
    const last = this.#entries.findLast((entry) => entry.kind === "line" && entry.own && entry.delivery === "delivered");
    if (last !== undefined) this.#elements.get(last.id)?.classList.add("last-delivered");
  }
}

/** @param {LineEntry} entry */
function createLine(entry) {
  const element = copyTemplate("line-template");
  element.classList.add(entry.own ? "own" : "theirs");
  element.classList.toggle("emoji", FEW_EMOJI.test(entry.text));
  part(element, ".who").textContent = `${text(entry.own ? "you" : "stranger")}: `;
  part(element, ".bubble bdi").textContent = entry.text;
  setTime(element, entry.at);
  return element;
}

/** @param {NoteEntry} entry */
function createNote(entry) {
  const element = copyTemplate("note-template");
  element.dataset.note = entry.name;
  writeNote(part(element, ".note-text"), entry);
  setTime(element, entry.at);
  return element;
}

/** @param {HTMLElement} element @param {NoteEntry} entry */
export function writeNote(element, { name, values }) {
  if (name === "paired") {
    write(element, "note_paired");
    if (values.common.length > 0) element.append(" ", common(values.common));
  } else if (name === "ended") write(element, endedKey(values.reason));
  else if (name === "reported") write(element, "note_reported", { case: values.case ?? "–" });
  else if (name === "report_failed") write(element, "note_report_failed");
  else if (name === "peer_away") write(element, "note_peer_away");
  else if (name === "peer_back") write(element, "note_peer_back");
}

/** @param {string[]} interests */
function common(interests) {
  const element = document.createElement("strong");
  element.className = "common";
  write(element, "note_common", { interests: listOf(interests) });
  return element;
}

/** @param {(() => void) | null} resend */
function createFailed(resend) {
  const element = copyTemplate("failed-template");
  part(element, ".failed-text").textContent = text("not_delivered");
  const button = part(element, "button");
  if (resend === null) button.remove();
  else {
    button.textContent = text("send_again");
    button.addEventListener("click", resend);
  }
  return element;
}

/** @param {HTMLElement} element @param {number} at */
function setTime(element, at) {
  const time = part(element, "time");
  time.setAttribute("datetime", new Date(at).toISOString());
  time.textContent = timeOf(at);
}

/** The time of a line shows at a tap on it. @param {EventTarget | null} target */
function toggleTime(target) {
  const selected = getSelection()?.isCollapsed === false;
  if (target instanceof Element && !selected) target.closest(".bubble")?.parentElement?.classList.toggle("timed");
}
