import { t } from "../i18n.js";
import { sendKey } from "../keys.js";
import { singleKeys } from "../models/session.js";
import { html } from "../ui.js";
import { Dialog } from "./dialog.js";

/** @type {[string, [string[], string][]][]} */
const KEYS = [
  [
    "keys.move",
    [
      [["J"], "keys.next"],
      [["K"], "keys.previous"],
      [["↵"], "keys.open"],
      [["Esc"], "keys.back"],
      [["G", "M"], "view.mine"],
      [["G", "W"], "view.waiting"],
      [["G", "T"], "view.team"],
      [["G", "A"], "view.all"],
      [["G", "R"], "view.resolved"],
      [["G", "O"], "keys.offer"],
    ],
  ],
  [
    "keys.act",
    [
      [["R"], "reply"],
      [["N"], "note"],
      [["T"], "take"],
      [["A"], "keys.assign"],
      [["E"], "keys.resolve"],
      [["?"], "keys.title"],
    ],
  ],
  [
    "keys.write",
    [
      [[sendKey], "composer.send"],
      [[sendKey.replace(" ↵", " ⇧ ↵")], "composer.send_resolve"],
      [["Esc"], "keys.leave_field"],
    ],
  ],
];

/** @param {{ close: () => void }} props */
export function KeysDialog({ close }) {
  return html`<${Dialog} title=${t("keys.title")} close=${close} wide>
    ${!singleKeys.value && html`<p class="hint">${t("keys.off")}</p>`}
    <div class="keys">${KEYS.map(
      ([title, keys]) => html`<section key=${title}><h3>${t(title)}</h3><dl>
        ${keys.map(([names, words]) => html`<div key=${words}><dt>${t(words)}</dt><dd>${names.map((name, i) => html`<kbd key=${i}>${name}</kbd>`)}</dd></div>`)}
      </dl></section>`,
    )}</div>
  </${Dialog}>`;
}
