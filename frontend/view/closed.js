// @ts-check
/** The closed door: locked out, or too young. */

import { currentTag, text, write } from "../language.js";
import { box, button } from "./elements.js";

/**
 * @import { Key } from "../language.js"
 * @import { Session } from "../session/state.js"
 */

export class Closed {
  /** @param {Session} session */
  update({ ban }) {
    const banned = ban !== null;
    write(box("closed-title"), banned ? "banned_title" : "underage_title");
    box("closed-text").textContent = banned ? describeBan(ban) : text("underage_text");
    box("closed-case").textContent = ban?.case ? text("banned_case", { case: ban.case }) : "";
    button("closed-again").hidden = !banned;
  }
}

/** @param {NonNullable<Session["ban"]>} ban */
function describeBan({ until, reason }) {
  const end = readTime(until);
  const words = [text("banned_text")];
  if (reason !== null) words.push(text("banned_reason", { reason: describeReason(reason) }));
  words.push(end === null ? text("banned_for_good") : text("banned_until", { until: end }));
  return words.join(" ");
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
