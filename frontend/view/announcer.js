// @ts-check
/** The words for a person who does not see, beside the stranger's messages: told politely, once, from one place. */

import { text } from "../language.js";
import { box } from "./elements.js";
import { noteText } from "./conversation.js";
import { searchHintKey, statusKeys } from "./wording.js";

/**
 * @import { Session } from "../session/state.js"
 * @import { Key } from "../language.js"
 */

/** The last sentences stay, so many of them: each is read when it comes, and old ones need no room. */
const KEPT_MAX = 6;

/** Headings that a screen reader reads by itself, as the focus moves there. */
const READ_BY_FOCUS = ["you_stopped"];

/** A state that comes with a note, which says it. @type {Key[]} */
const NOTED = ["status_chatting", "status_peer_away", "status_stopped"];

export class Announcer {
  #place = box("announcer");
  #lastNote = 0;
  #failed = 0;
  /** @type {Key | undefined} */ #status;
  /** @type {Key | undefined} */ #hint;
  /** @type {Session["search"]["others"]} */ #others = null;

  /** @param {string} words */
  say(words) {
    const sentence = document.createElement("p");
    sentence.textContent = words;
    this.#place.append(sentence);
    if (this.#place.childElementCount > KEPT_MAX) this.#place.firstElementChild?.remove();
  }

  /** @param {Session} session @param {boolean} offline */
  update(session, offline) {
    const noted = this.#tellNotes(session);
    this.#tellStatus(session, offline, noted);
    this.#tellFailed(session);
    const hint = session.phase === "searching" ? searchHintKey(session) : undefined;
    if (hint !== this.#hint && hint === "search_hint_long") this.say(text(hint));
    this.#hint = hint;
    const others = session.phase === "searching" ? session.search.others : null;
    if (others !== this.#others && others !== null) this.say(text(others === "video" ? "others_video" : "others_text"));
    this.#others = others;
  }

  /** Lines that are there after a reload were heard before. @param {Session} session */
  skip({ nextId, entries }) {
    this.#lastNote = nextId - 1;
    this.#failed = countFailed(entries);
  }

  /** @param {Session} session @returns {boolean} whether there was one */
  #tellNotes({ entries, nextId }) {
    const fresh = entries.filter((entry) => entry.id > this.#lastNote);
    this.#lastNote = nextId - 1;
    const notes = fresh.filter((entry) => entry.kind === "note");
    for (const note of notes) if (!READ_BY_FOCUS.includes(note.values.reason)) this.say(noteText(note));
    return notes.length > 0;
  }

  /** @param {Session} session @param {boolean} offline @param {boolean} noted */
  #tellStatus(session, offline, noted) {
    const status = statusKeys(session, offline).at(-1);
    if (status === this.#status) return;
    this.#status = status;
    if (status !== undefined && !(noted && NOTED.includes(status))) this.say(text(status));
  }

  /** @param {Session} session */
  #tellFailed({ entries }) {
    const failed = countFailed(entries);
    if (failed > this.#failed) this.say(text("not_delivered"));
    this.#failed = failed;
  }
}

/** @param {Session["entries"]} entries */
function countFailed(entries) {
  return entries.filter((entry) => entry.kind === "line" && entry.delivery === "failed").length;
}
