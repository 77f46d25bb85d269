import { html } from "../ui.js";
import { Icon } from "./icon.js";

/** @param {{ tone?: "" | "gold" | "red" | "green" | "blue", icon?: string, title?: string, children?: any }} props */
export function Chip({ tone = "", icon, title, children }) {
  return html`<span class=${`chip ${tone}`} title=${title}>${icon && html`<${Icon} name=${icon} small />`}<span>${children}</span></span>`;
}
