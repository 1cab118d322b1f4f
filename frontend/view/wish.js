// @ts-check
/** The wish of the person: interests and languages, at the start and while waiting. */

import { addInterests, endsInSeparator } from "../interests.js";
import { currentTag, nameOf, text, write } from "../language.js";
import { OFFERED, languagesOf } from "../languages.js";
import { recall, remember } from "../preferences.js";
import { INTERESTS_MAX, LANGUAGES_MAX } from "../session/limits.js";
import { box, copyTemplate, find, part } from "./elements.js";
import { isComposed } from "./keys.js";

export class Wish {
  #input = find(HTMLInputElement, "interests");
  #chips = box("chips");
  #hint = box("interests-hint");
  #examples = box("examples");
  #languageChips = box("languages");
  #select = find(HTMLSelectElement, "add-language");
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #naming;
  /** @type {string[]} */ #interests = addInterests([], recall("interests").join("\n"));
  /** @type {string[]} */ #languages = recall("languagesChosen") ? recall("languages") : languagesOf(navigator.languages);

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.#input.addEventListener("keydown", (event) => this.#pressKey(event));
    this.#input.addEventListener("input", (event) => /** @type {InputEvent} */ (event).isComposing || this.#takeWhole());
    this.#input.addEventListener("compositionend", () => this.#takeWhole());
    box("interest-box").addEventListener("click", (event) => event.target === event.currentTarget && this.#input.focus());
    this.#select.addEventListener("change", () => this.#keepLanguages([...this.#languages, this.#select.value]));
    this.show();
  }

  /** The entered interests, whether or not they became chips yet. */
  get entered() {
    this.#take();
    return { interests: this.#interests, languages: this.#languages };
  }

  /** There is one form for both places. @param {Element} place */
  moveTo(place) {
    const form = box("wish");
    if (form.parentElement !== place) place.prepend(form);
  }

  show() {
    const full = this.#interests.length >= INTERESTS_MAX;
    showChips(this.#chips, this.#interests, (interest) => interest, (interest) => {
      this.#keep(this.#interests.filter((other) => other !== interest));
      this.#input.focus();
    });
    write(this.#hint, full ? "interests_full" : "interests_hint");
    this.#showExamples();
    clearTimeout(this.#naming);
    this.#naming = setTimeout(() => this.#showLanguages());
  }

  /** To name languages takes a slow phone longer than all the rest: the buttons work before. */
  #showLanguages() {
    showChips(this.#languageChips, this.#languages, nameOf, (language) => {
      this.#keepLanguages(this.#languages.filter((other) => other !== language));
      this.#select.focus();
    });
    this.#showOffer();
  }

  /** Suggestions, for people who would not know what to write. */
  #showExamples() {
    const examples = this.#interests.length > 0 ? [] : addInterests([], text("interest_examples"));
    this.#examples.replaceChildren(...examples.map((example) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "example";
      button.textContent = example;
      button.setAttribute("aria-label", text("add_interest", { interest: example }));
      button.addEventListener("click", () => {
        this.#keep(addInterests(this.#interests, example));
        this.#input.focus({ preventScroll: true });
      });
      return button;
    }));
  }

  #showOffer() {
    const order = new Intl.Collator(currentTag());
    const others = OFFERED.filter((language) => !this.#languages.includes(language))
      .map((language) => /** @type {const} */ ([nameOf(language), language]))
      .sort(([one], [other]) => order.compare(one, other));
    this.#select.replaceChildren(new Option("+", ""), ...others.map((other) => new Option(...other)));
    this.#select.hidden = this.#languages.length >= LANGUAGES_MAX;
  }

  /** @param {KeyboardEvent} event */
  #pressKey(event) {
    if (isComposed(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.#take();
    } else if (event.key === "Backspace" && this.#input.value === "" && this.#interests.length > 0) {
      this.#keep(this.#interests.slice(0, -1));
    }
  }

  /** A word that a separator ends is whole; as long as an input method composes, its words may still change. */
  #takeWhole() {
    if (endsInSeparator(this.#input.value)) this.#take();
  }

  #take() {
    if (this.#input.value.trim() === "") return;
    const interests = addInterests(this.#interests, this.#input.value);
    this.#input.value = "";
    this.#keep(interests);
  }

  /** @param {string[]} interests */
  #keep(interests) {
    this.#interests = interests;
    remember("interests", interests);
    this.show();
    this.changed();
  }

  /** @param {string[]} languages */
  #keepLanguages(languages) {
    this.#languages = languages;
    remember("languages", languages);
    remember("languagesChosen", true);
    this.show();
    this.changed();
  }
}

/** @param {HTMLElement} list @param {string[]} values @param {(value: string) => string} name @param {(value: string) => void} remove */
function showChips(list, values, name, remove) {
  list.hidden = values.length === 0;
  list.replaceChildren(...values.map((value) => {
    const chip = copyTemplate("chip-template");
    part(chip, ".chip-text").textContent = name(value);
    const removal = part(chip, "button");
    removal.setAttribute("aria-label", text("remove_interest", { interest: name(value) }));
    removal.addEventListener("click", () => remove(value));
    return chip;
  }));
}
