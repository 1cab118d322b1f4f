// @ts-check
/** The figures that the site publishes of itself: one month at a time, each count as the step that it is in. */

/** @typedef {{ step: number, months: { month: string, figures: Record<string, number> }[] }} Published */

const state = /** @type {HTMLElement} */ (document.getElementById("state"));
const choice = /** @type {HTMLSelectElement} */ (document.getElementById("month"));

start();

async function start() {
  const published = await read();
  choice.append(...published.months.map(({ month }) => new Option(named(month), month)));
  if (published.months.length > 0) await addReasons(published.months[0].figures);
  choice.addEventListener("change", () => show(published));
  if (published.months.length === 0) state.textContent = state.dataset.none ?? "";
  else show(published);
  document.documentElement.dataset.ready = "";
}

/** Nothing where the file is not there yet, or cannot be fetched. @returns {Promise<Published>} */
async function read() {
  try {
    const answer = await fetch("/transparency.json", { cache: "no-cache" });
    if (answer.ok) return await answer.json();
  } catch {
    // No network: the page says that there is nothing.
  }
  return { step: 1, months: [] };
}

/** @param {Published} published */
function show({ step, months }) {
  const { figures } = months[choice.selectedIndex];
  for (const cell of document.querySelectorAll("[data-figure]")) {
    const from = figures[cell.getAttribute("data-figure") ?? ""];
    cell.textContent = from === undefined ? "–" : `${count(from)}–${count(from + step - 1)}`;
  }
  const box = document.getElementById("figures");
  if (box !== null) box.hidden = false;
  state.hidden = true;
}

/** A row for each reason of a report, in the words of the report's dialog. @param {Record<string, number>} figures */
async function addReasons(figures) {
  const { LANGUAGES } = await import("./language.js");
  const language = LANGUAGES.find(({ tag }) => tag === document.documentElement.lang) ?? LANGUAGES[0];
  const { default: words } = await language.load();
  const rows = document.querySelector('[data-figure="reports"]')?.closest("tbody");
  for (const name of Object.keys(figures).filter((each) => each.startsWith("reports: "))) {
    const row = document.createElement("tr");
    const [head, cell] = [document.createElement("th"), document.createElement("td")];
    head.scope = "row";
    head.textContent = words[name.replace("reports: ", "reason_")] ?? name;
    cell.dataset.figure = name;
    row.append(head, cell);
    rows?.append(row);
  }
}

/** @param {number} value */
function count(value) {
  return value.toLocaleString(document.documentElement.lang);
}

/** @param {string} month such as 2026-11 */
function named(month) {
  return new Date(`${month}-15T12:00:00Z`).toLocaleDateString(document.documentElement.lang, { month: "long", year: "numeric" });
}
