// @ts-check
/** The rule of the site that goes with a reason of a report: one row for each reason. Pure; the desk reads it, too. */

/** @import { Key } from "../language.js" */

/** @type {Record<string, Key>} */
const RULES = {
  underage: "rule_age", sexual: "rule_consent", harassment: "rule_decent", hate: "rule_decent", spam: "rule_spam", other: "rule_decent",
};

/** A reason that is not in the table is one of a newer server. @param {string | null} reason @returns {Key} */
export function ruleFor(reason) {
  return Object.hasOwn(RULES, reason ?? "") ? RULES[reason ?? ""] : "rule_decent";
}

/** Every rule for whose breach people are reported. @returns {Key[]} */
export function allRules() {
  return [...new Set(Object.values(RULES))];
}
