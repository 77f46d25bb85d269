// Rules to begin with, made of the skills and teams that there are.
/** @import { Rule, RoutingView } from "../types.js" */
import { matches, t } from "../i18n.js";
import { newRule } from "./rule-edit.js";

/** What billing is called where it is called something else. */
const BILLING = ["billing", "cobranca", "financeiro", "fatura", "invoice", "pagamento"];

/** @typedef {{ key: string, rule: Rule, skill: string | null }} Example `skill`: the name of the one that has to be made first */

/** @param {RoutingView} routing @returns {Example[]} */
export function examples(routing) {
  return [invoices(routing), gold(), night(routing)];
}

/** @param {RoutingView} routing @returns {Example} */
function invoices({ skills, fields }) {
  const known = skills.find((one) => BILLING.some((word) => matches(`${one.id} ${one.name}`, word)));
  const words = t("rule.example.invoices.words")
    .split(",")
    .map((word) => word.trim());
  const portuguese = fields.some((one) => one.name === "language");
  const when = {
    all: [
      { field: "text", op: "mentions", value: words },
      ...(portuguese ? [{ field: "language", op: "is", value: "pt" }] : []),
    ],
  };
  const require = [`${known?.id ?? "billing"}:1`];
  const relax = [
    { after_s: 300, drop: known?.id ?? "billing" },
    { after_s: 300, anybody: true },
  ];
  return example("invoices", when, { require, relax }, known ? null : t("rule.example.invoices.skill"));
}

/** @returns {Example} */
function gold() {
  const when = { all: [{ field: "tags", op: "contains", value: [t("rule.example.gold.tag")] }] };
  return example("gold", when, { priority: 8 });
}

/** @param {RoutingView} routing @returns {Example} */
function night({ fields }) {
  const chats = (fields.find((one) => one.name === "channel")?.values ?? []).includes("widget");
  const when = {
    all: [
      { field: "hours", op: "is", value: "closed" },
      ...(chats ? [{ field: "channel", op: "is", value: "widget" }] : []),
    ],
  };
  const answer = {
    en: "Thank you for writing. We are closed for the day and will answer you first thing when we open.",
    "pt-BR": "Obrigado por escrever. Já fechamos por hoje e respondemos você assim que abrirmos.",
  };
  return example("night", when, { answer, hold: "until open" });
}

/** @param {string} key @param {Rule["when"]} when @param {Rule["then"]} what @param {string | null} [skill] @returns {Example} */
function example(key, when, what, skill = null) {
  const rule = newRule(t(`rule.example.${key}`));
  rule.when = when;
  // biome-ignore lint/suspicious/noThenProperty: rules are written so
  rule.then = what;
  return { key, rule, skill };
}

/** The same rule asking for the skill that was made for it. @param {Rule} rule @param {string} skill @returns {Rule} */
export function askingFor(rule, skill) {
  const { require = [], relax = [], ...rest } = rule.then;
  const made = {
    ...rest,
    require: require.map((written) => written.replace(/^[^:]+/, skill)),
    relax: relax.map((step) => (step.drop === undefined ? step : { ...step, drop: skill })),
  };
  // biome-ignore lint/suspicious/noThenProperty: rules are written so
  return { ...rule, then: made };
}
