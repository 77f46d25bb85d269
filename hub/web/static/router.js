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

/** @typedef {{ name: string, params: Record<string, string | undefined>, path: string, search: string }} Place */

/** @param {string} path @param {string} [search] @returns {Place} */
function read(path, search = "") {
  for (const [name, pattern] of ROUTES) {
    const match = pattern.exec(path);
    if (match) return { name, params: { ...match.groups }, path, search };
  }
  return { name: "nowhere", params: {}, path, search };
}

export const place = signal(read(location.pathname, location.search));

/**
 * @param {string} path with its query, if it has one
 * @param {{ replace?: boolean }} [how]
 */
export function go(path, { replace = false } = {}) {
  const { pathname, search, hash } = location;
  if (path !== pathname + search + hash) history[replace ? "replaceState" : "pushState"](null, "", path);
  arrive();
}

function arrive() {
  place.value = read(location.pathname, location.search);
}

/**
 * @param {string} view
 * @param {number | string | null} [number] of a conversation
 * @param {Readonly<Record<string, string>>} [only] what the list is narrowed to; what is empty is left out
 */
export function inboxPath(view, number, only = {}) {
  const path = number ? `/inbox/${view}/${number}` : `/inbox/${view}`;
  const query = new URLSearchParams(Object.entries(only).filter(([, id]) => id)).toString();
  return query ? `${path}?${query}` : path;
}

export function startRouter() {
  addEventListener("popstate", arrive);
  document.addEventListener("click", (event) => {
    const link = ours(event);
    if (!link) return;
    event.preventDefault();
    go(link.pathname + link.search);
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
  if (link.hash) return null; // a place on this page: the browser goes there
  return read(link.pathname).name === "nowhere" ? null : link;
}
