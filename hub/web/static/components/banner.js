import { api, asProblem } from "../api.js";
import { problemWords, t } from "../i18n.js";
import { cut, startDesk, stopDesk } from "../models/desk.js";
import { demo, isAdmin } from "../models/session.js";
import { toast } from "../models/toasts.js";
import { html, useState } from "../ui.js";
import { Icon } from "./icon.js";

/** Above everything while the demo company is on. */
export function DemoBanner() {
  const [ending, setEnding] = useState(false);
  if (!demo.value) return null;
  const end = async () => {
    setEnding(true);
    stopDesk(); // its "bye" would lead elsewhere
    try {
      const { setup } = await api.endDemo();
      location.assign(setup ?? "/");
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
      setEnding(false);
      startDesk();
    }
  };
  return html`<div class="demo-banner" role="region" aria-label=${t("demo.label")}>
    <${Icon} name="store" small /><p>${t("demo.banner")}</p>
    ${isAdmin.value && html`<button type="button" onClick=${end} aria-busy=${ending ? "true" : undefined}>${t("demo.end")}</button>`}
  </div>`;
}

/** One quiet line while the socket is away. */
export function ConnectionLine() {
  const words = cut.value && html`<${Icon} name="offline" small /><span>${t("connection.cut")}</span>`;
  return html`<div class=${cut.value ? "connection cut" : "connection"} role="status">${words}</div>`;
}
