/** @import { Quarantined } from "../types.js" */
import { asProblem, rawPath } from "../api.js";
import { Button } from "../components/button.js";
import { Chip } from "../components/chip.js";
import { Empty } from "../components/empty.js";
import { channelIcon, Icon } from "../components/icon.js";
import { Trouble } from "../components/trouble.js";
import { ago, fileSize, fullTimeOf, has, problemWords, t } from "../i18n.js";
import { beat } from "../models/clock.js";
import { loadQuarantine, quarantine, quarantineProblem, readAgain } from "../models/quarantine.js";
import { toast } from "../models/toasts.js";
import { html, useEffect, useState } from "../ui.js";
import { Page } from "./page.js";

export function QuarantineScreen() {
  useEffect(() => {
    loadQuarantine();
  }, []);
  const all = quarantine.value;
  const problem = quarantineProblem.value;
  return html`<${Page} title=${t("quarantine.title")} lead=${t("quarantine.lead")}>
    ${!all && problem && html`<${Trouble} problem=${problem} again=${loadQuarantine} />`}
    ${all && !all.length && html`<${Empty} icon="check" title=${t("quarantine.empty")} text=${t("quarantine.empty.text")} />`}
    ${all && all.length > 0 && html`<ul class="cards">${all.map((one) => html`<${Kept} key=${one.id} one=${one} />`)}</ul>`}
  </${Page}>`;
}

/** @param {{ one: Quarantined }} props */
function Kept({ one }) {
  const [busy, setBusy] = useState(false);
  const again = async () => {
    setBusy(true);
    try {
      await readAgain(one.id);
      toast(t("quarantine.read"));
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
      loadQuarantine();
    }
    setBusy(false);
  };
  const why = has(`quarantine.why.${one.why}`) ? t(`quarantine.why.${one.why}`) : one.why;
  return html`<li class="card kept"><span class="tile gold"><${Icon} name="puzzle" /></span>
    <div class="grow"><h2 title=${why}>${why}</h2>
      <p class="meta"><span class="by"><${Icon} name=${channelIcon(one.channel.kind)} small />${one.channel.name}</span>
        <time datetime=${one.at} title=${fullTimeOf(one.at)}>${ago(one.at, beat.value)}</time><span>${fileSize(one.size)}</span>
        ${one.retried > 0 && html`<${Chip}>${t("quarantine.tried", { count: one.retried })}</${Chip}>`}</p></div>
    <div class="buttons"><a class="btn quiet" href=${rawPath(one.id)} download><${Icon} name="download" /><span>${t("quarantine.raw")}</span></a>
      <${Button} icon="refresh" busy=${busy} onClick=${again}>${t("try_again")}</${Button}></div></li>`;
}
