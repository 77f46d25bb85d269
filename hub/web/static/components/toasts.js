import { t } from "../i18n.js";
import { dismiss, spoken, toasts } from "../models/toasts.js";
import { html } from "../ui.js";
import { IconButton } from "./button.js";
import { Icon } from "./icon.js";

/** Short messages at the foot of the page, and the line that screen readers read out. */
export function Toasts() {
  return html`<div class="toasts" role="status">
      ${toasts.value.map(
        (one) => html`<div key=${one.id} class=${`toast ${one.tone}`}>
          ${one.tone === "bad" && html`<${Icon} name="error" small />`}<p>${one.text}</p>
          ${
            one.action &&
            html`<button type="button" class="btn quiet small act" onClick=${() => {
              dismiss(one.id);
              one.action?.run();
            }}>${one.action.words}</button>`
          }
          <${IconButton} icon="x" label=${t("close")} class="small" onClick=${() => dismiss(one.id)} />
        </div>`,
      )}
    </div>
    <div class="unseen" aria-live="polite" role="log">${spoken.value}</div>`;
}
