// @ts-check
/** The video side of a room: the call of `call/`, its pictures and its buttons. */

import { write } from "../language.js";
import { isInRoom } from "../session/state.js";
import { box, button, find } from "./elements.js";

/**
 * @import { Key } from "../language.js"
 * @import { Session } from "../session/state.js"
 */

/** What a call says about itself, where it says anything. @type {Record<string, Key>} */
const PHASE_KEYS = { waiting: "call_waiting", connecting: "call_connecting", reconnecting: "call_reconnecting" };

export class CallPanel {
  #panel = box("call");
  #note = box("call-note");
  #actions = box("call-actions");
  #mute = button("mute");
  #cameraOff = button("camera-off");
  #remote = find(HTMLVideoElement, "remote-video");
  #local = find(HTMLVideoElement, "local-video");
  /** @type {Promise<any> | null} */ #loading = null;
  /** @type {any} */ #calls = null;
  /** @type {any} */ #media = null;
  /** @type {any} */ #state = null;
  /** @type {Session | null} */ #session = null;

  /** @param {{ signal: (room: string, data: object) => void, wantRelays: () => void }} actions */
  constructor(actions) {
    this.actions = actions;
    this.#mute.addEventListener("click", () => this.#media?.setMuted(press(this.#mute)));
    this.#cameraOff.addEventListener("click", () => this.#media?.setCameraOff(press(this.#cameraOff)));
  }

  /** The person wants video: ask for camera and microphone, within their tap. */
  async prepare() {
    this.#remote.muted = false;
    this.#remote.play().catch(() => {}); // Nothing to play yet; but iOS lets it sound later because of this tap.
    await this.#load();
    await this.#media?.open();
  }

  /** @param {Session} session */
  update(session) {
    const was = this.#session;
    this.#session = session;
    const wanted = session.wish?.mode === "video";
    this.#panel.hidden = !wanted;
    document.documentElement.classList.toggle("with-call", wanted);
    if (!wanted && was?.wish?.mode === "video") this.#giveBack();
    if (was?.room !== session.room) this.#follow(session);
    this.#show();
  }

  /** A frame of signalling for this room. @param {string} room @param {object} data */
  async receive(room, data) {
    await this.#load();
    this.#calls?.signalled({ room, data });
  }

  /** The way to the peer works again. */
  async reconnected() {
    const { room } = this.#session ?? {};
    await this.#loading;
    if (room) this.#calls?.peerBack({ room: room.id });
  }

  /** @param {Session} session */
  async #follow(session) {
    await this.#load();
    const { room } = session;
    if (this.#calls === null || this.#session !== session || room === null) return;
    if (isInRoom(session) && room.mode === "video") this.#calls.paired(room);
    else this.#calls.end();
  }

  /** The call's modules are fetched only by those who want video. */
  #load() {
    if (this.#session?.wish?.mode === "text") return Promise.resolve();
    this.#loading ??= this.#create();
    return this.#loading;
  }

  async #create() {
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
      onState: (/** @type {any} */ state) => {
        this.#state = state;
        this.#show();
      },
    });
  }

  #giveBack() {
    this.#calls?.end();
    this.#media?.close();
  }

  #show() {
    const key = this.#noteKey();
    this.#note.hidden = key === null;
    if (key !== null) write(this.#note, key);
    this.#actions.hidden = this.#media === null;
    this.#panel.classList.toggle("without-picture", !this.#state?.picture);
    this.#local.hidden = !this.#media?.camera;
  }

  /** @returns {Key | null} */
  #noteKey() {
    const { camera, microphone } = this.#media?.problems ?? {};
    const problem = camera ?? microphone;
    if (problem) return /** @type {Key} */ (`problem_${problem}`);
    if (this.#state?.reason) return /** @type {Key} */ (`call_${this.#state.reason}`);
    return PHASE_KEYS[this.#state?.phase] ?? null;
  }
}

/** Turn a button that is either in or out, and return whether it is in now. @param {HTMLButtonElement} element */
function press(element) {
  const pressed = element.getAttribute("aria-pressed") !== "true";
  element.setAttribute("aria-pressed", String(pressed));
  return pressed;
}
