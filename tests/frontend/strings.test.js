import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { addInterests } from "../../frontend/interests.js";
import { LANGUAGES, chooseLanguage } from "../../frontend/language.js";
import { joinSentences } from "../../frontend/sentences.js";
import { languagesOf } from "../../frontend/languages.js";

const FOLDER = new URL("../../frontend/", import.meta.url);
const english = (await import("../../frontend/strings/en.js")).default;

/** The names in braces of one entry, which may have several plural forms. */
function placeholders(entry) {
  const forms = typeof entry === "string" ? [entry] : [entry.other];
  return [...new Set(forms.flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
}

/** @param {string | Record<string, string>} entry */
function formsOf(entry) {
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

/** One word may be the same in two languages; several are not. */
function isSentence(entry) {
  return formsOf(entry).every((form) => form.includes(" "));
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
    const same = Object.keys(english).filter((key) => isSentence(english[key]) && formsOf(strings[key]).some((form) => formsOf(english[key]).includes(form)));
    assert.deepEqual(same, [], tag);
  }
});

test("a script of its own has no word of ours but names", async () => {
  const NAMES = /Passerby|Chrome|Firefox|Safari|Edge|Esc|https|OK|\{\w+\}/g;
  for (const tag of ["ar", "hi", "ja", "ru", "zh"]) {
    const strings = (await import(`../../frontend/strings/${tag}.js`)).default;
    const foreign = Object.entries(strings).flatMap(([key, entry]) => formsOf(entry).filter((form) => /[a-z]/i.test(form.replace(NAMES, ""))).map(() => key));
    assert.deepEqual(foreign, [], tag);
  }
});

test("words of the interface: what a button says fits a phone, in every language", async () => {
  const widest = { skip: 12, skip_confirm: 15, send: 12, stop: 12, report: 14, mute: 20, camera_off: 22, widen: 26, hold: 28, hold_languages: 28, message_placeholder: 14, notify_me: 18 };
  for (const { tag } of LANGUAGES) {
    const strings = (await import(`../../frontend/strings/${tag}.js`)).default;
    for (const [key, length] of Object.entries(widest)) assert.ok(strings[key].length <= length, `${tag} ${key}: ${strings[key]}`);
  }
});

test("the languages of the browser's person are named without regions, each once, five at most", () => {
  assert.deepEqual(languagesOf(["de-CH", "de", "en-US", "iw", "not a tag"]), ["de", "en", "he"]);
  assert.deepEqual(languagesOf([]), []);
  assert.equal(languagesOf(["de", "en", "fr", "it", "es", "pt"]).length, 5);
});

test("two spellings of one interest are one chip, and other words are two", () => {
  for (const [one, other] of [["Café", "cafe"], ["أفلام", "افلام"], ["Łódź", "lodz"], ["Ёлка", "елка"], ["ｱﾆﾒ", "アニメ"]]) {
    assert.deepEqual(addInterests([one], other), [one], other);
  }
  for (const [one, other] of [["かき", "がき"], ["мой", "мои"], ["हिंदी", "हदी"], ["c", "c++"], ["c#", "c"]]) {
    assert.deepEqual(addInterests([one], other), [one, other], other);
  }
});

test("of a list that was pasted as many interests are taken as the server takes", () => {
  const pasted = Array.from({ length: 40 }, (_, at) => `interest ${at}`).join("\n");
  assert.deepEqual(addInterests([], pasted), Array.from({ length: 10 }, (_, at) => `interest ${at}`));
  assert.deepEqual(addInterests(["one"], `${"x".repeat(40)}; ;\u3001two\r\n`), ["one", "x".repeat(32), "two"]);
});

test("the page's own words are the English ones", () => {
  const html = readFileSync(new URL("index.html", FOLDER), "utf8");
  const texts = [...html.matchAll(/data-text="(\w+)"[^>]*>([^<]*)</g)];
  const labels = [...html.matchAll(/data-label="(\w+)"[^>]*aria-label="([^"]*)"/g)];
  assert.ok(texts.length > 50 && labels.length > 5);

  for (const [, key, words] of [...texts, ...labels]) assert.equal(words, english[key], key);
});

test("no word of the document stays English in another language", () => {
  const html = readFileSync(new URL("index.html", FOLDER), "utf8").replace(/<head>.*<\/head>|<switch>.*?<\/switch>|<!--.*?-->/gs, "");
  const written = [...html.matchAll(/<(\w+)([^<>]*)>([^<]*\p{L}[^<]*)</gu)];
  const told = [...html.matchAll(/<\w+([^<>]*(?:aria-label|placeholder|alt|title)="[^"]+"[^<>]*)>/g)];
  assert.ok(written.length > 80 && told.length > 10);

  // The name of the site; and words that the script writes by the state.
  const own = ["brand-name", "stop-text", "skip-text"];
  const untranslated = written.filter(([, , attributes]) => !attributes.includes("data-text=") && !own.some((name) => attributes.includes(`"${name}"`)));
  assert.deepEqual(untranslated.map(([all]) => all), []);
  assert.deepEqual(told.filter(([, attributes]) => !attributes.includes("data-label=")).map(([all]) => all), []);
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

test("sentences are joined as each script does it", () => {
  assert.equal(joinSentences(["You stopped.", "Talk to someone else?"]), "You stopped. Talk to someone else?");
  assert.equal(joinSentences(["利用が停止されています。", "理由：嫌がらせ。"]), "利用が停止されています。理由：嫌がらせ。");
  assert.equal(joinSentences(["आपने रोक दी।", "किसी और से?"]), "आपने रोक दी। किसी और से?");
  assert.equal(joinSentences(["Closed for now.", ""]), "Closed for now.");
});
