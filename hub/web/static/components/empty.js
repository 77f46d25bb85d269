import { html } from "../ui.js";
import { Icon } from "./icon.js";

/** What is empty says what to do next. @param {{ icon: string, title: string, text?: string, children?: any }} props */
export function Empty({ icon, title, text, children }) {
  return html`<div class="empty"><span class="tile"><${Icon} name=${icon} /></span><h2>${title}</h2>
    ${text && html`<p>${text}</p>`}${children && html`<div class="next">${children}</div>`}</div>`;
}
