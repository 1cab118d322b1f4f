// @ts-check
/** The video side of a room: the call of `call/`, its pictures and its buttons. */

import { FIRST_WORDS } from "../call/intent.js";
import { LocalMedia } from "../call/media.js";
import { findVideoConfig } from "../config.js";
import { recall, recallInTab, remember, rememberInTab } from "../preferences.js";
import { isAboutVideo, isInRoom } from "../session/state.js";
import { CallMessage } from "./call_message.js";
import { CallPictures } from "./call_pictures.js";
import { CallSettings } from "./call_settings.js";
import { showBadge, showOwn, showPeer, showReveal } from "./call_signs.js";
import { outcomeOf } from "./call_wording.js";
import { CallWindows } from "./call_windows.js";
import { box, button, find } from "./elements.js";
import { GreenRoom } from "./green_room.js";

/**
 * @import { Calls } from "../call/calls.js"
 * @import { Words } from "../call/intent.js"
 * @import { CallState } from "../call/state.js"
 * @import { Session } from "../session/state.js"
 *
 * @typedef {{ signal: (room: string, data: object) => void, wantRelays: () => void, went: (room: string, call: string) => void,
 *   ready: () => void, text: () => void, report: () => void }} CallActions
 */

// A camera that is open already answers at once; one that is only being switched on meets the stranger without a picture.
const OPENING_MS = 1_500;

export class CallPanel {
  #panel = box("call");
  #mute = button("mute");
  #cameraOff = button("camera-off");
  #blur = button("blur-stranger");
  #reveal = button("reveal");
  #remote = find(HTMLVideoElement, "remote-video");
  #local = find(HTMLVideoElement, "local-video");
  #pictures = new CallPictures();
  #windows = new CallWindows(this.#remote, () => this.#show());
  #green;
  #message;
  #settings;
  #media = new LocalMedia({
    memory: memoryOf(FIRST_WORDS),
    chosen: { camera: recall("camera") || null, microphone: recall("microphone") || null },
  });
  /** @type {Promise<void> | null} */ #loading = null;
  /** @type {Calls | null} */ #calls = null;
  /** @type {CallState | null} */ #state = null;
  /** @type {Session | null} */ #session = null;
  #config = { relayUrls: /** @type {string[]} */ ([]), hidesAddresses: false, blurUntilReveal: false };
  #confirmed = false;
  #entered = false;

  /** @param {CallActions} actions */
  constructor(actions) {
    this.actions = actions;
    this.#green = new GreenRoom({ ready: actions.ready, changed: () => this.#show() });
    this.#message = new CallMessage({
      retry: () => this.#retry(),
      agree: () => this.#agree(),
      audio: () => this.#goOn(() => this.#media.setCameraOff(true)),
      watch: () => this.#goOn(() => {}),
      text: () => this.#chooseText(),
      hear: () => this.#calls?.call?.unblockSound(),
      changed: () => this.#show(),
    });
    this.#settings = new CallSettings({
      remote: this.#remote, local: this.#local, media: this.#media, blurs: () => this.#blurs,
      setBlurs: (blurs) => this.#calls?.call?.setBlurUntilReveal(blurs),
    });
    this.#mute.addEventListener("click", () => this.#media.setMuted(!this.#media.muted));
    this.#cameraOff.addEventListener("click", () => this.#media.setCameraOff(!this.#media.cameraOff));
    this.#blur.addEventListener("click", () => this.#media.setBlurred(!this.#media.intent.blurred));
    this.#reveal.addEventListener("click", () => this.#calls?.call?.setRevealed(this.#state?.revealed !== true));
    button("report-skip").addEventListener("click", () => this.#state !== null && actions.report());
    this.#media.addEventListener("change", () => this.#show());
  }

  /** @param {Session} session */
  update(session) {
    const was = this.#session;
    this.#session = session;
    const wanted = isAboutVideo(session);
    this.#panel.hidden = !wanted;
    document.documentElement.classList.toggle("with-call", wanted);
    if (wanted) this.#loading ??= this.#load();
    this.#windows.placeReport(wanted);
    if (session.preparing !== null && was?.preparing == null) this.#beginPreparing(session.preparing);
    this.#moveDevices(session);
    if (!wanted && isAboutVideo(was)) this.#giveBack();
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
  roomConfirmed() {
    this.#confirmed = true;
  }

  /** The peer's connection is back. */
  async peerBack() {
    await this.#loading;
    const { room } = this.#session ?? {};
    if (room) this.#calls?.peerBack({ room: room.id });
  }

  /** Camera and microphone, and the search when the person is ready. @param {object} preparing */
  #beginPreparing(preparing) {
    this.#message.forget();
    this.#media.setTextOnly(false);
    void this.#green.open(this.#media, () => this.#session?.preparing === preparing);
  }

  /** Fetch the code that connects two people: only people who want video need it. An empty stream would keep other pages loading for ever. */
  async #load() {
    this.#local.srcObject = this.#media.stream;
    const [{ Calls }, config] = await Promise.all([import("../call/calls.js"), findVideoConfig()]);
    this.#config = config;
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
    this.#show();
    void this.#green.checkRelay(config);
  }

  get #blurs() {
    const chosen = recall("blur");
    return chosen === "" ? this.#config.blurUntilReveal : chosen === "on";
  }

  /** The person chose text, until they choose otherwise. */
  get #textOnly() {
    return this.#media.intent.textOnly;
  }

  /** Devices open where the person is: by a tap, or in a room that goes on after a reload. @param {Session} session */
  #moveDevices(session) {
    const goesOn = isInRoom(session) && (session.link === "open" || session.link === "moving");
    const entered = isAboutVideo(session) && (session.attended || goesOn);
    if (entered === this.#entered) return;
    this.#entered = entered;
    if (!entered) this.#media.leave();
    else if (session.preparing === null) this.#media.enter(); // The green room opens them by itself.
  }

  /** Open the call of the room that is open now, or end the one of a room that is over. */
  async #follow() {
    await this.#loading;
    const opened = this.#media.opening;
    if (this.#calls?.call?.room !== this.#session?.room?.id) {
      await Promise.race([opened, new Promise((resolve) => { setTimeout(resolve, OPENING_MS); })]);
    }
    const session = this.#session;
    if (session === null || this.#calls === null) return;
    const { room } = session;
    if (!isInRoom(session) || room?.mode !== "video") return this.#calls.end();
    if (session.link !== "open") return;
    const { id, polite, relayOnly } = room;
    const iceServers = /** @type {RTCIceServer[]} */ (room.iceServers);
    this.#calls.paired({ room: id, polite, iceServers, relayOnly }, { resumed: room.restored });
    if (this.#textOnly && this.#state?.held) this.#calls.call?.decline();
  }

  /** @param {CallState | null} state */
  #take(state) {
    this.#state = state;
    const room = this.#calls?.call?.room;
    const went = outcomeOf(state);
    if (room && went !== null) this.actions.went(room, went);
    this.#show();
  }

  #retry() {
    if (this.#state?.phase === "failed") this.#calls?.call?.retry();
    else this.#media.retry();
  }

  /** Go on with the devices that there are. @param {() => void} change */
  #goOn(change) {
    change();
    if (this.#session?.preparing) this.actions.ready();
  }

  #agree() {
    const { call } = this.#calls ?? {};
    this.#media.setTextOnly(false);
    if (this.#state?.held !== false || this.#state.address === "direct") remember("showAddress", true);
    if (this.#state?.reason === "declined") call?.retry();
    else call?.start();
    this.#show();
  }

  /** Before the search it is another kind of chat; in a call it is this stranger without video. */
  #chooseText() {
    if (this.#session?.preparing) return this.actions.text();
    this.#media.setTextOnly(true);
    this.#calls?.call?.decline();
    this.#show();
  }

  #giveBack() {
    this.#settings.close();
    this.#windows.close();
  }

  #show() {
    const state = this.#state;
    const media = this.#media;
    const preparing = this.#session?.preparing != null;
    const beforeCall = preparing || this.#session?.phase === "searching";
    const asksConsent = beforeCall ? !this.#config.hidesAddresses && !recall("showAddress") : state?.held === true;
    const told = { problems: media.problems, state, consent: asksConsent && this.#calls !== null, textOnly: this.#textOnly };
    const quiet = !this.#message.show(told);
    this.#green.show(media, { preparing, quiet });
    showBadge(state);
    showPeer(state);
    showReveal(state, this.#calls?.call?.blurs === true);
    showOwn(media);
    this.#panel.classList.toggle("chose-text", this.#textOnly);
    this.#mute.setAttribute("aria-pressed", String(media.muted));
    this.#cameraOff.setAttribute("aria-pressed", String(media.cameraOff));
    const inText = this.#textOnly || state?.step === "text";
    for (const id of ["blur-stranger", "layout"]) button(id).hidden = state === null || inText;
    button("report-skip").hidden = state === null;
    this.#blur.setAttribute("aria-pressed", String(media.intent.blurred));
    this.#settings.update();
    this.#panel.classList.toggle("without-picture", state?.picture !== true);
    this.#panel.classList.toggle("unrevealed", state?.clear === false);
    const blurred = state?.clear === false || media.intent.blurred;
    this.#panel.classList.toggle("blurred", blurred);
    // Above other windows a picture has no blur of the page, and the last one stays when the camera is off.
    this.#remote.disablePictureInPicture = blurred || state?.peer.camera === false;
    this.#panel.classList.toggle("text-only", inText);
    document.documentElement.classList.toggle("with-picture", isAboutVideo(this.#session) && !inText);
    this.#pictures.show({ alone: state === null, own: !recall("hideOwn") || state === null, layout: recall("layout") });
    this.#local.hidden = !media.camera;
    this.#windows.show(state !== null);
  }
}

/** The person's words that this tab remembers, and those that a new tab begins with. @param {Words} first */
function memoryOf(first) {
  return {
    /** @returns {Words} */
    read() {
      const kept = recallInTab("call");
      const names = /** @type {(keyof Words)[]} */ (Object.keys(first));
      if (names.every((name) => typeof kept?.[name] === "boolean")) return kept;
      return { ...first, camera: !recall("cameraOff"), microphone: !recall("muted") };
    },
    /** @param {Words} words */
    write(words) {
      rememberInTab("call", words);
      remember("cameraOff", !words.camera);
      remember("muted", !words.microphone);
    },
  };
}
