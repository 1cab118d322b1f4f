// @ts-check
/** Where the server is. */

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
