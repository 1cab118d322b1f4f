// @ts-check
/** Light or dark: as the device, unless the person chose. */

/** Shared with the service worker, which writes it into each document before anything is painted. */
export const CACHE = "passerby-choice";
const PLACE = "/theme";

/** @param {string} theme "light", "dark" or "system" */
export async function applyTheme(theme) {
  const scheme = theme === "light" || theme === "dark" ? theme : "light dark";
  document.documentElement.dataset.theme = theme;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    if (!(meta instanceof HTMLMetaElement)) continue;
    meta.dataset.media ??= meta.media;
    const fits = scheme === "light dark" || meta.dataset.media.includes(scheme);
    meta.media = scheme === "light dark" ? meta.dataset.media : fits ? "all" : "not all";
  }
  try {
    await (await caches.open(CACHE)).put(PLACE, new Response(theme));
  } catch {
    // No caches here (an insecure origin, a private window): then the choice is applied a moment after the first paint.
  }
}
