// @ts-check
/** Where the server is, and what the operator chose about video. */

/**
 * Return the WebSocket's address: from `config.json` of the site, else the path of the contract on this very host.
 * @returns {Promise<string>}
 */
export async function findWebsocketUrl() {
  try {
    const response = await fetch("/config.json", { cache: "no-cache" });
    const { websocketUrl } = await response.json();
    if (typeof websocketUrl === "string") return websocketUrl;
  } catch {
    // No such file, or no network: the attempt that follows shows which, and is repeated.
  }
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
}

/**
 * What the operator chose about video; where nothing is said the most careful.
 * @returns {Promise<{ relayUrls: string[], hidesAddresses: boolean, blurUntilReveal: boolean }>}
 */
export async function findVideoConfig() {
  try {
    const { video } = await (await fetch("/config.json", { cache: "no-cache" })).json();
    const { relayUrls = [], hidesAddresses = false, blurUntilReveal = false } = video ?? {};
    return { relayUrls, hidesAddresses, blurUntilReveal };
  } catch {
    return { relayUrls: [], hidesAddresses: false, blurUntilReveal: false }; // As above.
  }
}
