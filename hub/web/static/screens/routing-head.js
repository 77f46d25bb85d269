/** @import { RoutingView } from "../types.js" */
import { asProblem, rulesPath } from "../api.js";
import { Button, IconButton } from "../components/button.js";
import { Chip } from "../components/chip.js";
import { Dialog } from "../components/dialog.js";
import { Icon } from "../components/icon.js";
import { Menu } from "../components/menu.js";
import { faultInWords } from "../components/rule-said.js";
import { ago, problemWords, t } from "../i18n.js";
import { beat } from "../models/clock.js";
import {
  changes,
  discard,
  flush,
  importFile,
  keeping,
  keepingProblem,
  keepOurs,
  takeTheirs,
} from "../models/rulebook.js";
import { demo } from "../models/session.js";
import { toast } from "../models/toasts.js";
import { html, useRef, useState } from "../ui.js";
import { RoutingHistory } from "./routing-history.js";
import { PublishDialog } from "./routing-publish.js";

/** What is live, what is drafted, and what can be done with it. @param {{ routing: RoutingView | null }} props */
export function RoutingHead({ routing }) {
  const [shown, setShown] = useState(/** @type {"publish" | "history" | "discard" | null} */ (null));
  const [unread, setUnread] = useState(/** @type {import("../types.js").Fault[] | null} */ (null));
  const count = changes.value.length;
  const close = () => setShown(null);
  return html`<header><h1>${t("rail.routing")}</h1>
      ${routing && html`<${Live} routing=${routing} />`}
      ${count > 0 && html`<button type="button" class="chip gold draft" title=${t("routing.draft.show")} onClick=${() => setShown("publish")}><span>${t("routing.draft", { count })}</span></button>`}
      <${Keeping} />
      <div class="buttons">
        <${FileMenu} drafted=${count > 0} unread=${setUnread} />
        <${Button} icon="history" onClick=${() => setShown("history")}>${t("routing.history")}</${Button}>
        ${
          count > 0 &&
          html`<${Button} onClick=${() => setShown("discard")}>${t("routing.discard")}</${Button}>
          <${Button} kind="primary" onClick=${() => setShown("publish")}>${t("routing.publish")}</${Button}>`
        }
      </div></header>
    <${Conflict} />
    ${shown === "publish" && html`<${PublishDialog} close=${close} />`}
    ${shown === "history" && html`<${RoutingHistory} close=${close} />`}
    ${shown === "discard" && html`<${DiscardDialog} count=${count} close=${close} />`}
    ${unread && html`<${Unread} faults=${unread} close=${() => setUnread(null)} />`}`;
}

/** @param {{ routing: RoutingView }} props */
function Live({ routing: { live } }) {
  if (!live.version) return html`<${Chip}>${t("routing.live.none")}</${Chip}>`;
  const by = live.at
    ? t("routing.live.by", {
        name: live.author?.name || t(demo.value ? "routing.history.demo" : "system"),
        time: ago(live.at, beat.value),
      })
    : "";
  return html`<${Chip} tone="green" title=${by}>${t("routing.live", { number: String(live.version) })}</${Chip}>`;
}

/** Whether what is seen is kept on the hub. */
function Keeping() {
  const state = keeping.value;
  const problem = keepingProblem.value;
  if (state === "failed" && problem)
    return html`<span class="keeping bad" role="alert"><${Icon} name="error" small />${t("routing.not_kept", { why: problemWords(problem) })}<button type="button" class="more" onClick=${() => flush()}>${t("try_again")}</button></span>`;
  const words =
    state === "waits" || state === "saving" ? "routing.keeping" : changes.value.length ? "routing.kept" : "";
  return html`<span class="keeping" role="status">${words && t(words)}</span>`;
}

/** Somebody else has kept other rules: one of the two has to hold. */
function Conflict() {
  if (keeping.value !== "conflict") return null;
  const problem = keepingProblem.value;
  const name = problem?.code === "draft_changed" ? problem.params.who || t("somebody") : null;
  return html`<div class="notice gold conflict" role="alert"><${Icon} name="alert" small />
    <p>${name ? t("routing.conflict", { name }) : t("routing.conflict.gone")}</p>
    <${Button} small onClick=${takeTheirs}>${t("routing.conflict.theirs")}</${Button}><${Button} small onClick=${keepOurs}>${t("routing.conflict.ours")}</${Button}></div>`;
}

/** @param {{ drafted: boolean, unread: (faults: import("../types.js").Fault[]) => void }} props */
function FileMenu({ drafted, unread }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  /** @param {Event} event */
  const take = async (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const file = field.files?.[0];
    if (!file) return;
    try {
      const { draft, faults } = await importFile(await file.text());
      if (draft) toast(t("routing.imported", { count: draft.rules.length }));
      else unread(faults);
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
    }
    field.value = "";
  };
  const items = [
    { words: t("routing.import"), icon: "upload", run: () => input.current?.click() },
    { words: t("routing.export.live"), icon: "download", run: () => bring(`${rulesPath}?rules=live`) },
    ...(drafted
      ? [
          {
            words: t("routing.export.draft"),
            icon: "download",
            run: () => flush().then(() => bring(`${rulesPath}?rules=draft`)),
          },
        ]
      : []),
  ];
  return html`<input ref=${input} type="file" accept=".toml,text/plain,application/toml" hidden onChange=${take} />
    <${Menu} label=${t("routing.more")} groups=${[{ items }]} align="end" button=${(/** @type {any} */ attributes) => html`<${IconButton} ...${attributes} icon="more" label=${t("routing.more")} />`} />`;
}

/** A file of ours, as a download. @param {string} path */
function bring(path) {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  link.click();
}

/** @param {{ count: number, close: () => void }} props */
function DiscardDialog({ count, close }) {
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await discard();
      toast(t("routing.discarded"));
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
    }
    close();
  };
  return html`<${Dialog} title=${t("routing.discard.title")} close=${close}><p class="lead">${t("routing.discard.text", { count })}</p>
    <div class="buttons end"><${Button} kind="quiet" onClick=${close} data-first>${t("cancel")}</${Button}><${Button} kind="bad" busy=${busy} onClick=${go}>${t("routing.discard")}</${Button}></div></${Dialog}>`;
}

/** Why a file could not be taken in, line by line. @param {{ faults: import("../types.js").Fault[], close: () => void }} props */
function Unread({ faults, close }) {
  return html`<${Dialog} title=${t("routing.import.failed")} close=${close}><ul class="unread">${faults.map((one) => html`<li key=${one.message}>${faultInWords(one)}</li>`)}</ul>
    <div class="buttons end"><${Button} kind="primary" onClick=${close} data-first>${t("close")}</${Button}></div></${Dialog}>`;
}
