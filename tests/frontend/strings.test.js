import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { LANGUAGES, chooseLanguage } from "../../frontend/language.js";

const FOLDER = new URL("../../frontend/", import.meta.url);
const english = (await import("../../frontend/strings/en.js")).default;

/** The names in braces of one entry, which may have several plural forms. */
function placeholders(entry) {
  const forms = typeof entry === "string" ? [entry] : [entry.other];
  return [...new Set(forms.flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
}

for (const { tag, direction } of LANGUAGES) {
  test(`${tag} says everything that English says, with its own plurals`, async () => {
    const strings = (await import(`../../frontend/strings/${tag}.js`)).default;
    assert.deepEqual(Object.keys(strings).sort(), Object.keys(english).sort());

    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted();
    for (const [key, entry] of Object.entries(strings)) {
      assert.equal(typeof entry, typeof english[key], key);
      assert.deepEqual(placeholders(entry), placeholders(english[key]), key);
      if (typeof entry === "object") assert.deepEqual(Object.keys(entry).sort(), categories, key);
      for (const form of typeof entry === "string" ? [entry] : Object.values(entry)) {
        assert.ok(form.trim() === form && form !== "", `${key} has words`);
      }
    }
    assert.equal(direction, tag === "ar" ? "rtl" : "ltr");
  });
}

test("no two languages have the same sentence, which would be one that nobody translated", async () => {
  const others = LANGUAGES.filter(({ tag }) => tag !== "en");
  for (const { tag } of others) {
    const strings = (await import(`../../frontend/strings/${tag}.js`)).default;
    const same = Object.keys(english).filter((key) => strings[key] === english[key] && english[key].includes(" "));
    assert.deepEqual(same, [], tag);
  }
});

test("the page's own words are the English ones", () => {
  const html = readFileSync(new URL("index.html", FOLDER), "utf8");
  const texts = [...html.matchAll(/data-text="(\w+)"[^>]*>([^<]*)</g)];
  const labels = [...html.matchAll(/data-label="(\w+)"[^>]*aria-label="([^"]*)"/g)];
  assert.ok(texts.length > 50 && labels.length > 5);

  for (const [, key, words] of [...texts, ...labels]) assert.equal(words, english[key], key);
});

test("every string is used somewhere", async () => {
  const { globSync } = await import("node:fs");
  const files = globSync("**/*.{js,html}", { cwd: FOLDER }).filter((file) => !file.startsWith("strings"));
  const source = files.map((file) => readFileSync(new URL(file, FOLDER), "utf8")).join("\n");
  // Some keys are put together from the codes that the call's modules name.
  const isUsed = (key) => new RegExp(`["'\`.]${key}\\b`).test(source) || /^(call|problem|way)_/.test(key);

  assert.deepEqual(Object.keys(english).filter((key) => !isUsed(key)), []);
});

test("the language is the chosen one, else the browser's first that we speak, else English", () => {
  assert.equal(chooseLanguage("ja", ["de"]), "ja");
  assert.equal(chooseLanguage("", ["xx", "pt-BR", "en"]), "pt");
  assert.equal(chooseLanguage("nonsense", ["zh-Hant-TW"]), "zh");
  assert.equal(chooseLanguage("", []), "en");
});
