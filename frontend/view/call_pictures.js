// @ts-check
/**
 * Where the two pictures stand: one large and one small, or side by side; and in which shape.
 *
 * The small one has the shape of its camera, lies in one of four corners, is moved by dragging it or with the arrow keys, and
 * changes places with the large one at a tap. While there is no stranger, the own picture stands in their place.
 */

import { box, button, find } from "./elements.js";

/** A finger that moves less far has tapped. */
const DRAG_PIXELS = 8;
/** So much of a picture may be cut off for it to fill its place; more would cut off heads. */
const CROP_MAX = 1.35;
/** From here on two pictures of usual shape are larger beside each other than one above the other. */
const WIDE = 4 / 3;
/** The height of the buttons below the pictures. */
const BUTTONS_PIXELS = 76;
/** The blur behind a picture that does not fill its place is a few pixels, drawn now and then: it costs nothing. */
const GLOW_MS = 400;

/** @type {Record<string, [block: "top" | "bottom" | null, inline: "start" | "end" | "left" | "right" | null]>} */
const ARROWS = { ArrowUp: ["top", null], ArrowDown: ["bottom", null], ArrowLeft: [null, "left"], ArrowRight: [null, "right"] };

export class CallPictures {
  #panel = box("call");
  #frames = { stranger: box("stranger-frame"), own: box("own-frame") };
  #videos = { stranger: find(HTMLVideoElement, "remote-video"), own: find(HTMLVideoElement, "local-video") };
  #handle = button("swap-pictures");
  #glow = find(HTMLCanvasElement, "call-glow");
  #corner = { block: "top", inline: "end" };
  #swapped = false;
  #how = { alone: true, own: true, layout: "side" };
  /** The window that holds the pictures, which draws next. @type {Window | null} */ #window = null;
  #drawing = 0;

  constructor() {
    for (const video of Object.values(this.#videos)) video.addEventListener("resize", () => this.#shape());
    new ResizeObserver(() => this.#shape()).observe(this.#panel);
    this.#wireHandle();
    setInterval(() => this.#drawGlow(), GLOW_MS);
    this.#place();
  }

  /** `alone`: there is no stranger; `own`: the own picture is shown. @param {{ alone: boolean, own: boolean, layout: string }} how */
  show(how) {
    if (how.alone) this.#swapped = false;
    this.#how = how;
    this.#place();
  }

  #place() {
    const { alone, own, layout } = this.#how;
    const large = alone || this.#swapped ? "own" : "stranger";
    for (const name of /** @type {const} */ (["stranger", "own"])) {
      this.#frames[name].classList.toggle("large", name === large);
      this.#frames[name].classList.toggle("small", name !== large);
    }
    this.#frames.stranger.hidden = alone;
    this.#frames.own.hidden = !own;
    this.#handle.hidden = alone || !own;
    this.#panel.dataset.layout = layout;
    this.#panel.dataset.corner = `${this.#corner.block}-${this.#corner.inline}`;
    this.#panel.classList.toggle("alone", alone);
    this.#shapeSoon();
  }

  /** Wait until the window is drawn: if it were measured at once, it would be laid out once more for each of many changes. */
  #shapeSoon() {
    this.#window?.cancelAnimationFrame(this.#drawing);
    this.#window = this.#panel.ownerDocument.defaultView;
    this.#drawing = this.#window?.requestAnimationFrame(() => this.#shape()) ?? 0;
  }

  /** Each picture fills its place unless too much of it would be cut off; the small one has the shape of its camera. */
  #shape() {
    const { clientWidth: width, clientHeight: height } = this.#panel;
    this.#panel.classList.toggle("wide", width / (height - BUTTONS_PIXELS) > WIDE);
    for (const name of /** @type {const} */ (["stranger", "own"])) {
      const { videoWidth, videoHeight } = this.#videos[name];
      if (videoWidth === 0) continue;
      const shape = videoWidth / videoHeight;
      if (this.#frames[name].classList.contains("small")) this.#panel.style.setProperty("--shape", String(shape));
      const { clientWidth, clientHeight } = this.#frames[name];
      const crop = shape / (clientWidth / clientHeight);
      this.#frames[name].classList.toggle("filled", Math.max(crop, 1 / crop) <= CROP_MAX || (shape < 1 && clientWidth < clientHeight));
    }
  }

  #drawGlow() {
    const large = this.#frames.own.classList.contains("large") ? "own" : "stranger";
    const video = this.#videos[large];
    const needed = !this.#panel.hidden && !this.#glow.ownerDocument.hidden && !this.#frames[large].classList.contains("filled")
      && video.videoWidth > 0 && video.checkVisibility({ visibilityProperty: true });
    this.#glow.hidden = !needed;
    if (needed) drawBlurred(this.#glow, video);
  }

  #wireHandle() {
    const handle = this.#handle;
    let from = { x: 0, y: 0 };
    let moved = false;
    handle.addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, y: event.clientY };
      moved = false;
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      moved ||= Math.hypot(x, y) > DRAG_PIXELS;
      if (moved) this.#drag(x, y);
    });
    handle.addEventListener("lostpointercapture", (event) => {
      if (moved) this.#drop(event.clientX, event.clientY);
    });
    handle.addEventListener("click", () => {
      if (moved) return;
      this.#swapped = !this.#swapped;
      this.#place();
    });
    handle.addEventListener("keydown", (event) => this.#pressArrow(event));
  }

  /** @param {number} x @param {number} y */
  #drag(x, y) {
    this.#panel.style.setProperty("--drag", `${x}px ${y}px`);
  }

  /** Into the nearest corner. @param {number} x @param {number} y */
  #drop(x, y) {
    const area = this.#panel.getBoundingClientRect();
    const block = y < area.top + area.height / 2 ? "top" : "bottom";
    this.#moveTo(block, x < area.left + area.width / 2 ? "left" : "right");
  }

  /** @param {KeyboardEvent} event */
  #pressArrow(event) {
    const [block, side] = ARROWS[event.key] ?? [];
    if (block === undefined) return;
    event.preventDefault();
    this.#moveTo(block ?? this.#corner.block, /** @type {any} */ (side));
  }

  /** @param {string} block @param {"left" | "right" | null} side */
  #moveTo(block, side) {
    const start = document.documentElement.dir === "rtl" ? "right" : "left";
    this.#corner = { block, inline: side === null ? this.#corner.inline : side === start ? "start" : "end" };
    this.#drag(0, 0);
    this.#place();
  }
}

/** A few pixels, made soft by being enlarged twice, and dark: a filter would be worked out anew for every frame.
 * @param {HTMLCanvasElement} canvas @param {HTMLVideoElement} video */
function drawBlurred(canvas, video) {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { width, height } = canvas;
  context.globalCompositeOperation = "copy";
  context.drawImage(video, 0, 0, width / 6, height / 6);
  context.drawImage(canvas, 0, 0, width / 6, height / 6, 0, 0, width, height);
  context.globalCompositeOperation = "source-over";
  context.fillStyle = "rgb(11 11 18 / 55%)";
  context.fillRect(0, 0, width, height);
}
