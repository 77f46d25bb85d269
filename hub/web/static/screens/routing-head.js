import { t } from "../i18n.js";
import { html } from "../ui.js";

/** What is live and what is drafted. @param {{ routing: import("../types.js").RoutingView | null }} props */
export function RoutingHead({ routing }) {
  return html`<header><h1>${t("rail.routing")}</h1>${routing?.live.version}</header>`;
}
