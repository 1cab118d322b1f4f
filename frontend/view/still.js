// @ts-check
/** A small picture of the stranger's video, for a report: made when the person asks for it, and by this page only. */

import { toText } from "../sealed/bytes.js";
import { STILL_BYTES_MAX, STILL_PIXELS } from "../session/limits.js";

/** From the best quality on; the last one is small with any picture. */
const QUALITIES = [0.8, 0.6, 0.4, 0.2];

/** A JPEG as it travels (base64url), and as this page shows it. @typedef {{ encoded: string, shown: string }} Still */

/** The picture of a video now; null where it shows none, or none that fits. @param {HTMLVideoElement} video @returns {Still | null} */
export function takeStill(video) {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, STILL_PIXELS / Math.max(videoWidth, videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const shown = canvas.toDataURL("image/jpeg", quality);
    const [kind, data] = shown.split(",");
    const bytes = Uint8Array.from(atob(data ?? ""), (character) => character.charCodeAt(0));
    if (kind === "data:image/jpeg;base64" && bytes.length <= STILL_BYTES_MAX) return { encoded: toText(bytes), shown };
  }
  return null;
}
