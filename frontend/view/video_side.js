// @ts-check
/** The video side of a room: its view comes once the page can be used, its connection when this person chooses video. */

import { isAboutVideo } from "../session/state.js";
import { find } from "./elements.js";

/**
 * @import { CallActions, CallPanel } from "./call.js"
 * @import { Session } from "../session/state.js"
 */

export class VideoSide {
  #actions;
  /** @type {Promise<void> | null} */ #loading = null;
  /** @type {CallPanel | null} */ #call = null;
  /** @type {Session | null} */ #session = null;

  /** @param {CallActions} actions */
  constructor(actions) {
    this.#actions = actions;
  }

  /** Fetch it, once, whether or not it is wanted yet. Where the network failed, the next tap on video fetches it again. */
  load() {
    this.#loading ??= this.#load().catch(() => { this.#loading = null; });
  }

  /** @param {Session} session */
  update(session) {
    const wasWanted = isAboutVideo(this.#session);
    this.#session = session;
    if (isAboutVideo(session) && !wasWanted) {
      // This runs within the person's tap, which is what lets iOS play sound later.
      unlockSound(find(HTMLVideoElement, "remote-video"));
      this.load();
    }
    this.#call?.update(session);
  }

  /** A frame of signalling. @param {string} room @param {object} data */
  async receive(room, data) {
    await this.#loading;
    return this.#call?.receive(room, data);
  }

  /** The server confirmed the room: after a lost connection, or with fresh relays. The next update brings them. */
  roomConfirmed() {
    this.#call?.roomConfirmed();
  }

  /** The peer's connection is back. */
  async peerBack() {
    await this.#loading;
    return this.#call?.peerBack();
  }

  async #load() {
    const { CallPanel } = await import("./call.js");
    this.#call = new CallPanel(this.#actions);
    if (this.#session !== null) this.#call.update(this.#session);
  }
}

/** Called inside the person's first tap: iOS lets an element play sound later only if it was started in a tap.
 * @param {HTMLVideoElement} video */
export function unlockSound(video) {
  video.muted = false;
  // The promise is rejected because there is nothing to play yet; the tap has counted all the same.
  video.play().catch(() => {});
}
