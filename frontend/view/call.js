// @ts-check
/** The video side of a room: the call of `call/`, its pictures and its buttons. */

import { unlockSound } from "../call/view.js";
import { findVideoConfig } from "../config.js";
import { recall, remember } from "../preferences.js";
import { isInRoom } from "../session/state.js";
import { CallCheck } from "./call_check.js";
import { CallMessage } from "./call_message.js";
import { CallSettings } from "./call_settings.js";
import { showBadge, showPeer, showReveal } from "./call_signs.js";
import { outcomeOf } from "./call_wording.js";
import { box, button, find } from "./elements.js";

/**
 * @import { Calls } from "../call/calls.js"
 * @import { LocalMedia } from "../call/media.js"
 * @import { CallState } from "../call/state.js"
 * @import { Session } from "../session/state.js"
 */

// A camera that is open already answers at once; who is still being asked meets the stranger without a picture first.
const OPENING_MS = 1_500;

export class CallPanel {
  #panel = box("call");
  #mute = button("mute");
  #cameraOff = button("camera-off");
  #reveal = button("reveal");
  #remote = find(HTMLVideoElement, "remote-video");
  #local = find(HTMLVideoElement, "local-video");
  #check = new CallCheck();
  #message;
  #settings;
  /** @type {Promise<void> | null} */ #loading = null;
  /** @type {Calls | null} */ #calls = null;
  /** @type {LocalMedia | null} */ #media = null;
  /** @type {CallState | null} */ #state = null;
  /** @type {Session | null} */ #session = null;
  #config = { relayUrls: /** @type {string[]} */ ([]), hidesAddresses: false, blurUntilReveal: false };
  /** The person chose text, until they choose otherwise. */
  #textOnly = false;
  #confirmed = false;

  /** @param {{ signal: (room: string, data: object) => void, wantRelays: () => void, went: (room: string, call: string) => void }} actions */
  constructor(actions) {
    this.actions = actions;
    this.#message = new CallMessage({
      retry: () => this.#retry(),
      agree: () => this.#agree(),
      audio: () => this.#media?.setCameraOff(true),
      watch: () => {},
      text: () => this.#chooseText(),
      hear: () => this.#calls?.call?.unblockSound(),
      changed: () => this.#show(),
    });
    this.#settings = new CallSettings({
      panel: this.#panel, remote: this.#remote, local: this.#local, media: () => this.#media, blurs: () => this.#blurs,
    });
    this.#mute.addEventListener("click", () => this.#media?.setMuted(!this.#media.muted));
    this.#cameraOff.addEventListener("click", () => this.#media?.setCameraOff(!this.#media.cameraOff));
    this.#reveal.addEventListener("click", () => this.#calls?.call?.setRevealed(this.#state?.revealed !== true));
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
    if (was?.room?.id !== session.room?.id || was?.phase !== session.phase || this.#confirmed) this.#follow();
    this.#confirmed = false;
    this.#show();
  }

  /** A frame of signalling. @param {string} room @param {object} data */
  async receive(room, data) {
    await this.#loading;
    this.#calls?.signalled({ room, data });
  }

  /** The server confirmed the room: after a lost connection, or with fresh relays. The next update brings them. */
  goOn() {
    this.#confirmed = true;
  }

  /** The peer's connection is back. */
  async peerBack() {
    await this.#loading;
    const { room } = this.#session ?? {};
    if (room) this.#calls?.peerBack({ room: room.id });
  }

  /** The person wants video. This runs within their tap, which is what lets iOS play sound later. */
  #prepare() {
    this.#textOnly = false;
    unlockSound(this.#remote);
    this.#loading ??= this.#load();
    this.#loading.then(() => this.#open());
  }

  #open() {
    this.#media?.open();
    if (!recall("checked")) this.#check.run(this.#config, () => this.#show());
  }

  /** The call's modules are fetched only by those who want video. */
  async #load() {
    const modules = Promise.all([import("../call/calls.js"), import("../call/media.js")]);
    const [[{ Calls }, { LocalMedia }], config] = await Promise.all([modules, findVideoConfig()]);
    this.#config = config;
    this.#media = new LocalMedia();
    this.#media.chosen = { camera: recall("camera") || null, microphone: recall("microphone") || null };
    this.#media.addEventListener("change", () => this.#show());
    this.#calls = new Calls({
      media: this.#media,
      remoteVideo: this.#remote,
      localVideo: this.#local,
      send: this.actions.signal,
      requestRelays: this.actions.wantRelays,
      agreed: (relayOnly) => !this.#textOnly && (relayOnly || recall("showAddress")),
      blurUntilReveal: () => this.#blurs,
      onState: (state) => this.#take(state),
    });
    this.#local.srcObject = this.#media.stream;
  }

  get #blurs() {
    const chosen = recall("blur");
    return chosen === "" ? this.#config.blurUntilReveal : chosen === "on";
  }

  /** Open the call of the room that is open now, or end the one of a room that is over. */
  async #follow() {
    await this.#loading;
    const opened = this.#media?.opening;
    if (this.#calls?.call?.room !== this.#session?.room?.id) {
      await Promise.race([opened, new Promise((resolve) => { setTimeout(resolve, OPENING_MS); })]);
    }
    const session = this.#session;
    if (session === null || this.#calls === null || session.link !== "open") return;
    const { room } = session;
    if (!isInRoom(session) || room?.mode !== "video") return this.#calls.end();
    const { id, polite, relayOnly } = room;
    const iceServers = /** @type {RTCIceServer[]} */ (room.iceServers);
    this.#calls.paired({ room: id, polite, iceServers, relayOnly }, { resumed: room.restored });
    if (this.#textOnly && this.#state?.held) this.#calls.call?.decline();
  }

  /** @param {CallState | null} state */
  #take(state) {
    this.#state = state;
    if (state?.phase === "connected") remember("checked", true);
    const room = this.#calls?.call?.room;
    const went = outcomeOf(state);
    if (room && went !== null) this.actions.went(room, went);
    this.#show();
  }

  #retry() {
    if (this.#state?.phase === "failed") this.#calls?.call?.retry();
    else this.#media?.open();
  }

  #agree() {
    const { call } = this.#calls ?? {};
    this.#textOnly = false;
    if (this.#state?.held !== false || this.#state.address === "direct") remember("showAddress", true);
    if (this.#state?.reason === "declined") call?.retry();
    else call?.start();
    this.#show();
  }

  #chooseText() {
    this.#textOnly = true;
    this.#calls?.call?.decline();
    this.#show();
  }

  #giveBack() {
    this.#calls?.end();
    this.#media?.close();
    this.#settings.close();
    if (document.pictureInPictureElement === this.#remote) document.exitPictureInPicture();
  }

  #show() {
    const state = this.#state;
    const media = this.#media;
    const searching = this.#session?.phase === "searching";
    const asksConsent = searching ? !this.#config.hidesAddresses && !recall("showAddress") : state?.held === true;
    const told = { problems: media?.problems, state, consent: asksConsent && media !== null, textOnly: this.#textOnly };
    const quiet = !this.#message.show(told);
    this.#check.show(media?.problems, searching && quiet && !recall("checked"));
    showBadge(state);
    showPeer(state);
    showReveal(state, this.#calls?.call?.options.blurUntilReveal === true);
    box("call-actions").hidden = media === null || this.#textOnly;
    this.#mute.setAttribute("aria-pressed", String(media?.muted === true));
    this.#cameraOff.setAttribute("aria-pressed", String(media?.cameraOff === true));
    this.#settings.update();
    this.#panel.classList.toggle("without-picture", state?.picture !== true);
    this.#panel.classList.toggle("blurred", state?.clear === false);
    this.#panel.classList.toggle("text-only", this.#textOnly || state?.step === "text");
    this.#local.hidden = media?.camera !== true || recall("hideOwn");
  }
}
