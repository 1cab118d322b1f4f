// @ts-check
/** Deciding: the desk first shows the effect, and the words that the person will read. */

import { tell } from "./api.js";
import { find, make, say } from "./elements.js";
import { Latest } from "./latest.js";
import { LANGUAGES, LENGTHS, nameOf, VERDICTS } from "./words.js";

const DAY = 86_400;
/** The visitors' page's own modules, which the desk's server hands on. */
const [SHARED_RULES, SHARED_SENTENCES] = ["./view/rules.js", "./sentences.js"];

/**
 * @typedef {{ name: string, key: string, bans: boolean, warns: boolean, of_complaints: boolean, seconds: number | null }} Verdict
 * @typedef {{ number: string, reason: string, proposed: string | null, proposed_by: string | null }} Case
 */

export class Decide {
  #dialog = /** @type {HTMLDialogElement} */ (find("decide"));
  #latest = new Latest();
  #aloneSecondsMax;
  #done;

  /** @param {number} aloneSecondsMax @param {(number: string, isFinal: boolean) => void} done */
  constructor(aloneSecondsMax, done) {
    this.#aloneSecondsMax = aloneSecondsMax;
    this.#done = done;
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** Ask once more. @param {Verdict} verdict @param {Case} about */
  open(verdict, about) {
    const { title, effect } = VERDICTS[verdict.name];
    const choice = { seconds: verdict.seconds ?? (verdict.bans ? 7 * DAY : 0) };
    const reads = make("div", { class: "reads", "aria-live": "polite" });
    const second = make("p", { class: "notice" });
    const language = make("select", { "aria-label": "Language" }, ...LANGUAGES.map((tag) => make("option", { value: tag, selected: tag === "en" }, nameOf(tag))));
    const update = () => this.#update(verdict, about, choice.seconds, language.value, reads, second);
    const lengths = verdict.bans && verdict.seconds === null ? [this.#lengths(choice, update)] : [];
    language.addEventListener("change", update);
    const go = make("button", { class: verdict.bans ? "big-button danger" : "big-button primary", type: "submit" }, title);
    const form = make("form", { method: "dialog" },
      make("h2", { id: "decide-title" }, `${title}?`), make("p", {}, effect), ...lengths, second,
      make("div", { class: "reads-head" }, make("h3", {}, "What the person will read"), language), reads,
      make("div", { class: "choices" }, make("button", { class: "big-button", type: "button", onclick: () => this.#dialog.close() }, "Cancel"), go));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      go.disabled = true;
      this.#send(verdict, about, choice.seconds);
    });
    this.#dialog.replaceChildren(form);
    this.#dialog.showModal();
    const chosen = lengths[0]?.querySelector("input:checked");
    (chosen instanceof HTMLElement ? chosen : go).focus();
    update();
  }

  /** @param {{ seconds: number }} choice @param {() => void} update */
  #lengths(choice, update) {
    const boxes = LENGTHS.map(([key, name, seconds]) => {
      const input = make("input", { type: "radio", name: "length", value: seconds, checked: seconds === choice.seconds, "data-key": key });
      input.addEventListener("change", () => { choice.seconds = seconds; update(); });
      return make("label", { class: "length" }, input, make("span", {}, name), make("kbd", {}, key));
    });
    const field = make("fieldset", { class: "lengths" }, make("legend", {}, "For how long"), ...boxes);
    this.#dialog.onkeydown = (event) => {
      const chosen = this.#dialog.querySelector(`input[data-key="${CSS.escape(event.key)}"]`);
      if (chosen instanceof HTMLInputElement) { chosen.click(); chosen.focus(); }
    };
    return field;
  }

  /** @param {Verdict} verdict @param {Case} about @param {number} seconds @param {string} tag @param {HTMLElement} reads @param {HTMLElement} second */
  async #update(verdict, about, seconds, tag, reads, second) {
    const isLong = verdict.bans && seconds > this.#aloneSecondsMax;
    second.hidden = !isLong;
    second.textContent = about.proposed_by
      ? `${about.proposed_by} proposed something. If you are another person and give the same decision, it is done.`
      : `More than ${this.#aloneSecondsMax / DAY} days: it waits until a second person confirms it.`;
    const read = await this.#latest.wait(words(verdict, about, seconds, tag));
    if (read === null) return;
    reads.replaceChildren(...read.answer);
    reads.dir = tag === "ar" ? "rtl" : "ltr";
    reads.lang = tag;
  }

  /** @param {Verdict} verdict @param {Case} about @param {number} seconds */
  async #send(verdict, about, seconds) {
    try {
      const done = await tell("decide", { number: about.number, verdict: verdict.name, seconds: Math.round(seconds) });
      say(done.sentence);
      this.#dialog.close();
      this.#done(about.number, done.is_final);
    } catch (problem) {
      say(String(/** @type {Error} */ (problem).message), true);
      this.#dialog.close();
      this.#done(about.number, false);
    }
  }
}

/** @param {Verdict} verdict @param {Case} about @param {number} seconds @param {string} tag @returns {Promise<Node[]>} */
async function words(verdict, about, seconds, tag) {
  if (verdict.of_complaints) return [make("p", { class: "hint" }, "With the number of the case: that it was decided, and whether something was done. Write the reasons to the contact that they left.")];
  if (!verdict.bans && !verdict.warns) return [make("p", { class: "hint" }, "Nothing. They may come in again; nobody is told who reported them.")];
  const { default: own } = await import(`./strings/${tag}.js`);
  if (verdict.warns) return warning(own, about);
  const until = new Date(Date.now() + seconds * 1000).toLocaleString(tag, { dateStyle: "long", timeStyle: "short" });
  const [{ ruleFor }, { joinSentences }] = await Promise.all([import(SHARED_RULES), import(SHARED_SENTENCES)]);
  const reason = own[`reason_${about.reason}`];
  const why = reason === undefined ? [own.banned_operator] : [own.banned_text, own.banned_reason.replace("{reason}", reason)];
  const rule = reason === undefined ? [] : [own.banned_rule.replace("{rule}", own[ruleFor(about.reason)])];
  const told = joinSentences([...why, own.banned_until.replace("{until}", until), own.banned_by_person]);
  const facts = [own.banned_effect, ...rule, own.banned_redress].map((each) => make("li", {}, each));
  return [make("p", { class: "reads-title" }, own.banned_title), make("p", {}, told), make("ul", {}, ...facts), make("p", { class: "hint" }, own.banned_case.replace("{case}", about.number)), make("p", {}, own.appeal_label)];
}

/** As the page writes it: the rule that goes with the reason stands in it. @param {any} own @param {Case} about */
async function warning(own, about) {
  const [{ ruleFor }, { joinSentences }] = await Promise.all([import(SHARED_RULES), import(SHARED_SENTENCES)]);
  const told = joinSentences([own.warned_text.replace("{rule}", own[ruleFor(about.reason)]), own.warned_result]);
  return [make("p", { class: "reads-title" }, own.warned_title), make("p", {}, told), make("p", { class: "hint" }, own.banned_case.replace("{case}", about.number)), make("p", {}, own.warned_go_on)];
}
