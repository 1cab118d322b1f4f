// @ts-check
/** The closed door: locked out, warned, closed by the operator, without a proof of age, or too young. */

import { findAgeUrl } from "../config.js";
import { currentTag, text } from "../language.js";
import { joinSentences } from "../sentences.js";
import { box, button, find, say } from "./elements.js";
import { allRules, ruleFor } from "./rules.js";

/**
 * @import { Key } from "../language.js"
 * @import { Refusal, Session } from "../session/state.js"
 */

/** The server's sentence where the operator wrote none: the page says the same in the person's language. */
const CLOSED_SENTENCE = "This kind of chat is closed for the moment.";

export class Closed {
  #form = find(HTMLFormElement, "appeal");
  #draft = find(HTMLTextAreaElement, "appeal-text");
  #again = button("closed-again");
  #home = button("closed-home");
  #link = find(HTMLAnchorElement, "age-link");
  #facts = find(HTMLUListElement, "closed-facts");
  #terms = find(HTMLAnchorElement, "closed-terms");
  #safety = find(HTMLAnchorElement, "closed-safety");
  #stated = "";
  /** @type {Refusal | null} */ #refusal = null;

  /** @param {{ start: (mode: "text" | "video") => void, home: () => void, appeal: (text: string) => void }} actions */
  constructor(actions) {
    this.#again.addEventListener("click", () => actions.start(modeOfNext(this.#refusal)));
    this.#home.addEventListener("click", actions.home);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      actions.appeal(this.#draft.value);
    });
  }

  /** @param {Session} session */
  update({ refusal }) {
    this.#refusal = refusal;
    const kind = refusal?.kind ?? "underage";
    say(box("closed-title"), text(TITLES[kind]));
    say(box("closed-text"), describe(refusal));
    this.#state(refusal);
    say(box("closed-case"), refusal?.case ? text("banned_case", { case: refusal.case }) : "");
    say(this.#again, text(wayOn(refusal)));
    this.#again.hidden = kind === "underage";
    this.#again.classList.toggle("primary", kind === "closed" || kind === "warned");
    this.#home.hidden = kind !== "closed";
    this.#safety.hidden = kind !== "underage";
    if (kind === "age_required") this.#showAgeLink();
    else this.#link.hidden = true;
    this.#showAppeal(refusal);
  }

  /** The sentences beside the reason: its meaning, the rule, how it was found out, and where else to go. @param {Refusal | null} refusal */
  #state(refusal) {
    const facts = refusal?.kind === "banned" ? factsOf(refusal) : [];
    // Written once: a browser may have put its translation in the words' place.
    if (facts.join() !== this.#stated) this.#facts.replaceChildren(...facts.map(listItem));
    this.#stated = facts.join();
    this.#facts.hidden = facts.length === 0;
    this.#terms.hidden = refusal?.kind !== "banned" && refusal?.kind !== "warned";
  }

  /** @param {Refusal | null} refusal */
  #showAppeal(refusal) {
    const outcome = refusal?.appeal?.outcome;
    this.#form.hidden = refusal?.kind !== "banned" || refusal.case === null || outcome === "kept";
    button("appeal-send").disabled = outcome === "sending";
    const words = outcome === "kept" ? text("appeal_kept") : outcome === "failed" ? text("appeal_failed") : "";
    say(box("appeal-outcome"), words);
  }

  async #showAgeLink() {
    const url = await findAgeUrl();
    this.#link.hidden = url === null;
    if (url !== null) this.#link.href = url;
  }
}

/** The words of the button that leads on. @param {Refusal | null} refusal @returns {Key} */
function wayOn(refusal) {
  if (refusal?.kind === "warned") return "warned_go_on";
  if (refusal?.kind !== "closed") return "try_again";
  return modeOfNext(refusal) === "video" ? "video_chat" : "text_chat";
}

/** Where one kind of chat is closed the other one is the way on. @param {Refusal | null} refusal */
function modeOfNext(refusal) {
  const mode = refusal?.mode ?? "text";
  return refusal?.kind !== "closed" ? mode : mode === "text" ? "video" : "text";
}

/** @type {Record<Refusal["kind"] | "underage", Key>} */
const TITLES = {
  banned: "banned_title", warned: "warned_title", closed: "closed_title", age_required: "age_title", underage: "underage_title",
};

/** @param {Refusal | null} refusal */
function describe(refusal) {
  if (refusal === null) return text("underage_text");
  if (refusal.kind === "age_required") return text("age_text");
  if (refusal.kind === "warned") return joinSentences([text("warned_text", { rule: text(ruleFor(refusal.reason)) }), text("warned_result")]);
  // The operator may have written why, in one language; it stands beside our own words.
  if (refusal.kind === "closed") {
    const own = refusal.message === CLOSED_SENTENCE ? "" : refusal.message ?? "";
    return joinSentences([text(refusal.mode === "video" ? "closed_video" : "closed_text"), own]);
  }
  return describeBan(refusal);
}

/** @param {Refusal} refusal */
function describeBan({ until, reason, automatic }) {
  const end = readTime(until);
  const words = [text(isReported(reason) ? "banned_text" : WITHOUT_REPORTS[reason ?? ""])];
  if (reason !== null && isReported(reason) && automatic === false) words.push(text("banned_reason", { reason: describeReason(reason) }));
  words.push(end === null ? text("banned_for_good") : text("banned_until", { until: end }));
  if (automatic !== null) words.push(text(automatic ? "banned_automatic" : "banned_by_person"));
  return joinSentences(words);
}

/** Reasons of a ban that no report led to: the server counts frames, and the operator bans by hand. @type {Record<string, Key>} */
const WITHOUT_REPORTS = { flood: "banned_flood", operator: "banned_operator" };

/** @param {string | null} reason */
function isReported(reason) {
  return reason === null || !Object.hasOwn(WITHOUT_REPORTS, reason);
}

/** @param {Refusal} refusal @returns {string[]} */
function factsOf({ reason, automatic }) {
  return [
    text("banned_effect"),
    ...(isReported(reason) ? [rulesFor(reason, automatic)] : []),
    ...(isReported(reason) && automatic ? [text("banned_counted")] : []),
    text("banned_redress"),
  ];
}

/** The rule that goes with a person's reason; else all of them: a reason that reports led to would tell who made them. @param {string | null} reason @param {boolean | null} automatic */
function rulesFor(reason, automatic) {
  if (automatic === false) return text("banned_rule", { rule: text(ruleFor(reason)) });
  return text("banned_rules", { rules: joinSentences(allRules().map((key) => text(key))) });
}

/** @param {string} words */
function listItem(words) {
  const item = document.createElement("li");
  item.textContent = words;
  return item;
}

/** A reason of the contract in the person's language; an operator's own words as they are. @param {string} reason */
function describeReason(reason) {
  return Object.hasOwn(REASON_KEYS, reason) ? text(REASON_KEYS[reason]) : reason;
}

/** @type {Record<string, Key>} */
const REASON_KEYS = {
  underage: "reason_underage", sexual: "reason_sexual", harassment: "reason_harassment", hate: "reason_hate",
  spam: "reason_spam", other: "reason_other",
};

/** The server tells seconds since 1970, or a date in words. @param {string | number | null} until */
function readTime(until) {
  if (until === null) return null;
  const date = new Date(typeof until === "number" ? until * 1000 : until);
  if (Number.isNaN(date.getTime())) return null;
  return date.toLocaleString(currentTag(), { dateStyle: "long", timeStyle: "short" });
}
