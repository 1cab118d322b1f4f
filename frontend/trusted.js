// @ts-check
/**
 * The page's one policy of trusted types: the browser makes markup and scripts of nothing else that was a string
 * (infra/page/site_headers.py), and this lets through the addresses of our own workers alone.
 */

const WORKERS = ["/service-worker.js", "/solver.js"];

/** @type {{ createPolicy: (name: string, rules: object) => { createScriptURL: (address: string) => string } } | undefined} */
const types = Reflect.get(globalThis, "trustedTypes");

const policy = types?.createPolicy("passerby", {
  /** @param {string} address */
  createScriptURL: (address) => {
    if (!WORKERS.includes(address)) throw new TypeError(`${address} is no worker of this page`);
    return address;
  },
});

/** The address of a worker in the form that the browser takes; an older one takes the string. @param {string} address */
export function workerAddress(address) {
  return policy?.createScriptURL(address) ?? address;
}
