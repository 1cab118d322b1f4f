/** The page speaks the language that was chosen last, in all that it writes. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { LANGUAGES, currentTag, speak, text } from "../../frontend/language.js";
import { openDocument, part } from "./support/document.js";

openDocument();
Object.defineProperty(globalThis, "navigator", { value: { languages: ["en"] }, configurable: true });
const { Wish } = await import("../../frontend/view/wish.js");
const { saveTranscript } = await import("../../frontend/transcript.js");
const { remember } = await import("../../frontend/preferences.js");

beforeEach(async () => {
  openDocument();
  await speak("en");
});

test("the language that was chosen last is spoken, whichever file comes first", async (t) => {
  const arrivals = {};
  for (const tag of ["de", "fr"]) {
    const language = LANGUAGES.find((each) => each.tag === tag);
    const load = language.load;
    t.mock.method(language, "load", async () => {
      await new Promise((resolve) => { arrivals[tag] = resolve; });
      return load();
    });
  }
  for (const order of [["de", "fr"], ["fr", "de"]]) {
    const spoken = [speak("de"), speak("fr")];
    for (const tag of order) {
      arrivals[tag]();
      await spoken[tag === "de" ? 0 : 1];
    }
    assert.deepEqual([currentTag(), document.documentElement.lang, text("skip")], ["fr", "fr", (await import("../../frontend/strings/fr.js")).default.skip]);
  }
});

test("a language whose file does not come leaves the words that are there", async (t) => {
  t.mock.method(LANGUAGES.find(({ tag }) => tag === "de"), "load", async () => { throw new TypeError("no network"); });
  await speak("ar");
  await speak("de");
  assert.deepEqual([currentTag(), document.documentElement.dir], ["ar", "rtl"]);
});

test("a chip's button is named in the language that is spoken", async () => {
  await speak("de");
  remember("interests", ["Schach"]);
  const wish = new Wish(() => {});
  assert.equal(part("chips").children[0].querySelector("button").getAttribute("aria-label"), "Schach entfernen");
  assert.equal(wish.entered.interests[0], "Schach");
});

test("a conversation is saved in the language that is spoken, each line with its writer", async (t) => {
  let saved = new Blob();
  t.mock.method(URL, "createObjectURL", (blob) => {
    saved = blob;
    return "blob:";
  });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await speak("de");
  const line = (own, said) => ({ id: 1, kind: "line", at: 0, own, text: said });
  saveTranscript([line(false, "Hallo"), { id: 2, kind: "note", name: "paired", values: {} }, line(true, "Guten\nTag")]);
  const { you, stranger } = (await import("../../frontend/strings/de.js")).default;
  assert.match(await saved.text(), new RegExp(`  ${stranger}: Hallo\\n.*  ${you}: Guten\\n    Tag\\n$`));
});
