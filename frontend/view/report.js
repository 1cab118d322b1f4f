// @ts-check
/**
 * The report: its reason, and the lines and the still that go along. Nothing is ticked at first, and the page shows all
 * that would be sent.
 *
 * It is about the conversation in which it was opened, however long it takes: the next one may have begun meanwhile.
 */

import { keepsEvidence } from "../config.js";
import { text } from "../language.js";
import { HANDED_BYTES_MAX, HANDED_LINES_MAX, PROOF_BYTES } from "../session/limits.js";
import { closeOnBackdrop } from "./dialogs.js";
import { box, button, copyTemplate, find, part } from "./elements.js";
import { takeStill } from "./still.js";

/**
 * @import { Entry, LineEntry, Room, Session } from "../session/state.js"
 * @import { Still } from "./still.js"
 *
 * @typedef {{ room: Room | null, entries: Entry[] }} Conversation
 * @typedef {{ reason: string, note: string, about: Conversation, handed: number[], still: string | null }} Report
 */

export class ReportDialog {
  #dialog = find(HTMLDialogElement, "report-dialog");
  #form = find(HTMLFormElement, "report-form");
  #note = find(HTMLTextAreaElement, "report-note");
  #video = find(HTMLVideoElement, "remote-video");
  #offer = box("report-lines");
  #list = box("report-line-list");
  #stillLabel = box("report-still");
  #stillBox = /** @type {HTMLInputElement} */ (part(this.#stillLabel, "input"));
  /** @type {Map<HTMLInputElement, LineEntry>} */ #lines = new Map();
  /** @type {Conversation} */ #about = { room: null, entries: [] };
  /** @type {Still | null} */ #still = null;

  /** @param {(report: Report) => void} report */
  constructor(report) {
    button("report-cancel").addEventListener("click", () => this.#dialog.close());
    this.#form.addEventListener("submit", () => {
      const reason = String(new FormData(this.#form).get("reason") ?? "");
      const handed = this.#ticked.map((entry) => entry.id);
      if (reason !== "") report({ reason, note: this.#note.value, about: this.#about, handed, still: this.#still?.encoded ?? null });
    });
    this.#list.addEventListener("change", () => this.#show());
    this.#stillBox.addEventListener("change", () => this.#tickStill());
    closeOnBackdrop(this.#dialog);
  }

  /** @param {Session} session */
  async open(session) {
    this.#form.reset();
    this.#still = null;
    this.#offer.hidden = true;
    this.#about = session;
    this.#dialog.showModal();
    if (await keepsEvidence()) this.#offerLines();
  }

  /** While it is open the conversation may go on, or end. @param {Session} session */
  update(session) {
    if (!this.#dialog.open) return;
    if (session.room?.id === this.#about.room?.id) this.#about = session;
    if (!this.#stillBox.checked) this.#stillLabel.hidden = !this.#showsStranger;
  }

  /** All lines that came, and all that left; once, also where the dialog was opened again meanwhile. */
  #offerLines() {
    this.#lines.clear();
    this.#list.replaceChildren();
    for (const entry of this.#about.entries) {
      if (entry.kind !== "line" || (entry.own ? entry.delivery === "failed" : entry.stamp === null)) continue;
      const item = copyTemplate("report-line-template");
      part(item, ".who").textContent = text(entry.own ? "you" : "stranger");
      part(item, "bdi").textContent = entry.text;
      this.#list.append(item);
      this.#lines.set(/** @type {HTMLInputElement} */ (part(item, "input")), entry);
    }
    this.#list.hidden = this.#lines.size === 0;
    this.#stillLabel.hidden = !this.#showsStranger;
    this.#offer.hidden = this.#list.hidden && this.#stillLabel.hidden;
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#show();
  }

  /** Whether the stranger of this conversation can be seen: before both reveal themselves nobody can. */
  get #showsStranger() {
    const isOver = this.#about.room?.mode !== "video" || this.#about.room.over !== null;
    return !isOver && this.#video.videoWidth > 0 && this.#video.checkVisibility() && this.#video.closest(".unrevealed") === null;
  }

  get #ticked() {
    return [...this.#lines].flatMap(([each, entry]) => (each.checked ? [entry] : []));
  }

  #tickStill() {
    this.#still = this.#stillBox.checked && this.#showsStranger ? takeStill(this.#video) : null;
    this.#stillBox.checked = this.#still !== null;
    this.#show();
  }

  /** Show the lines that go along. A line cannot be ticked if it would be more than one frame holds. */
  #show() {
    const ticked = this.#ticked;
    const left = HANDED_BYTES_MAX - (this.#still?.encoded.length ?? 0) - ticked.reduce((sum, entry) => sum + bytesOf(entry), 0);
    for (const [each, entry] of this.#lines) {
      if (!each.checked) each.disabled = ticked.length >= HANDED_LINES_MAX || bytesOf(entry) > left;
    }
    const items = ticked.map((entry) => createSent(text(entry.own ? "report_own" : "report_proved"), entry.text));
    if (this.#still !== null) items.push(createPicture(this.#still));
    box("report-sent").hidden = items.length === 0;
    box("report-sent-count").textContent = text("report_sent", { count: items.length });
    box("report-sent-list").replaceChildren(...items);
  }
}

/** @param {LineEntry} entry */
function bytesOf(entry) {
  return PROOF_BYTES + new Blob([JSON.stringify(entry.said ?? entry.text)]).size;
}

/** @param {string} mark @param {string} said */
function createSent(mark, said) {
  const item = copyTemplate("report-sent-template");
  part(item, ".who").textContent = mark;
  part(item, "bdi").textContent = said;
  return item;
}

/** @param {Still} still */
function createPicture(still) {
  const item = createSent(text("report_picture"), "");
  const picture = part(item, "img");
  picture.setAttribute("src", still.shown);
  picture.hidden = false;
  return item;
}
