// @ts-check
/** One case: the lines and their proofs, the people it is about, and the decision. */

import { ask } from "./api.js";
import { fact, make, say } from "./elements.js";
import { clock, decided, moment, proposal, REASONS, span } from "./words.js";

/** @param {any} found a case as the server tells it @param {number} now in seconds */
export function caseView(found, now) {
  const reason = REASONS[found.reason] ?? found.reason;
  const late = now - found.due_at;
  const title = make("header", { class: "case-head" },
    make("a", { class: "back link-button", href: "#queue" }, "Queue"),
    make("h1", {}, make("span", { class: `chip reason-${found.reason}` }, reason), make("span", { class: "number" }, found.number)),
    make("p", { class: "hint" }, `Opened ${moment(found.opened_at)}. `,
      found.is_open ? make("span", { class: late > 0 ? "clock late" : "clock" }, late > 0 ? `${span(late)} late` : `${span(late)} left`) : `Decided: ${decided(found)}.`));
  return make("article", { class: "case" }, title, held(found), waiting(found), words(found), evidence(found), people(found));
}

/** @param {any} found */
function held(found) {
  return found.kept_for ? make("p", { class: "notice" }, make("strong", {}, "On hold"), `: nothing deletes it. ${found.kept_for}`) : null;
}

/** @param {any} found */
function waiting(found) {
  if (!found.proposed) return null;
  return make("p", { class: "notice" }, make("strong", {}, found.proposed_by), ` proposed: ${proposal(found.proposed)}. It waits for a second person; give the same decision to confirm it, or another one.`);
}

/** @param {any} found */
function words(found) {
  if (found.law !== null) return complaint(found);
  return make("section", { class: "card", "aria-label": "What people wrote" },
    make("h2", {}, "The reporter's note"), make("p", { class: "words quote" }, found.note || "None."),
    ...(found.appeal ? [make("h2", {}, `Appeal, ${moment(found.appealed_at)}`), make("p", { class: "words quote" }, found.appeal)] : []));
}

/** The words of a complaint, and by which law it has a clock. @param {any} found */
function complaint(found) {
  return make("section", { class: "card", "aria-label": "What people wrote" },
    make("h2", {}, "The complaint"), make("p", { class: "words quote" }, found.note),
    make("dl", {}, fact("Where", given(found.place)), fact("Signed", given(found.name)), fact("Answer to", given(found.contact)), fact("Clock by", found.law)));
}

/** @param {string | null} said */
function given(said) {
  return make("span", { class: "words" }, said || "not given");
}

/** @param {any} found */
function evidence(found) {
  if (found.law !== null) return null;
  const { evidence: handed } = found;
  /** @type {Node[]} */
  const inside = [make("h2", {}, "Handed over")];
  if (found.problem) inside.push(make("p", { class: "bad" }, found.problem));
  else if (handed === null) inside.push(make("p", { class: "hint" }, "Nothing was handed over with this report."));
  else if (handed.lines === null) inside.push(make("p", { class: "hint" }, `${handed.sealed_bytes} bytes are sealed. Start the desk with the key that opens them (--key).`));
  else inside.push(...lines(handed.lines), ...(handed.has_still ? [still(found.number)] : []));
  return make("section", { class: "card", "aria-label": "Handed over" }, ...inside);
}

/** @param {any[]} handed */
function lines(handed) {
  if (handed.length === 0) return [];
  const rows = handed.flatMap((line) => {
    const proof = line.at === null ? make("span", { class: "unproved" }, "not proved") : make("span", { class: "proved" }, `proved, ${clock(line.at)}`);
    const gap = line.left_out > 0 ? [make("li", { class: "gap" }, `${line.left_out} left out`)] : [];
    return [...gap, make("li", { class: line.member }, make("p", { class: "words", dir: "auto" }, line.text), make("p", { class: "hint" }, `${line.member}, `, proof))];
  });
  return [make("ol", { class: "lines" }, ...rows)];
}

/** The picture is fetched when somebody asks for it, blurred until they ask once more. @param {string} number */
function still(number) {
  const picture = make("img", { class: "still blurred", alt: "A still of the reported person's video", hidden: true });
  const button = make("button", { class: "small-button", type: "button", id: "still", "aria-keyshortcuts": "s" }, "Show the still, blurred");
  button.addEventListener("click", async () => {
    if (picture.hidden) {
      const { still: encoded } = await ask("still", { number }).catch(() => ({ still: null }));
      if (encoded === null) return say("The still cannot be shown.", true);
      picture.src = `data:image/jpeg;base64,${encoded}`;
      picture.hidden = false;
      picture.decode().then(() => picture.scrollIntoView({ block: "nearest" }), () => {});
      button.textContent = "Show it clearly";
    } else {
      const isBlurred = picture.classList.toggle("blurred");
      button.textContent = isBlurred ? "Show it clearly" : "Blur it";
    }
  });
  const law = "Not proved: the reporter's page made it. If it shows a minor, the law of your country says what you must do with it.";
  return make("div", { class: "still-box" }, picture, button, make("p", { class: "hint" }, law));
}

/** @param {any} found */
function people(found) {
  const about = found.subjects.map((/** @type {any} */ each) => standing(each, each.key.startsWith("d.") ? "Reported browser" : "Reported address"));
  const reporter = found.reporter ? [standing(found.reporter, "Reporter")] : [];
  return make("section", { class: "people", "aria-label": "Who it is about" }, ...about, ...reporter);
}

/** How a device stands. @param {any} each @param {string} title */
export function standing(each, title) {
  const isDevice = each.key.startsWith("d.");
  const rows = [
    fact("Ban", each.ban ? `until ${moment(each.ban.until)}, ` : "none", each.ban ? caseLink(each.ban.case) : null),
    ...(isDevice ? [
      fact("Reports weigh", `${each.score} of ${each.score_max}`),
      fact("Known", each.is_known ? `yes, ${each.days} days` : "no, a newcomer"),
      fact("Has reported", each.reported > 0 ? `${each.reported} of ${each.met} met then` : "nobody"),
      ...(each.warned_since ? [fact("Warning", `not read yet, told from ${moment(each.warned_since)} on`)] : []),
      fact("Bans before", String(each.rung)),
      ...(each.doubted_until ? [fact("Doubted", `until ${moment(each.doubted_until)}`)] : []),
    ] : []),
  ];
  return make("div", { class: "card person" }, make("h2", {}, title), make("p", {}, make("a", { class: "key", href: `#person/${each.key}` }, each.key)), make("dl", {}, ...rows));
}

/** @param {string} number */
function caseLink(number) {
  return make("a", { class: "number", href: `#case/${number}` }, number);
}
