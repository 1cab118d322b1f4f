// @ts-check
/// <reference lib="webworker" />
/**
 * Shows a page of our own when there is no network, paints in the chosen colours at once, and announces reloads.
 *
 * It keeps nothing of the product itself: the running page is always the server's, and no update can be missed.
 */

/** Grows with the files below, so that an older copy of them is dropped. */
const OFFLINE_CACHE = "passerby-offline-2";
const OFFLINE_PAGE = "/offline.html";
const OFFLINE_FILES = [
  OFFLINE_PAGE, "/offline.js", "/styles/colors.css", "/styles/base.css", "/styles/offline.css", "/images/icon.svg",
];

/** The page without a network is the operator's own, who may change it without a new version of this file. */
const OFFLINE_PAGE_KEPT_MS = 24 * 3_600_000;

/** Where theme.js leaves the person's choice. */
const CHOICE_CACHE = "passerby-choice";
const CHOICE_PLACE = "/theme";
const CHOICES = ["light", "dark"];

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
  if (event.request.mode === "navigate") {
    event.respondWith(navigate(event.request));
    event.waitUntil(refresh());
  } else if (OFFLINE_FILES.includes(pathname)) event.respondWith(fetchOrCopy(event.request));
});

worker.addEventListener("message", (event) => {
  const { data, source } = event;
  if (!(source instanceof WindowClient)) return;
  if (data?.notify) event.waitUntil(notify(data.notify, source.id));
  if (data?.seen) event.waitUntil(clear(source.id));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(focusPage(event.notification.data));
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
    return await inChosenTheme(await fetch(request));
  } catch {
    const page = await caches.match(OFFLINE_PAGE);
    return page === undefined ? Response.error() : inChosenTheme(page);
  }
}

/** A copy of the offline page that is older than a day, or of no known age, is fetched again. */
async function refresh() {
  const kept = await caches.match(OFFLINE_PAGE, { cacheName: OFFLINE_CACHE });
  if (kept === undefined) return; // Not installed yet.
  if (Date.now() - Date.parse(kept.headers.get("date") ?? "") < OFFLINE_PAGE_KEPT_MS) return;
  try {
    await (await caches.open(OFFLINE_CACHE)).add(OFFLINE_PAGE);
  } catch {
    // No network: the copy is what there is.
  }
}

/** Write the chosen theme of a person into the document. @param {Response} response */
async function inChosenTheme(response) {
  const choice = await (await caches.match(CHOICE_PLACE, { cacheName: CHOICE_CACHE }))?.text() ?? "";
  const isDocument = response.headers.get("content-type")?.startsWith("text/html");
  if (!isDocument || !CHOICES.includes(choice)) return response;
  const words = (await response.text()).replace("<html ", `<html data-theme="${choice}" `);
  return new Response(words, { status: response.status, headers: response.headers });
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
async function fetchOrCopy(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

/** A tab replaces its own notification and no other's. @param {{ title: string, options: NotificationOptions }} words @param {string} tab */
function notify({ title, options }, tab) {
  return worker.registration.showNotification(title, { ...options, tag: tab, data: tab });
}

/** A tab's notification was seen; a notification of a page that is gone, as after a reload, leads nowhere. @param {string} tab */
async function clear(tab) {
  for (const each of await worker.registration.getNotifications()) {
    if (each.data === tab || (await worker.clients.get(each.data)) === undefined) each.close();
  }
}

/** The tab that it belongs to, or where that is gone another one. @param {string} tab */
async function focusPage(tab) {
  const pages = await worker.clients.matchAll({ type: "window" });
  const page = pages.find(({ id }) => id === tab) ?? pages[0];
  await (page === undefined ? worker.clients.openWindow("/") : page.focus());
}
