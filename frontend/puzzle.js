// @ts-check
/** Does the server's puzzle in a worker, so that the page stays as quick as it was. */

import { workerAddress } from "./trusted.js";

/** @typedef {{ algorithm: string, challenge: string, maxnumber: number, salt: string, signature: string }} Puzzle */

/**
 * Return the solution as `join` takes it; null where there is none, or no worker.
 * @param {Puzzle} puzzle @returns {Promise<string | null>}
 */
export async function solve({ algorithm, challenge, maxnumber, salt, signature }) {
  const worker = new Worker(workerAddress("/solver.js"), { type: "module" });
  const number = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => resolve(null);
    worker.postMessage({ challenge, maxnumber, salt });
  });
  worker.terminate();
  return number === null ? null : btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}
