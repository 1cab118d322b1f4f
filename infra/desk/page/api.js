// @ts-check
/** Asking the desk's server, at the address that this page came from. */

/** @param {string} name @param {Record<string, string | null | undefined>} [asked] @returns {Promise<any>} */
export async function ask(name, asked = {}) {
  const given = Object.entries(asked).filter(([, value]) => value);
  const query = new URLSearchParams(/** @type {[string, string][]} */ (given));
  return answer(await fetch(`api/${name}?${query}`));
}

/** @param {string} name @param {Record<string, unknown>} asked @returns {Promise<any>} */
export async function tell(name, asked) {
  const headers = { "Content-Type": "application/json" };
  return answer(await fetch(`api/${name}`, { method: "POST", headers, body: JSON.stringify(asked) }));
}

/** @param {Response} response */
async function answer(response) {
  const value = await response.json().catch(() => ({ problem: "The desk does not answer; was it stopped?" }));
  if (!response.ok) throw new Error(value.problem ?? "The desk refused.");
  return value;
}
