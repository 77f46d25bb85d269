import { inboxPath } from "../router.js";
import { html, useEffect, useState } from "../ui.js";

/**
 * A number that opens what it counts, in the inbox.
 * @param {{ view: "waiting" | "all", team?: string, channel?: string, agent?: string, held?: boolean, words: string, class?: string, children?: any }} props
 */
export function Opens({ view, team = "", channel = "", agent = "", held, words, class: more, children }) {
  const to = inboxPath(view, null, { team, channel, agent: held ? "any" : agent });
  return html`<a class=${more} href=${to} aria-label=${words} title=${words}>${children}</a>`;
}

/** Drawn again each second, for what counts them. */
export function useSecond() {
  const [, set] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => set((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}
