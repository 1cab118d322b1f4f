// @ts-check
/** The desk's names for things, and times as people read them. Pure. */

const MINUTE = 60, HOUR = 3600, DAY = 86_400;

/** @type {Record<string, string>} */
export const REASONS = {
  underage: "Under age", sexual: "Sexual", harassment: "Harassment", hate: "Hate", spam: "Spam", other: "Other",
  operator: "By hand", flood: "Flood",
  order: "Order", child: "Child", impostor: "Impostor", intimate: "Intimate picture", illegal: "Illegal", complaint: "Complaint",
};

/** @type {Record<string, { title: string, short: string, effect: string }>} */
export const VERDICTS = {
  dismiss: { title: "Dismiss", short: "Dismiss", effect: "The report was wrong or is no matter. A ban that came of it ends within ten seconds." },
  uphold: { title: "Uphold", short: "Uphold", effect: "What the rules did stays. Nothing else happens." },
  warn: { title: "Warn", short: "Warn", effect: "They read a warning, in their language, before they meet anybody else, and go on with one tap. It begins some minutes later, at a full five. A ban that stands, stays." },
  ban: { title: "Ban for a time", short: "Ban for…", effect: "Their browser is locked out from now on." },
  for_good: { title: "Ban for good", short: "For good", effect: "Their browser is locked out for ten years." },
  false_report: { title: "Dismiss as a false report", short: "False report", effect: "The ban ends, and whatever this reporter says weighs nothing for 30 days." },
  done: { title: "Answer: something was done", short: "Done", effect: "You acted on the complaint. Its number says so; answer by the contact that was left." },
  refuse: { title: "Answer: refused", short: "Refuse", effect: "There is nothing that you can or must do. Its number says so; give the reason by the contact that was left." },
  campaign: { title: "Undo a campaign", short: "Campaign", effect: "The reporters belong together and lied. All bans that they led to end, and their reports weigh nothing for 30 days." },
};

/** The name of a warning that was taken back, in the log and in a case. */
export const WITHDRAWN = "warning_withdrawn";

/** @type {[string, string, number][]} The lengths of a ban, each with its key. */
export const LENGTHS = [
  ["1", "1 day", DAY], ["2", "3 days", 3 * DAY], ["3", "7 days", 7 * DAY], ["4", "30 days", 30 * DAY],
  ["5", "90 days", 90 * DAY], ["6", "365 days", 365 * DAY],
];

/** The languages of the visitors' page, whose own words the desk shows. */
export const LANGUAGES = ["en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh"];

/** A language by its own name. @param {string} tag */
export function nameOf(tag) {
  return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
}

/** How long something takes, roughly. @param {number} seconds */
export function span(seconds) {
  const size = Math.abs(seconds);
  if (size < HOUR) return `${Math.max(1, Math.round(size / MINUTE))} min`;
  if (size < 2 * DAY) return `${Math.round(size / HOUR)} h`;
  return `${Math.round(size / DAY)} d`;
}

/** @param {number | null | undefined} seconds since 1970 */
export function moment(seconds) {
  if (seconds === null || seconds === undefined) return "";
  return new Date(seconds * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** The time of day, where the day stands beside it. @param {number} seconds since 1970 */
export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", { timeStyle: "short" });
}

/** A proposal in words: a verdict and, for a ban, its seconds. @param {string} proposed */
export function proposal(proposed) {
  const [name, seconds] = proposed.split(" ");
  const title = VERDICTS[name]?.title ?? name;
  return name === "ban" ? `ban for ${span(Number(seconds))}` : title.toLowerCase();
}

/** A decision, as a list says it. @param {any} each */
export function decided(each) {
  const title = each.verdict === WITHDRAWN ? "Warning taken back" : VERDICTS[each.verdict]?.title ?? each.decision ?? "";
  return [title, each.decided_by ? `by ${each.decided_by}` : "", moment(each.decided_at)].filter(Boolean).join(", ");
}
