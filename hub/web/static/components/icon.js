import { h } from "../ui.js";
import { ICONS } from "../vendor/icons.js";

/** A decoration beside words: hidden from screen readers. @param {{ name: string, small?: boolean, class?: string }} props */
export function Icon({ name, small, class: more }) {
  const names = ["icon", small && "s", more].filter(Boolean).join(" ");
  const shapes = ICONS[name].map(([tag, attributes]) => h(tag, attributes));
  return h("svg", { class: names, viewBox: "0 0 24 24", "aria-hidden": "true" }, shapes);
}

/** @type {Readonly<Record<string, string>>} */
const CHANNEL_ICONS = { email: "mail", widget: "chat", telegram: "plane", webhook: "hook", phone: "phone" };

/** @param {string} kind of a channel */
export const channelIcon = (kind) => CHANNEL_ICONS[kind] ?? "plug";

export function Logo() {
  return h(
    "svg",
    { class: "logo", viewBox: "0 0 34 34", "aria-hidden": "true" },
    h("rect", { width: 34, height: 34, rx: 9, class: "ground" }),
    h("path", { d: "M17 5l3.4 8.6L29 17l-8.6 3.4L17 29l-3.4-8.6L5 17l8.6-3.4z", class: "ray" }),
    h("circle", { cx: 17, cy: 17, r: 3.4, class: "ground" }),
  );
}
