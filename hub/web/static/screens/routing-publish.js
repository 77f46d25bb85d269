import { asProblem } from "../api.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { TextField } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { RuleChanges } from "../components/rule-changes.js";
import { problemWords, t } from "../i18n.js";
import { routing } from "../models/routing.js";
import { changes, checked, publish } from "../models/rulebook.js";
import { toast } from "../models/toasts.js";
import { html, useState } from "../ui.js";

/** What would go live, said before it does. @param {{ close: () => void }} props */
export function PublishDialog({ close }) {
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {import("../api.js").Problem | null} */ (null));
  const live = routing.value?.live.version ?? 0;
  const base = routing.value?.draft?.base ?? live;
  const faults = checked.value.faults.length;
  /** @param {SubmitEvent} event */
  const go = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const made = await publish(note.trim());
      toast(t("routing.published", { number: String(made) }));
      close();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${t("routing.publish.title")} close=${close} wide><form class="stack" onSubmit=${go}>
    ${problem && html`<p class="notice bad" role="alert"><${Icon} name="error" small />${problemWords(problem)}</p>`}
    ${base !== live && html`<p class="notice gold"><${Icon} name="alert" small />${t("routing.publish.newer", { number: String(live) })}</p>`}
    <${RuleChanges} changes=${changes.value} />
    ${
      faults > 0
        ? html`<p class="notice bad"><${Icon} name="error" small />${t("routing.publish.faults", { count: faults })}</p>`
        : html`<${TextField} label=${t("routing.publish.note")} value=${note} change=${setNote} maxlength="500" autocomplete="off" data-first /><p class="hint">${t("routing.publish.text")}</p>`
    }
    <div class="buttons end"><${Button} kind="quiet" onClick=${close}>${t("cancel")}</${Button}>
      ${faults === 0 && html`<${Button} kind="primary" type="submit" busy=${busy}>${t("routing.publish.go", { number: String(live + 1) })}</${Button}>`}</div>
  </form></${Dialog}>`;
}
