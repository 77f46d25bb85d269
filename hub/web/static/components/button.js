import { html } from "../ui.js";
import { Icon } from "./icon.js";

/**
 * @param {{ kind?: "plain" | "primary" | "quiet" | "bad" | "soft", small?: boolean, icon?: string, keys?: string, busy?: boolean,
 *   class?: string, children?: any, [attribute: string]: any }} props
 */
export function Button({ kind = "plain", small, icon, keys, busy, class: more, children, ...attributes }) {
  const names = ["btn", kind, small && "small", busy && "busy", more].filter(Boolean).join(" ");
  return html`<button type="button" ...${attributes} class=${names} aria-busy=${busy ? "true" : undefined}
    onClick=${busy ? undefined : attributes.onClick}>
    ${icon && html`<${Icon} name=${icon} />`}${children && html`<span class="words">${children}</span>`}
    ${keys && html`<kbd aria-hidden="true">${keys}</kbd>`}
  </button>`;
}

/**
 * A button with a picture only; its label is read out and shown on hover.
 * @param {{ icon: string, label: string, keys?: string, class?: string, children?: any, [attribute: string]: any }} props
 */
export function IconButton({ icon, label, keys, class: more, children, ...attributes }) {
  return html`<button type="button" ...${attributes} class=${`btn quiet only ${more ?? ""}`} aria-label=${label}
    title=${keys ? `${label} (${keys})` : label}><${Icon} name=${icon} />${children}</button>`;
}
