import { narrow } from "../models/inbox.js";
import { go, inboxPath } from "../router.js";
import { html, useEffect, useState } from "../ui.js";

/**
 * A number that opens what it counts, in the inbox.
 * @param {{ view: "waiting" | "all", team?: string, channel?: string, agent?: string, held?: boolean, words: string, class?: string, children?: any }} props
 */
export function Opens({ view, team = "", channel = "", agent = "", held, words, class: more, children }) {
  const open = (/** @type {MouseEvent} */ event) => {
    event.preventDefault();
    narrow({ team, channel, agent: held ? "any" : agent }, view);
    go(inboxPath(view));
  };
  return html`<a class=${more} href=${inboxPath(view)} aria-label=${words} title=${words} onClick=${open}>${children}</a>`;
}

/** Drawn again each second, for what counts them. */
export function useSecond() {
  const [, set] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => set((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}
