import { html, useCallback, useEffect, useRef, useState } from "../ui.js";
import { Icon } from "./icon.js";
import { Popover } from "./popover.js";

/**
 * @typedef {object} Item
 * @property {string} words
 * @property {string} [icon]
 * @property {string} [keys]
 * @property {string} [more] said below the words
 * @property {boolean} [checked] one of several, or on and off: the menu stays open
 * @property {"radio" | "checkbox"} [kind]
 * @property {boolean} [closes] the menu closes, although it is one of several
 * @property {() => void} run
 *
 * @typedef {{ title: string, items: Item[] } | { items: Item[] }} Group
 */

/**
 * A button that opens a menu. `button` draws the button from its attributes.
 * @param {{ label: string, groups: Group[], side?: "below" | "right" | "above", align?: "start" | "end",
 *   button: (attributes: Record<string, any>) => any, head?: any, opened?: () => void }} props
 */
export function Menu({ label, groups, side, align, button, head, opened }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef(/** @type {HTMLElement | null} */ (null));
  const close = useCallback((/** @type {"escape" | "away" | "chosen"} */ how) => {
    setOpen(false);
    if (how !== "away") anchor.current?.querySelector("button")?.focus();
  }, []);
  useEffect(() => {
    if (open) opened?.();
  }, [open]);
  const attributes = {
    "aria-haspopup": "menu",
    "aria-expanded": open ? "true" : "false",
    onClick: () => setOpen(!open),
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      setOpen(true);
    },
  };
  return html`<span class="anchor" ref=${anchor}>${button(attributes)}
    ${
      open &&
      html`<${Popover} anchor=${anchor} close=${close} side=${side} align=${align}>
      ${head}<${Items} label=${label} groups=${groups} close=${close} />
    </${Popover}>`
    }
  </span>`;
}

/** @param {{ label: string, groups: Group[], close: (how: "escape" | "away" | "chosen") => void }} props */
function Items({ label, groups, close }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const all = () => /** @type {HTMLElement[]} */ ([...(box.current?.querySelectorAll("[role^=menuitem]") ?? [])]);
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    const items = all();
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = target(event, items, at);
    if (event.key === "Tab") close("away");
    if (!to) return;
    event.preventDefault();
    to.focus();
  };
  return html`<div role="menu" aria-label=${label} ref=${box} onKeyDown=${keys}>
    ${groups.map(
      (group, i) => html`<div role="group" key=${i} aria-label=${"title" in group ? group.title : undefined}>
        ${"title" in group && html`<h3 aria-hidden="true">${group.title}</h3>`}
        ${group.items.map((item) => html`<${MenuItem} key=${item.words} item=${item} close=${close} />`)}
      </div>`,
    )}
  </div>`;
}

/** @param {{ item: Item, close: (how: "chosen") => void }} props */
function MenuItem({ item, close }) {
  const choice = item.checked !== undefined;
  const run = () => {
    item.run();
    if (!choice || item.closes) close("chosen");
  };
  return html`<button type="button" tabindex="-1" role=${choice ? `menuitem${item.kind ?? "radio"}` : "menuitem"}
    aria-checked=${choice ? String(item.checked) : undefined} onClick=${run}>
    ${item.icon && html`<${Icon} name=${item.icon} small />`}<span>${item.words}${item.more && html`<small>${item.more}</small>`}</span>
    ${item.keys && html`<kbd aria-hidden="true">${item.keys}</kbd>`}
    ${choice && html`<${Icon} name="check" small class=${item.checked ? "tick" : "tick off"} />`}
  </button>`;
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} items @param {number} at */
function target(event, items, at) {
  if (event.key === "ArrowDown") return items[(at + 1) % items.length];
  if (event.key === "ArrowUp") return items[(at - 1 + items.length) % items.length];
  if (event.key === "Home") return items[0];
  if (event.key === "End") return items.at(-1);
  if (event.key.length === 1 && event.key !== " ") {
    const later = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    return later.find((item) => item.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()));
  }
  return undefined;
}
