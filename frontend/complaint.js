// @ts-check
/** The form of people who need not be users: it complains, or asks how a complaint stands. Its words stand in the document. */

import { findWebsocketUrl } from "./config.js";

/** A page is answered within this, or the network is gone. */
const ANSWER_WITHIN_MS = 10_000;

/** The sentence for a refusal, by its code; for any other it is the one for no answer. @type {Record<string, string>} */
const REFUSALS = { unknown_case: "unknown", rate_limited: "limited", invalid_message: "invalid", too_long: "invalid" };

/** @typedef {{ type: string, code: string, case: string, state: string, due: number }} Answer */

const complaint = /** @type {HTMLFormElement} */ (document.getElementById("complaint"));
const question = /** @type {HTMLFormElement} */ (document.getElementById("question"));
const kind = /** @type {HTMLSelectElement} */ (document.getElementById("kind"));

kind.addEventListener("change", sign);
complaint.addEventListener("submit", (event) => {
  event.preventDefault();
  const { honest, ...said } = Object.fromEntries(new FormData(complaint));
  void talk(complaint, { ...said, honest: honest !== undefined }, "kept");
});
question.addEventListener("submit", (event) => {
  event.preventDefault();
  void talk(question, Object.fromEntries(new FormData(question)));
});
sign();
document.documentElement.dataset.ready = "";

/** For some kinds the law wants a signature: then these fields cannot be left out. */
function sign() {
  const isSigned = kind.selectedOptions[0]?.dataset.signed !== undefined;
  for (const field of complaint.querySelectorAll("[data-signed] input")) /** @type {HTMLInputElement} */ (field).required = isSigned;
  complaint.toggleAttribute("data-needs", isSigned);
}

/** @param {HTMLFormElement} form @param {object} said @param {string} [word] what is said of a success, else its state */
async function talk(form, said, word) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const state = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  button.disabled = true;
  state.textContent = told("sending");
  try {
    const answer = await ask({ action: "complain", ...said });
    state.textContent = told(answer.type === "error" ? REFUSALS[answer.code] ?? "failed" : word ?? answer.state, answer);
    if (answer.type !== "error" && word !== undefined) form.reset();
  } catch {
    state.textContent = told("failed");
  }
  sign();
  button.disabled = false;
}

/** Ask over a socket of its own. @param {object} frame @returns {Promise<Answer>} */
async function ask(frame) {
  const socket = new WebSocket(await findWebsocketUrl());
  try {
    return await new Promise((resolve, reject) => {
      setTimeout(reject, ANSWER_WITHIN_MS);
      socket.onopen = () => socket.send(JSON.stringify(frame));
      socket.onclose = reject;
      socket.onmessage = ({ data }) => {
        const heard = JSON.parse(data);
        if (heard.type === "complained" || heard.type === "error") resolve(heard);
      };
    });
  } finally {
    socket.close();
  }
}

/** @param {string} name @param {Partial<Answer>} [answer] */
function told(name, answer = {}) {
  const said = document.querySelector(`#words [data-word="${name}"]`)?.textContent ?? "";
  const due = new Date((answer.due ?? 0) * 1000).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  return said.replace("{case}", () => answer.case ?? "").replace("{due}", () => due);
}
