/** The palette against WCAG 2.2: every pair that the page lays on one another, in both themes. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../frontend/styles/colors.css", import.meta.url), "utf8");
const declared = Object.fromEntries([...css.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]));
const THEMES = { light: 0, dark: 1 };

const TEXT = 4.5; // 1.4.3
const SHAPE = 3; // 1.4.11

/** Pairs of colours that lie on each other, and how much they must differ. */
const PAIRS = [
  ["text", "page", TEXT], ["text", "surface", TEXT], ["text", "surface-hover", TEXT],
  ["quiet-text", "page", TEXT], ["quiet-text", "surface", TEXT],
  ["accent-text", "page", TEXT], ["accent-text", "surface", TEXT],
  ["danger-text", "page", TEXT], ["danger-text", "surface", TEXT],
  ["on-accent", "accent", TEXT], ["on-accent", "accent-hover", TEXT], ["white", "danger", TEXT],
  ["own-text", "own-bubble", TEXT], ["their-text", "their-bubble", TEXT],
  ["on-highlight", "highlight", TEXT], ["highlight-text", "highlight-surface", TEXT], ["page", "text", TEXT],
  ["control-border", "page", SHAPE], ["control-border", "surface", SHAPE],
  ["focus", "page", SHAPE], ["focus", "surface", SHAPE], ["accent", "page", SHAPE],
];

/** The landing is tinted; axe does not look through gradients, so its worst places are looked at here. */
const TINTS = [["glow-above", 0.24], ["glow-below", 0.2]];

for (const theme of Object.keys(THEMES)) {
  test(`every pair of colours differs enough in the ${theme} theme`, () => {
    for (const [above, below, least] of PAIRS) {
      const ratio = contrast(resolve(above, theme), resolve(below, theme));
      assert.ok(ratio >= least, `${above} on ${below}: ${ratio.toFixed(2)} is less than ${least}`);
    }
    for (const [tint, share] of TINTS) {
      const ground = mix(resolve(tint, theme), resolve("page", theme), share);
      for (const above of ["text", "quiet-text", "accent-text"]) {
        const ratio = contrast(resolve(above, theme), ground);
        assert.ok(ratio >= TEXT, `${above} on the page tinted with ${tint}: ${ratio.toFixed(2)}`);
      }
    }
  });
}

test("what lies on a picture can be read on any picture, also on a white one", () => {
  const call = readFileSync(new URL("../../frontend/styles/call.css", import.meta.url), "utf8");
  const plates = [...call.matchAll(/background:\s+rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)/g)].map((found) => found.slice(1).map(Number));
  const quiet = /--quiet-text: #(\w{6});/.exec(call)?.[1] ?? "";
  const words = [[255, 255, 255], [0, 2, 4].map((start) => Number.parseInt(quiet.slice(start, start + 2), 16))];
  assert.ok(plates.length > 6);
  for (const [red, green, blue, percent] of plates) {
    const ground = mix([red, green, blue], [255, 255, 255], percent / 100);
    for (const above of words) assert.ok(contrast(above, ground) >= TEXT, `${above} on ${red} ${green} ${blue} at ${percent} %`);
  }
});

/** The red, green and blue of a colour's name, from 0 to 255. */
function resolve(name, theme) {
  const value = declared[name];
  assert.ok(value, `there is a colour named ${name}`);
  const parts = /^light-dark\((.+), (.+)\)$/.exec(value);
  const own = parts ? parts[1 + THEMES[theme]] : value;
  const other = /^var\(--([\w-]+)\)$/.exec(own);
  if (other) return resolve(other[1], theme);
  assert.match(own, /^#[0-9a-f]{6}$/, name);
  return [1, 3, 5].map((start) => Number.parseInt(own.slice(start, start + 2), 16));
}

function mix(one, other, share) {
  return one.map((value, index) => value * share + other[index] * (1 - share));
}

/** The contrast ratio of WCAG 2.2. */
function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((first, second) => first - second);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color) {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
