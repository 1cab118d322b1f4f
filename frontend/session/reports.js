// @ts-check
/**
 * Reports that the server has not answered yet. They are sent again, over any connection, until `reported` comes, the
 * server refuses them or it is too late; the person may do anything meanwhile. For that alone a connection is opened.
 */

import {
  LINGER_MS, REPORT_AGAIN_LONGEST_MS, REPORT_AGAIN_MS, REPORT_WHEN_BUSY_MS, REPORT_WITHIN_MS, REPORTS_BEFORE_DOUBT, REPORTS_MAX,
} from "./limits.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { Report } from "./state.js"
 */

/**
 * Take a report on; one of the same room takes the place of the earlier.
 * @param {Draft} draft @param {Record<string, any>} frame @param {number} overAt when its room ended
 */
export function takeReport(draft, frame, overAt) {
  const others = draft.session.reports.filter((report) => report.frame.room !== frame.room);
  const report = { frame, until: overAt + REPORT_WITHIN_MS, next: draft.at, unanswered: 0 };
  draft.change({ reports: [...others, report].slice(-REPORTS_MAX) });
  if (others.length === REPORTS_MAX) draft.addNote("report_failed");
  draft.add({ type: "reported", frame });
  sendDueReports(draft);
}

/** Send all over a connection that has just come. @param {Draft} draft */
export function sendReports(draft) {
  if (draft.session.reports.length === 0) return;
  draft.change({ reports: draft.session.reports.map((report) => ({ ...report, next: draft.at })) });
  sendDueReports(draft);
}

/** No answer came in time. @param {Draft} draft */
export function repeatReports(draft) {
  if (draft.session.reports.some(({ unanswered }) => unanswered >= REPORTS_BEFORE_DOUBT)) doubtLink(draft);
  sendDueReports(draft);
}

/** Send those whose pause is over, and wait for the next. @param {Draft} draft */
function sendDueReports(draft) {
  const isDue = (/** @type {Report} */ { next }) => next <= draft.at;
  const { reports } = draft.session;
  const isLate = (/** @type {Report} */ { unanswered, until }) => unanswered > 0 && until <= draft.at;
  for (const report of reports) if (isDue(report) && isLate(report)) failReport(draft, report.frame.room);
  const due = draft.session.reports.filter(isDue);
  for (const { frame } of due) draft.send(frame);
  if (due.length > 0) openLink(draft);
  draft.change({ reports: draft.session.reports.map((report) => (isDue(report) ? sent(report, draft.at) : report)) });
  schedule(draft);
}

/** The server has no time for one now. @param {Draft} draft @param {string | undefined} room */
export function postponeReport(draft, room) {
  const next = draft.at + REPORT_WHEN_BUSY_MS;
  const isMeant = (/** @type {Report} */ { frame }) => room === undefined || frame.room === room;
  draft.change({ reports: draft.session.reports.map((each) => (isMeant(each) ? { ...each, next, unanswered: 1 } : each)) });
  schedule(draft);
}

/** Let one go; true if it was there. @param {Draft} draft @param {string} room */
export function dropReport(draft, room) {
  const reports = draft.session.reports.filter(({ frame }) => frame.room !== room);
  if (reports.length === draft.session.reports.length) return false;
  draft.change({ reports });
  schedule(draft);
  return true;
}

/** @param {Draft} draft @param {string} room */
export function failReport(draft, room) {
  if (dropReport(draft, room)) draft.addNote("report_failed");
}

/**
 * The proof of its lines is kept with a report, as the keys do not outlive this page.
 * @param {Draft} draft @param {{ room: string, lines: object[] }} event
 */
export function reportProved(draft, { room, lines }) {
  const prove = (/** @type {Report} */ report) => (report.frame.room === room ? { ...report, frame: { ...report.frame, lines } } : report);
  draft.change({ reports: draft.session.reports.map(prove) });
}

/** @param {Report} report @param {number} at @returns {Report} */
function sent(report, at) {
  const pause = Math.min(REPORT_AGAIN_MS * 2 ** report.unanswered, REPORT_AGAIN_LONGEST_MS);
  return { ...report, next: at + pause, unanswered: report.unanswered + 1 };
}

/** Nothing else finds out whether the connection of a person who looks for nobody is dead. @param {Draft} draft */
function doubtLink(draft) {
  if (draft.session.wish !== null || draft.session.link !== "open") return;
  draft.change({ link: "connecting" });
  draft.add({ type: "reconnect" });
}

/** @param {Draft} draft */
function openLink(draft) {
  if (draft.session.link !== "closed") return;
  draft.change({ link: "connecting" });
  draft.add({ type: "connect" });
  draft.start("linger", LINGER_MS);
}

/** @param {Draft} draft */
function schedule(draft) {
  const { reports } = draft.session;
  if (reports.length === 0) return draft.cancel("report");
  const next = Math.min(...reports.map((report) => report.next));
  // A clock that was set back must not hold them up.
  draft.start("report", Math.min(Math.max(0, next - draft.at), REPORT_AGAIN_LONGEST_MS));
}
