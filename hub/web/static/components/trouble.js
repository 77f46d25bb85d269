import { problemWords, t } from "../i18n.js";
import { html } from "../ui.js";
import { Button } from "./button.js";
import { Icon } from "./icon.js";

/** What failed says why and offers the next step. @param {{ problem: import("../api.js").Problem, again: () => void }} props */
export function Trouble({ problem, again }) {
  return html`<div class="empty" role="alert"><span class="tile bad"><${Icon} name=${problem.code === "network" ? "offline" : "alert"} /></span>
    <h2>${t("trouble.title")}</h2><p>${problemWords(problem)}</p>
    <div class="next"><${Button} icon="refresh" onClick=${again}>${t("try_again")}</${Button}></div></div>`;
}
