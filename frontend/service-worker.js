// @ts-check
/// <reference lib="webworker" />
/**
 * Shows a page of our own when there is no network, paints in the chosen colours at once, and announces reloads.
 *
 * It keeps nothing of the product itself: what is running is always what the server has, and no update can be missed.
 */

/** Grows with the files below, so that an older copy of them is dropped. */
const OFFLINE_CACHE = "passerby-offline-1";
const OFFLINE_PAGE = "/offline.html";
const OFFLINE_FILES = [
  OFFLINE_PAGE, "/offline.js", "/styles/colors.css", "/styles/base.css", "/styles/offline.css", "/images/icon.svg",
];

/** Where theme.js leaves the person's choice. */
const CHOICE_CACHE = "passerby-choice";
const THEME_PATH = "/styles/theme.css";

/** A page that does not answer so long is frozen or busy; a navigation waits for it no longer. */
const ANSWER_WITHIN_MS = 150;

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => {
  event.waitUntil(install());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== worker.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate") event.respondWith(navigate(event.request));
  else if (pathname === THEME_PATH) event.respondWith(chosenTheme(event.request));
  else if (OFFLINE_FILES.includes(pathname)) event.respondWith(fetchOrCopy(event.request));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(focusPage());
});

async function install() {
  const cache = await caches.open(OFFLINE_CACHE);
  await cache.addAll(OFFLINE_FILES);
  await worker.skipWaiting();
}

async function activate() {
  const kept = [OFFLINE_CACHE, CHOICE_CACHE];
  const old = (await caches.keys()).filter((name) => !kept.includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** @param {Request} request @returns {Promise<Response>} */
async function navigate(request) {
  await announce();
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE_PAGE)) ?? Response.error();
  }
}

/** Tell our pages that one of them may be about to be replaced by itself: leaving.js says why. */
async function announce() {
  const pages = await worker.clients.matchAll({ type: "window" });
  const answers = pages.map((page) => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    page.postMessage({ navigating: true }, [port2]);
  }));
  await Promise.race([Promise.all(answers), new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS))]);
}

/** @param {Request} request @returns {Promise<Response>} */
async function chosenTheme(request) {
  const cache = await caches.open(CHOICE_CACHE);
  return (await cache.match(THEME_PATH)) ?? fetch(request);
}

/** @param {Request} request @returns {Promise<Response>} */
async function fetchOrCopy(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

async function focusPage() {
  const [page] = await worker.clients.matchAll({ type: "window" });
  await page?.focus();
}
