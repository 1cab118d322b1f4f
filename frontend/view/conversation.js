// @ts-check
/** The conversation: lines and notes, kept in step with the session's entries. */

import { documentAddress, listOf, nameOf, text, timeOf, write } from "../language.js";
import { isFewPictures } from "../session/visible.js";
import { copyTemplate, part } from "./elements.js";
import { endedKey } from "./wording.js";

/**
 * @import { Entry, LineEntry, NoteEntry } from "../session/state.js"
 */

/** A line with more line breaks than this scrolls by itself, so that it pushes nothing else out of sight. */
const BREAKS_MAX = 40;

export class Conversation {
  /** @type {Entry[]} */ #entries = [];
  /** @type {Map<number, HTMLElement>} */ #elements = new Map();
  /** @type {HTMLElement | undefined} */ #lastDelivered;
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
    const before = this.#entries;
    // Lines that are there from the start, after a reload or in another language, were heard before.
    const silent = before.length === 0;
    // Both are in the order of their ids: an entry only in the first is gone, an entry only in the second is new.
    let index = 0;
    for (const entry of entries) {
      while (index < before.length && before[index].id < entry.id) this.#remove(before[index++].id);
      const known = before[index]?.id === entry.id ? before[index++] : null;
      if (known === null) this.#append(entry, open, silent);
      else if (known !== entry || open !== this.#open) this.#refresh(entry, open);
    }
    while (index < before.length) this.#remove(before[index++].id);
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
    // A screen reader reads each element that is added to the log; only the stranger's new lines should be read.
    // announcer.js tells the events of the room.
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
    if (entry.delivery === "sent") return place.replaceChildren();
    place.textContent = text(entry.delivery === "sending" ? "delivery_sending" : "delivery_delivered");
  }

  /** Only the newest delivered line says so: the others are delivered, too. */
  #markLastDelivered() {
    const last = this.#entries.findLast((entry) => entry.kind === "line" && entry.own && entry.delivery === "delivered");
    const element = last === undefined ? undefined : this.#elements.get(last.id);
    if (element === this.#lastDelivered) return;
    this.#lastDelivered?.classList.remove("last-delivered");
    element?.classList.add("last-delivered");
    this.#lastDelivered = element;
  }
}

/** @param {LineEntry} entry */
function createLine(entry) {
  const element = copyTemplate("line-template");
  element.classList.add(entry.own ? "own" : "theirs");
  element.classList.toggle("emoji", isFewPictures(entry.text));
  if (entry.text.split("\n").length > BREAKS_MAX) {
    element.classList.add("tall");
    part(element, ".bubble").tabIndex = 0;
  }
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
  if (entry.name === "reported") part(element, ".note-text").append(" ", outcomeLink());
  setTime(element, entry.at);
  return element;
}

/** The words of a note, as a string. @param {NoteEntry} entry */
export function noteText(entry) {
  const element = document.createElement("p");
  writeNote(element, entry);
  return element.textContent ?? "";
}

/** @param {HTMLElement} element @param {NoteEntry} entry */
function writeNote(element, { name, values }) {
  if (name === "paired") {
    write(element, "note_paired");
    if (values.common.length > 0) element.append(" ", common("note_common", { interests: listOf(values.common) }));
    const languages = values.languages ?? [];
    if (languages.length > 0) element.append(" ", common("note_languages", { languages: listOf(languages.map(nameOf)) }));
    if (!values.sealed) element.append(" ", text("note_not_sealed"));
  } else if (name === "ended") write(element, endedKey(values.reason));
  else if (name === "reported") write(element, "note_reported", { case: values.case ?? "–" });
  else if (name === "report_failed") write(element, "note_report_failed");
  else if (name === "tampered") write(element, "note_tampered");
  else if (name === "sealed") write(element, "note_sealed", { words: wordsOf(values.words) });
  else if (name === "peer_away") write(element, "note_peer_away");
  else if (name === "peer_back") write(element, "note_peer_back");
}

/** @param {"note_common" | "note_languages"} key @param {Record<string, Node>} values */
function common(key, values) {
  const element = document.createElement("strong");
  element.className = "common";
  write(element, key, values);
  return element;
}

/** Where this browser's reports are listed. The chat goes on here meanwhile. */
function outcomeLink() {
  const link = document.createElement("a");
  link.href = documentAddress("mine");
  link.target = "_blank";
  link.rel = "noopener";
  link.className = "link-button";
  link.textContent = text("note_outcome");
  return link;
}

/** The same letters in every language, to be read out one by one. @param {string[]} words */
function wordsOf(words) {
  const element = document.createElement("bdi");
  element.className = "words";
  element.translate = false;
  element.textContent = words.join(" ");
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
