import { number, t } from "../i18n.js";
import { counts, VIEWS } from "../models/inbox.js";
import { quarantine } from "../models/quarantine.js";
import { company } from "../models/session.js";
import { inboxPath, place } from "../router.js";
import { html } from "../ui.js";
import { Icon } from "./icon.js";

export const VIEW_ICONS = { mine: "inbox", waiting: "clock", team: "users", all: "all", resolved: "check" };

/** The views with their live counts. */
export function Views() {
  const { name, params } = place.value;
  const stuck = quarantine.value?.length ?? 0;
  return html`<nav class="views" aria-label=${t("views.label")}>
    <p class="company" title=${company.value?.name}>${company.value?.name}</p>
    ${VIEWS.map((view) => {
      const count = view === "resolved" ? null : (counts.value?.[view] ?? null);
      return html`<a key=${view} class=${view} href=${inboxPath(view)} title=${t(`view.${view}`)} aria-current=${name === "inbox" && params.view === view ? "page" : undefined}>
        <${Icon} name=${VIEW_ICONS[view]} /><span>${t(`view.${view}`)}</span>
        ${count !== null && html`<b class=${view === "waiting" && count ? "waits" : ""} aria-label=${t("views.count", { count })}>${number(count)}</b>`}
      </a>`;
    })}
    ${
      stuck > 0 &&
      html`<a href="/quarantine" class="stuck" title=${t("view.quarantine")} aria-current=${name === "quarantine" ? "page" : undefined}>
        <${Icon} name="puzzle" /><span>${t("view.quarantine")}</span><b>${number(stuck)}</b></a>`
    }
  </nav>`;
}
