// @ts-check
/** A conversation as a text file, on this device only. */

import { currentTag, siteName, text, timeOf } from "./language.js";

/** @import { Entry } from "./session/state.js" */

/**
 * Return the lines as text, one below the other, each with its time and its writer.
 * @param {Entry[]} entries
 * @param {{ heading: string, you: string, stranger: string, timeOf: (at: number) => string }} words
 */
function writeTranscript(entries, words) {
  const lines = entries.filter((entry) => entry.kind === "line").map((entry) => {
    const said = entry.text.replaceAll("\n", "\n    ");
    return `${words.timeOf(entry.at)}  ${entry.own ? words.you : words.stranger}: ${said}`;
  });
  return `${[words.heading, "", ...lines].join("\n")}\n`;
}

/** @param {Entry[]} entries */
export function hasLines(entries) {
  return entries.some((entry) => entry.kind === "line");
}

/** Let the browser save a conversation. It is made here and goes nowhere else. @param {Entry[]} entries */
export function saveTranscript(entries) {
  const now = new Date();
  const date = now.toLocaleDateString(currentTag(), { dateStyle: "long" });
  const heading = text("file_heading", { date });
  const words = { heading, you: text("you"), stranger: text("stranger"), timeOf };
  const url = URL.createObjectURL(new Blob([writeTranscript(entries, words)], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  const name = siteName().toLowerCase().replaceAll(" ", "-");
  link.download = `${name}-${now.toISOString().slice(0, 16).replace(/[T:]/g, "-")}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
