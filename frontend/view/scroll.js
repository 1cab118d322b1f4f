// @ts-check
/** The place in the conversation: it follows the newest line only while the reader is there. */

import { text } from "../language.js";
import { box, button } from "./elements.js";

/** So close to the end counts as being there: less than a line. */
const NEAR_PX = 48;

export class Scroll {
  #scroller = box("scroller");
  #button = button("new-lines");
  #label = box("new-lines-text");
  #following = true;
  /** Its size when it was last seen to. */ #size = "";
  #unread = 0;

  constructor() {
    this.#scroller.addEventListener("scroll", () => this.#noticePlace(), { passive: true });
    this.#button.addEventListener("click", () => this.follow());
    // The keyboard of a phone, a growing draft, a turned screen.
    new ResizeObserver(() => this.keep()).observe(this.#scroller);
  }

  /** Something below changed: stay at the end if that is where the reader is. */
  keep() {
    this.#size = this.#measure();
    if (this.#following) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#show();
  }

  /** Go to the end, and stay there. */
  follow() {
    this.#following = true;
    this.keep();
  }

  /** Lines arrived that may be out of sight. @param {number} count */
  count(count) {
    if (!this.#following) this.#unread += count;
    this.#show();
  }

  #noticePlace() {
    // Not the reader scrolled but the screen turned, or a keyboard opened: the observer of the size handles that.
    if (this.#following && this.#measure() !== this.#size) return;
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    this.#show();
  }

  #measure() {
    return `${this.#scroller.clientWidth} ${this.#scroller.clientHeight}`;
  }

  #show() {
    if (this.#following) this.#unread = 0;
    this.#button.hidden = this.#unread === 0;
    if (this.#unread > 0) this.#label.textContent = text("new_lines", { count: this.#unread });
  }
}
