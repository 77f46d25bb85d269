/** @import { RuleVersion } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Button } from "../components/button.js";
import { Chip } from "../components/chip.js";
import { Dialog } from "../components/dialog.js";
import { Empty } from "../components/empty.js";
import { Icon } from "../components/icon.js";
import { RuleChanges } from "../components/rule-changes.js";
import { Trouble } from "../components/trouble.js";
import { ago, fullTimeOf, listed, problemWords, t } from "../i18n.js";
import { beat } from "../models/clock.js";
import { routing } from "../models/routing.js";
import { compareRules } from "../models/rule-diff.js";
import { changes, restore } from "../models/rulebook.js";
import { demo } from "../models/session.js";
import { toast } from "../models/toasts.js";
import { html, useEffect, useState } from "../ui.js";

const PAGE = 30;

/** Every version that was ever live, and the way back to it. @param {{ close: () => void }} props */
export function RoutingHistory({ close }) {
  const [versions, setVersions] = useState(/** @type {RuleVersion[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../api.js").Problem | null} */ (null));
  const [more, setMore] = useState(false);
  const [asked, setAsked] = useState(/** @type {number | null} */ (null));
  /** @param {RuleVersion[]} known */
  const load = async (known) => {
    setProblem(null);
    try {
      const found = await api.ruleVersions(known.at(-1)?.number);
      setVersions([...known, ...found]);
      setMore(found.length === PAGE);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  useEffect(() => {
    load([]);
  }, []);
  if (asked !== null) return html`<${RestoreDialog} number=${asked} back=${() => setAsked(null)} close=${close} />`;
  return html`<${Dialog} title=${t("routing.history")} close=${close} wide>
    ${problem && html`<${Trouble} problem=${problem} again=${() => load(versions ?? [])} />`}
    ${versions?.length === 0 && html`<${Empty} icon="history" title=${t("routing.history.empty")} text=${t("routing.history.empty.text")} />`}
    ${!versions && !problem && html`<div class="ghost-rules" role="status"><span class="unseen">${t("loading")}</span><i></i><i></i><i></i></div>`}
    <ol class="versions">${versions?.map((one) => html`<${Version} key=${one.number} one=${one} ask=${() => setAsked(one.number)} />`)}</ol>
    ${more && versions && html`<${Button} kind="quiet" onClick=${() => load(versions)}>${t("routing.history.more")}</${Button}>`}
  </${Dialog}>`;
}

/** @param {{ one: RuleVersion, ask: () => void }} props */
function Version({ one, ask }) {
  const [open, setOpen] = useState(false);
  const live = one.number === routing.value?.live.version;
  const name = one.author?.name || t(demo.value ? "routing.history.demo" : "system");
  return html`<li class="version"><div class="version-head"><h3><button type="button" aria-expanded=${String(open)} title=${t("routing.history.show")} onClick=${() => setOpen(!open)}><${Icon} name="next" small class="turn" />${t("routing.history.version", { number: String(one.number) })}</button>
        ${live && html`<${Chip} tone="green" icon="check">${t("routing.history.live")}</${Chip}>`}
        <small><time datetime=${one.at} title=${fullTimeOf(one.at)}>${t("routing.history.by", { name, time: ago(one.at, beat.value) })}</time></small></h3>
      ${!live && html`<${Button} small icon="reopen" aria-label=${t("routing.restore.of", { number: String(one.number) })} onClick=${ask}>${t("routing.restore")}</${Button}>`}</div>
    ${one.note && html`<p class="note-said">${one.note}</p>`}<p class="muted">${summary(one)}</p>
    ${open && html`<${VersionChanges} number=${one.number} />`}</li>`;
}

/** What it changed, by name. @param {RuleVersion} one */
function summary(one) {
  const parts = [
    one.restored ? t("routing.history.restored", { number: String(one.restored) }) : "",
    ...["added", "changed", "removed"].map((what) => {
      const names = one[/** @type {"added" | "changed" | "removed"} */ (what)];
      return names.length ? t(`routing.history.${what}`, { names: listed(names) }) : "";
    }),
    one.moved ? t("routing.history.moved", { count: one.moved }) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** @param {{ number: number }} props */
function VersionChanges({ number }) {
  const [found, setFound] = useState(/** @type {import("../models/rule-diff.js").Change[] | null} */ (null));
  useEffect(() => {
    const none = { rules: [] };
    Promise.all([number > 1 ? api.ruleVersion(number - 1) : none, api.ruleVersion(number)])
      .then(([before, after]) => setFound(compareRules(before.rules, after.rules)))
      .catch((error) => toast(problemWords(asProblem(error)), { tone: "bad" }));
  }, [number]);
  return found ? html`<${RuleChanges} changes=${found} />` : html`<p class="muted" role="status">${t("loading")}</p>`;
}

/** @param {{ number: number, back: () => void, close: () => void }} props */
function RestoreDialog({ number, back, close }) {
  const [busy, setBusy] = useState(false);
  const next = (routing.value?.live.version ?? 0) + 1;
  const go = async () => {
    setBusy(true);
    try {
      const live = await restore(number);
      toast(t("routing.restored", { number: String(number), next: String(live.version) }));
      close();
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
      back();
    }
  };
  return html`<${Dialog} title=${t("routing.restore.title", { number: String(number) })} close=${back}>
    <p class="lead">${t("routing.restore.text", { next: String(next) })}${changes.value.length > 0 && ` ${t("routing.restore.draft")}`}</p>
    <div class="buttons end"><${Button} kind="quiet" onClick=${back}>${t("cancel")}</${Button}><${Button} kind="primary" busy=${busy} onClick=${go} data-first>${t("routing.restore")}</${Button}></div></${Dialog}>`;
}
