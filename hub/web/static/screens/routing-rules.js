/** @import { Rule, RoutingView } from "../types.js" */
import { Button } from "../components/button.js";
import { Empty } from "../components/empty.js";
import { Menu } from "../components/menu.js";
import { move, RuleCard } from "../components/rule-card.js";
import { Sentence } from "../components/sentence.js";
import { createSkill } from "../components/skill-picker.js";
import { t } from "../i18n.js";
import { newRule } from "../models/rule-edit.js";
import { askingFor, examples } from "../models/rule-examples.js";
import { edit, rules } from "../models/rulebook.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { useDrag } from "./routing-drag.js";

/** Beyond this many the head is out of sight where a new one comes to stand. */
const MANY = 6;

/** The rules in their order, one of them open. @param {{ routing: RoutingView }} props */
export function RoutingRules({ routing }) {
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const begun = useRef(/** @type {string | null} */ (null));
  const drag = useDrag(list, (from, to) => move(rules.peek()[from], from, to));
  const all = rules.value;
  /** @param {Rule} rule */
  const add = (rule) => {
    edit([...rules.peek(), rule]);
    begun.current = rule.id;
    setOpen(rule.id);
  };
  /** @param {string} id */
  const cardOf = (id) => list.current?.querySelector(`[data-rule="${CSS.escape(id)}"]`);
  useEffect(() => {
    if (begun.current === null || begun.current !== open) return;
    begun.current = null;
    const card = cardOf(open);
    /** @type {HTMLInputElement | null | undefined} */ (card?.querySelector("input.name"))?.select();
    card?.scrollIntoView({ block: "start" });
  }, [open, all]);
  useEffect(() => {
    // A form that opens at the lower edge would be out of sight.
    if (open !== null) cardOf(open)?.scrollIntoView({ block: "nearest" });
  }, [open]);
  const begin = () => add(newRule(t("rule.new")));
  if (!all.length) return html`<${Beginning} routing=${routing} add=${add} />`;
  return html`<header class="tab-head"><p>${t("routing.lead")}</p><${Button} icon="plus" onClick=${begin}>${t("rule.add")}</${Button}></header>
    <ol class="rule-list" ref=${list} aria-label=${t("rule.list")} data-dragging=${drag.from === null ? undefined : ""}>
      ${all.map((rule, place) => html`<${RuleCard} key=${rule.id} rule=${rule} place=${place} routing=${routing} open=${open === rule.id} toggle=${setOpen} grip=${drag.grip(place, all.length)} dragged=${drag.from === place} />`)}
      ${drag.line !== null && html`<li class="drop-line" aria-hidden="true" style=${{ top: `${drag.line}px` }}></li>`}
    </ol>
    <div class="buttons after-rules">${all.length > MANY && html`<${Button} kind="quiet" icon="plus" onClick=${begin}>${t("rule.add")}</${Button}>`}
      <${Examples} routing=${routing} add=${add} /></div>`;
}

/** Ready rules, one click each. @param {{ routing: RoutingView, add: (rule: Rule) => void }} props */
function Examples({ routing, add }) {
  const items = examples(routing).map((one) => ({
    words: one.rule.name,
    run: () => use(one, add),
  }));
  return html`<${Menu} label=${t("rule.example")} groups=${[{ items }]} button=${(/** @type {any} */ attributes) => html`<${Button} ...${attributes} kind="quiet" icon="hint">${t("rule.example")}</${Button}>`} />`;
}

/** No rules yet. @param {{ routing: RoutingView, add: (rule: Rule) => void }} props */
function Beginning({ routing, add }) {
  return html`<header class="tab-head"><p>${t("routing.lead")}</p></header><div class="beginning"><${Empty} icon="route" title=${t("rule.empty")} text=${t("rule.empty.text")}>
      <${Button} kind="primary" icon="plus" onClick=${() => add(newRule(t("rule.new")))}>${t("rule.add")}</${Button}></${Empty}>
    <ul class="examples">${examples(routing).map(
      (one) => html`<li key=${one.key}><h2>${one.rule.name}</h2><${Sentence} rule=${one.rule} />
        <${Button} small icon="plus" onClick=${() => use(one, add)} aria-label=${`${t("rule.example.use")}: ${one.rule.name}`}>${t("rule.example.use")}</${Button}></li>`,
    )}</ul></div>`;
}

/** @param {import("../models/rule-examples.js").Example} example @param {(rule: Rule) => void} add */
async function use({ rule, skill }, add) {
  if (!skill) return add(rule);
  const made = await createSkill(skill);
  if (made) add(askingFor(rule, made));
}
