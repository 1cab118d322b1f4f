// @ts-check
/** What calls the person back: sound, notification, vibration, and the title. Each only if it was asked for. */

import { text } from "./language.js";
import { recall } from "./preferences.js";

/** Two tones for a meeting, one for a line: frequency in hertz and start in seconds. */
const TONES = { matched: [[523, 0], [784, 0.12]], line: [[659, 0]] };
const TONE_SECONDS = 0.22;
const LOUDNESS = 0.12;

export class Alerts {
  /** @type {AudioContext | null} */ #audio = null;
  /** @type {Notification | null} */ #shown = null;
  #unread = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => document.hidden || this.#forget());
    window.addEventListener("focus", () => this.#forget());
  }

  /** Within a tap, so that the browser lets sound be played later. */
  prime() {
    if (recall("sound")) this.#audio ??= new AudioContext();
    this.#audio?.resume();
  }

  matched() {
    this.#alert("matched", [80, 60, 80]);
    if (isAway()) this.#notify(text("alert_matched"));
  }

  /** @param {number} count */
  linesArrived(count) {
    if (!isAway()) return;
    this.#unread += count;
    this.#alert("line", [60]);
    this.#notify(text("alert_line"));
    this.#showTitle();
  }

  /** A short tone, for whoever switches sound on. */
  sample() {
    this.prime();
    this.#play("line");
  }

  #showTitle() {
    const title = `Passerby: ${text("tagline")}`;
    document.title = this.#unread > 0 ? `(${this.#unread}) ${title}` : title;
  }

  /** In another language, and without what has been seen. */
  refresh() {
    this.#showTitle();
  }

  /** @param {keyof typeof TONES} name @param {number[]} rhythm */
  #alert(name, rhythm) {
    if (recall("sound")) this.#play(name);
    if (recall("vibration")) navigator.vibrate?.(rhythm);
  }

  /** @param {keyof typeof TONES} name */
  #play(name) {
    const audio = this.#audio;
    if (audio === null || audio.state !== "running") return;
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

  /** What was said is not repeated on a screen that others may see. @param {string} words */
  async #notify(words) {
    if (!recall("notifications") || !("Notification" in window) || Notification.permission !== "granted") return;
    const options = { body: words, tag: "passerby", icon: "/images/icon-192.png" };
    try {
      this.#shown = new Notification("Passerby", options);
      this.#shown.onclick = () => window.focus();
    } catch {
      // Phones show notifications only through the service worker.
      const registration = await navigator.serviceWorker?.getRegistration();
      await registration?.showNotification("Passerby", options);
    }
  }

  #forget() {
    this.#unread = 0;
    this.#shown?.close();
    this.#showTitle();
  }
}

function isAway() {
  return document.hidden || !document.hasFocus();
}
