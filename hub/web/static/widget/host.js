// Talks with the loader in the host's page: only with the parent window, only if its origin is one of the widget's sites.

/**
 * @param {string[]} sites
 * @param {(note: any) => void} told
 */
export function host(sites, told) {
  let origin = "";

  addEventListener("message", (event) => {
    if (event.source !== window.parent || window.parent === window) return;
    if (event.origin !== location.origin && !sites.includes(event.origin)) return;
    if (typeof event.data?.balcao !== "string") return;
    origin = event.origin;
    told(event.data);
  });

  return {
    /** @param {Record<string, unknown>} note */
    tell(note) {
      if (origin) window.parent.postMessage(note, origin);
    },
  };
}
