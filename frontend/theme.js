// @ts-check
/** Light or dark: as the device, unless the person chose. */

/** Shared with the service worker, which answers `styles/theme.css` from it before anything is painted. */
const CACHE = "passerby-choice";

/** @param {string} theme "light", "dark" or "system" */
export async function applyTheme(theme) {
  const scheme = theme === "light" || theme === "dark" ? theme : "light dark";
  document.documentElement.style.colorScheme = scheme;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    if (!(meta instanceof HTMLMetaElement)) continue;
    meta.dataset.media ??= meta.media;
    const fits = scheme === "light dark" || meta.dataset.media.includes(scheme);
    meta.media = scheme === "light dark" ? meta.dataset.media : fits ? "all" : "not all";
  }
  try {
    const headers = { "content-type": "text/css" };
    const choice = new Response(`:root { color-scheme: ${scheme}; }`, { headers });
    await (await caches.open(CACHE)).put("/styles/theme.css", choice);
  } catch {
    // No caches here (an insecure origin, a private window): then the choice is applied a moment after the first paint.
  }
}
