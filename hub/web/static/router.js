// Where the page is, by the history API. Links are ordinary links; clicks on our own are taken over.
import { signal } from "./vendor/signals.js";

const VIEWS = "mine|waiting|team|all|resolved";

/** Every address of the page, in the order they are tried. @type {[string, RegExp][]} */
const ROUTES = [
  ["inbox", new RegExp(`^/inbox/(?<view>${VIEWS})(?:/(?<number>[0-9]+))?/?$`)],
  ["setup", /^\/setup\/?$/],
  ["enter", /^\/enter\/?$/],
  ["login", /^\/login\/?$/],
  ["board", /^\/board\/?$/],
  ["quarantine", /^\/quarantine\/?$/],
  ["channels", /^\/settings\/channels\/?$/],
  ["people", /^\/settings\/people\/?$/],
  ["routing", /^\/routing(?:\/(?<tab>[a-z]+))?\/?$/],
  ["home", /^\/(?:inbox\/?)?$/],
];

/** @typedef {{ name: string, params: Record<string, string | undefined>, path: string }} Place */

/** @param {string} path @returns {Place} */
function read(path) {
  for (const [name, pattern] of ROUTES) {
    const match = pattern.exec(path);
    if (match) return { name, params: { ...match.groups }, path };
  }
  return { name: "nowhere", params: {}, path };
}

export const place = signal(read(location.pathname));

/**
 * @param {string} path
 * @param {{ replace?: boolean }} [how]
 */
export function go(path, { replace = false } = {}) {
  if (path !== location.pathname + location.hash) history[replace ? "replaceState" : "pushState"](null, "", path);
  place.value = read(location.pathname);
}

/** @param {string} view @param {number | string} [number] */
export const inboxPath = (view, number) => (number === undefined ? `/inbox/${view}` : `/inbox/${view}/${number}`);

export function startRouter() {
  addEventListener("popstate", () => {
    place.value = read(location.pathname);
  });
  document.addEventListener("click", (event) => {
    const link = ours(event);
    if (!link) return;
    event.preventDefault();
    go(link.pathname);
  });
}

/**
 * The link of this page that was plainly clicked, if any.
 * @param {MouseEvent} event
 * @returns {HTMLAnchorElement | null}
 */
function ours(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return null;
  }
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link?.href || link.target || link.hasAttribute("download") || link.origin !== location.origin) return null;
  return read(link.pathname).name === "nowhere" ? null : link;
}
