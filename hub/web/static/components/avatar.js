import { html } from "../ui.js";
import { Icon } from "./icon.js";

const TINTS = 12; // .tint-0 … in css/tokens.css, each with enough contrast under white letters
const SMALL_WORDS = /^(d[aeo]s?|e|of|the|von|van|y|la|el)$/i;

/**
 * The same face for the same id, everywhere. The name stands beside it, so it is hidden from screen readers.
 * @param {{ id: string, name: string, size?: "xs" | "s" | "m" | "l", via?: string, online?: boolean | null,
 *   state?: import("../types.js").Availability }} props state: as the person says; else whether they are online
 */
export function Avatar({ id, name, size = "m", via, online = null, state }) {
  const mark = state ?? (online === null ? null : online ? "available" : "offline");
  const letters = initials(name);
  return html`<span class=${`avatar ${size} tint-${tint(id)}`} aria-hidden="true">
    ${letters || html`<${Icon} name="customer" />`}
    ${via && html`<span class="via"><${Icon} name=${via} /></span>`}
    ${mark && html`<span class=${`presence ${mark}`}></span>`}
  </span>`;
}

/** MC of Maria Clara Albuquerque; nothing of a name without letters. @param {string} name */
export function initials(name) {
  const words = name
    .split(/[\s@._-]+/)
    .filter((word) => /^\p{L}/u.test(word) && !SMALL_WORDS.test(word))
    .slice(0, 2);
  const letters = words.length > 1 ? words.map((word) => [...word][0]) : [...(words[0] ?? "")].slice(0, 2);
  return letters.join("").toLocaleUpperCase();
}

/** FNV-1a, so that the colour stays with the id. @param {string} id */
export function tint(id) {
  let hash = 0x811c9dc5;
  for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 8) % TINTS;
}
