// @ts-check
/**
 * Whether a page that is being left will be back: a reload goes on with the conversation, a closed tab ends it at once.
 *
 * No browser says which. But the request of a reload passes the service worker before the old page has to go, so the
 * worker announces every navigation and waits for a word of its pages. Where none is at work (the first moments of the
 * first visit, some private windows) nobody knows.
 */

/** Before the page's end comes the server's answer; beyond it the announcement was for another tab. */
const ANNOUNCED_FOR_MS = 10_000;

/** @typedef {"back soon" | "gone" | "unknown"} Outlook */

export class Leaving {
  #announcedAt = -Infinity;

  constructor() {
    navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => {
      if (data?.navigating !== true) return;
      this.#announcedAt = performance.now();
      ports[0]?.postMessage(true);
    });
    // A reload past all caches also passes by the service worker; its keys are all that is seen of it.
    window.addEventListener("keydown", (event) => {
      if (isReload(event)) this.#announcedAt = performance.now();
    }, { capture: true });
  }

  /**
   * The outlook when the page is left now.
   * @param {boolean} kept the browser keeps the page, to show it again if somebody goes back
   * @returns {Outlook}
   */
  outlook(kept) {
    if (performance.now() - this.#announcedAt < ANNOUNCED_FOR_MS) return "back soon";
    return kept || !navigator.serviceWorker?.controller ? "unknown" : "gone";
  }
}

/** @param {{ key: string, ctrlKey: boolean, metaKey: boolean }} event */
export function isReload({ key, ctrlKey, metaKey }) {
  return key === "F5" || ((ctrlKey || metaKey) && key.toLowerCase() === "r");
}
