// @ts-check
/** Signals that call the person back: title and icon always; sound, notification and vibration if they were asked for. */

import { siteName, text } from "./language.js";
import { recall, remember } from "./preferences.js";

/** Two tones for a meeting, one for a line: frequency in hertz and start in seconds. */
const TONES = { matched: [[523, 0], [784, 0.12]], line: [[659, 0]] };
const TONE_SECONDS = 0.22;
const LOUDNESS = 0.12;

/** A sound that the browser plays later than this would seem to be about something else. */
const LATEST_SOUND_MS = 1_000;

/** Events that browsers take for a sign of the person, after which sound may be played. */
const GESTURES = ["pointerdown", "pointerup", "keydown"];

export class Alerts {
  /** @type {AudioContext | null} */ #audio = null;
  /** @type {Notification | null} */ #shown = null;
  #icon = document.querySelector("link[rel=icon]");
  #quiet = this.#icon?.getAttribute("href");
  #unread = 0;
  #met = false;

  constructor() {
    document.addEventListener("visibilitychange", () => document.hidden || this.#forget());
    window.addEventListener("focus", () => this.#forget());
    window.addEventListener("pagehide", () => this.#clear());
    // A reload forgets that sound was allowed, and a browser may take it back.
    this.#clear(); // A mark may stand there from before a reload.
    for (const name of GESTURES) window.addEventListener(name, () => this.prime(), { capture: true, passive: true });
  }

  /** Within a tap or a key, so that the browser lets sound be played later. */
  prime() {
    if (!recall("sound")) return;
    this.#audio ??= new AudioContext();
    if (this.#audio.state !== "running") void this.#audio.resume();
  }

  matched() {
    this.#alert("matched", [80, 60, 80]);
    if (!isAway()) return;
    this.#met = true;
    this.#unread = 0;
    this.#notify(text("alert_matched"));
    this.refresh();
  }

  /** @param {number} count */
  linesArrived(count) {
    if (!isAway()) return;
    this.#unread += count;
    this.#alert("line", [60]);
    this.#notify(text("alert_line"));
    this.refresh();
  }

  /** A short tone, for a person who switches sound on. */
  sample() {
    this.prime();
    void this.#play("line");
  }

  /** Whether any signal tells a person who looks elsewhere that a stranger came. */
  get isOn() {
    return recall("sound") || this.isShown;
  }

  /** Whether notifications are shown. */
  get isShown() {
    return recall("notifications") && permission() === "granted";
  }

  /** Within a tap: switch on all signals that can call the person. @returns {Promise<"granted" | "denied" | "missing">} whether notifications can */
  async switchOn() {
    remember("sound", true);
    this.sample();
    if (permission() === "missing") return "missing";
    const isAllowed = (await Notification.requestPermission()) === "granted";
    remember("notifications", isAllowed);
    return isAllowed ? "granted" : "denied";
  }

  /** Title and icon, in the language in use: they tell that something waits to be seen. */
  refresh() {
    const title = this.#met ? text("alert_matched") : `${siteName()}: ${text("tagline")}`;
    document.title = `${this.#unread > 0 ? `(${this.#unread}) ` : ""}${this.#met ? "● " : ""}${title}`;
    const isWaiting = this.#met || this.#unread > 0;
    const wanted = (isWaiting ? this.#icon?.getAttribute("data-alert") : this.#quiet) ?? "";
    if (this.#icon?.getAttribute("href") !== wanted) this.#icon?.setAttribute("href", wanted);
  }

  /** @param {keyof typeof TONES} name @param {number[]} rhythm */
  #alert(name, rhythm) {
    if (recall("sound")) void this.#play(name);
    if (recall("vibration")) navigator.vibrate?.(rhythm);
  }

  /** @param {keyof typeof TONES} name */
  async #play(name) {
    if (navigator.userActivation?.hasBeenActive !== false) this.prime(); // Before, a browser would only complain.
    const audio = this.#audio;
    if (audio === null) return;
    if (audio.state !== "running") await Promise.race([audio.resume(), new Promise((late) => setTimeout(late, LATEST_SOUND_MS))]);
    if (audio.state !== "running") return;
    for (const [hertz, start] of TONES[name]) {
      const at = audio.currentTime + start;
      const tone = new OscillatorNode(audio, { frequency: hertz, type: "sine" });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, at + TONE_SECONDS);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + TONE_SECONDS);
    }
  }

  /** The stranger's words are not repeated on a screen that others may see. @param {string} words */
  async #notify(words) {
    if (!this.isShown) return;
    const picture = document.querySelector("link[rel=apple-touch-icon]")?.getAttribute("href");
    const options = { body: words, ...(picture ? { icon: picture } : {}) };
    this.#shown?.close();
    try {
      this.#shown = new Notification(siteName(), options);
      this.#shown.onclick = () => window.focus();
    } catch {
      // Phones show notifications only through the service worker, which notes the tab that asked.
      void tellWorker({ notify: { title: siteName(), options } });
    }
  }

  #forget() {
    this.#unread = 0;
    this.#met = false;
    this.#clear();
    this.refresh();
  }

  /** Take back the notification: it was seen, or its page is gone. */
  #clear() {
    this.#shown?.close();
    this.#shown = null;
    if (this.isShown) void tellWorker({ seen: true });
  }
}

function isAway() {
  return document.hidden || !document.hasFocus();
}

/** @returns {NotificationPermission | "missing"} */
function permission() {
  return "Notification" in window ? Notification.permission : "missing";
}

/** @param {object} message */
async function tellWorker(message) {
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.active?.postMessage(message);
}
