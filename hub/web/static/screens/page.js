import { Icon } from "../components/icon.js";
import { Views } from "../components/views.js";
import { t } from "../i18n.js";
import { isAdmin } from "../models/session.js";
import { place } from "../router.js";
import { html } from "../ui.js";

/** A page that is read from top to bottom. @param {{ title: string, lead?: string, action?: any, settings?: boolean, children?: any }} props */
export function Page({ title, lead, action, settings, children }) {
  return html`<div class="page">
    ${settings ? html`<${SettingsPlaces} />` : html`<${Views} />`}
    <main><div class="column">
      <header><div><h1>${title}</h1>${lead && html`<p>${lead}</p>`}</div>${action}</header>
      ${children}
    </div></main>
  </div>`;
}

function SettingsPlaces() {
  const places = [["channels", "plug"], ...(isAdmin.value ? [["people", "users"]] : [])];
  return html`<nav class="views" aria-label=${t("settings.label")}><h2>${t("rail.settings")}</h2>
    ${places.map(
      ([name, icon]) =>
        html`<a key=${name} href=${`/settings/${name}`} aria-current=${place.value.name === name ? "page" : undefined}><${Icon} name=${icon} /><span>${t(`settings.${name}`)}</span></a>`,
    )}</nav>`;
}
