// @ts-check
/** The video side of a room: the call of `call/`, its pictures, its buttons and its words. */

import { write } from "../language.js";
import { isInRoom } from "../session/state.js";
import { badgeKey, problemKey, stateKey } from "./call_wording.js";
import { box, button, find } from "./elements.js";

/**
 * @import { Calls } from "../call/calls.js"
 * @import { LocalMedia } from "../call/media.js"
 * @import { CallState } from "../call/state.js"
 * @import { Session } from "../session/state.js"
 */

export class CallPanel {
  #panel = box("call");
  #message = box("call-message");
  #retry = button("call-retry");
  #sound = button("call-sound");
  #mute = button("mute");
  #cameraOff = button("camera-off");
  #remote = find(HTMLVideoElement, "remote-video");
  #local = find(HTMLVideoElement, "local-video");
  /** @type {Promise<void> | null} */ #loading = null;
  /** @type {Calls | null} */ #calls = null;
  /** @type {LocalMedia | null} */ #media = null;
  /** @type {CallState | null} */ #state = null;
  /** @type {Session | null} */ #session = null;

  /** @param {{ signal: (room: string, data: object) => void, wantRelays: () => void }} actions */
  constructor(actions) {
    this.actions = actions;
    this.#mute.addEventListener("click", () => this.#media?.setMuted(press(this.#mute)));
    this.#cameraOff.addEventListener("click", () => this.#media?.setCameraOff(press(this.#cameraOff)));
    this.#sound.addEventListener("click", () => this.#calls?.call?.unblockSound());
    this.#retry.addEventListener("click", () => {
      if (this.#state?.phase === "failed") this.#calls?.call?.retry();
      else this.#media?.open();
    });
  }

  /** @param {Session} session */
  update(session) {
    const was = this.#session;
    this.#session = session;
    const wanted = session.wish?.mode === "video";
    this.#panel.hidden = !wanted;
    document.documentElement.classList.toggle("with-call", wanted);
    if (wanted && was?.wish?.mode !== "video") this.#prepare();
    if (!wanted && was?.wish?.mode === "video") this.#giveBack();
    if (was?.room?.id !== session.room?.id || was?.phase !== session.phase) this.#follow();
    this.#show();
  }

  /** A frame of signalling for this room. @param {string} room @param {object} data */
  async receive(room, data) {
    await this.#loading;
    this.#calls?.signalled({ room, data });
  }

  /** The server confirmed the room: after a lost connection, or with fresh relays. */
  goOn() {
    this.#follow();
  }

  /** The peer's connection is back. */
  async peerBack() {
    await this.#loading;
    const { room } = this.#session ?? {};
    if (room) this.#calls?.peerBack({ room: room.id });
  }

  /** The person wants video. This runs within their tap, which is what lets iOS play sound later. */
  #prepare() {
    this.#remote.muted = false;
    this.#remote.play().catch(() => {}); // There is nothing to play yet; the tap has counted all the same.
    this.#loading ??= this.#load();
    this.#loading.then(() => this.#media?.open());
  }

  /** The call's modules are fetched only by those who want video. */
  async #load() {
    const [{ Calls }, { LocalMedia }] = await Promise.all([import("../call/calls.js"), import("../call/media.js")]);
    this.#media = new LocalMedia();
    this.#media.addEventListener("change", () => this.#show());
    this.#local.srcObject = this.#media.stream;
    this.#calls = new Calls({
      media: this.#media,
      remoteVideo: this.#remote,
      localVideo: this.#local,
      send: this.actions.signal,
      requestRelays: this.actions.wantRelays,
      onState: (state) => {
        this.#state = state;
        this.#show();
      },
    });
  }

  /** Open the call of the room that is open now, or end the one of a room that is over. */
  async #follow() {
    await this.#loading;
    const session = this.#session;
    if (session === null || this.#calls === null || session.link !== "open") return;
    const { room } = session;
    if (!isInRoom(session) || room?.mode !== "video") return this.#calls.end();
    const { id, polite, relayOnly } = room;
    const iceServers = /** @type {RTCIceServer[]} */ (room.iceServers);
    this.#calls.paired({ room: id, polite, iceServers, relayOnly }, { resumed: room.restored });
  }

  #giveBack() {
    this.#calls?.end();
    this.#media?.close();
  }

  #show() {
    const problem = problemKey(this.#media?.problems);
    const state = stateKey(this.#state);
    const key = problem ?? state;
    this.#message.hidden = key === null;
    if (key !== null) write(box("call-note"), key);
    this.#retry.hidden = problem === null && this.#state?.phase !== "failed";
    this.#sound.hidden = this.#state?.soundBlocked !== true;
    const badge = badgeKey(this.#state);
    box("call-badge").hidden = badge === null;
    if (badge !== null) write(box("call-badge"), badge);
    box("call-actions").hidden = this.#media === null;
    this.#panel.classList.toggle("without-picture", this.#state?.picture !== true);
    this.#panel.classList.toggle("blurred", this.#state?.clear === false);
    this.#local.hidden = this.#media?.camera !== true;
  }
}

/** Turn a button that is either in or out, and return whether it is in now. @param {HTMLButtonElement} element */
function press(element) {
  const pressed = element.getAttribute("aria-pressed") !== "true";
  element.setAttribute("aria-pressed", String(pressed));
  return pressed;
}
