// @ts-check
/** Openers: a question or two to tap, as long as nobody has said anything. */

import { currentTag, text } from "../language.js";
import { isInRoom } from "../session/state.js";
import { box } from "./elements.js";

/**
 * @import { Key } from "../language.js"
 * @import { Room, Session } from "../session/state.js"
 */

/** Questions that anybody can answer without a word about who and where they are. @type {Key[]} */
const NEUTRAL = ["opener_day", "opener_song", "opener_free", "opener_food", "opener_learned", "opener_laugh"];

export class Openers {
  #list = box("openers");
  #shown = "";

  /** @param {(line: string) => void} choose */
  constructor(choose) {
    this.choose = choose;
  }

  /** @param {Session} session @param {string} draft */
  update(session, draft) {
    const { room, entries } = session;
    const isOffered = room !== null && isInRoom(session) && room.mode === "text" && isUnderstood(room) && draft === ""
      && !entries.some(({ kind }) => kind === "line");
    this.#list.hidden = !isOffered;
    const shown = isOffered ? `${room.id} ${currentTag()}` : "";
    if (isOffered && shown !== this.#shown) this.#list.replaceChildren(...questionsFor(room).map((line) => this.#offer(line)));
    this.#shown = shown;
  }

  /** @param {string} line */
  #offer(line) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "opener";
    button.dir = "auto";
    button.textContent = line;
    button.addEventListener("click", () => this.choose(line));
    item.append(button);
    return item;
  }
}

/** The page asks in its own language: is it one that the stranger speaks, as far as is known? @param {Room} room */
function isUnderstood({ languages }) {
  return languages.length === 0 || languages.some((tag) => tag.split("-")[0] === currentTag());
}

/** The same two each time, and others for the stranger. @param {Room} room */
function questionsFor({ id, polite, common }) {
  const chance = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65521, polite ? 1 : 0);
  const neutral = [0, 1].map((step) => text(NEUTRAL[(chance + step) % NEUTRAL.length]));
  if (common.length === 0) return neutral;
  return [text("opener_interest", { interest: common[chance % common.length] }), neutral[0]];
}
