import { Trouble } from "../components/trouble.js";
import { t } from "../i18n.js";
import { forgetRouting, loadRouting, routing, routingProblem } from "../models/routing.js";
import { openRulebook } from "../models/rulebook.js";
import { place } from "../router.js";
import { html, useEffect, useRef } from "../ui.js";
import { RoutingHead } from "./routing-head.js";
import { RoutingHours } from "./routing-hours.js";
import { RoutingRules } from "./routing-rules.js";
import { RoutingSide } from "./routing-side.js";
import { RoutingSkills } from "./routing-skills.js";
import { RoutingTeams } from "./routing-teams.js";

/**
 * The tabs in their order: the last part of the address, the words, what is drawn. Each component is given `routing`
 * (what GET /api/routing said, fresh at every change) and `reload`, and draws what stands below the tabs.
 * @type {[string, string, (props: { routing: import("../types.js").RoutingView, reload: () => Promise<void> }) => any][]}
 */
const TABS = [
  ["", "routing.tab.rules", RoutingRules],
  ["skills", "routing.tab.skills", RoutingSkills],
  ["teams", "routing.tab.teams", RoutingTeams],
  ["hours", "routing.tab.hours", RoutingHours],
];

/** Who gets what: rules, skills, teams and hours. */
export function RoutingScreen() {
  useEffect(() => {
    const shut = openRulebook();
    loadRouting();
    return () => {
      shut();
      forgetRouting();
    };
  }, []);
  const tab = place.value.params.tab ?? "";
  const [, , Shown] = TABS.find(([name]) => name === tab) ?? TABS[0];
  const all = routing.value;
  const problem = routingProblem.value;
  const onRules = Shown === RoutingRules;
  return html`<main class="routing" data-tab=${tab || "rules"}>
    <div class="routing-main">
      <div class="routing-top"><${RoutingHead} routing=${all} /><${Tabs} tab=${tab} /></div>
      <div class="routing-body">
        ${!all && problem && html`<${Trouble} problem=${problem} again=${loadRouting} />`}
        ${!all && !problem && html`<div class="ghost-rules" role="status"><span class="unseen">${t("loading")}</span><i></i><i></i><i></i><i></i></div>`}
        ${all && html`<${Shown} routing=${all} reload=${loadRouting} />`}
      </div>
    </div>
    ${onRules && html`<${RoutingSide} routing=${all} />`}
  </main>`;
}

/** @param {{ tab: string }} props */
function Tabs({ tab }) {
  const here = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    here.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [tab]);
  return html`<nav class="tabs" ref=${here} aria-label=${t("routing.tabs")}>${TABS.map(
    ([name, words]) =>
      html`<a key=${name} href=${name ? `/routing/${name}` : "/routing"} aria-current=${name === tab ? "page" : undefined}>${t(words)}</a>`,
  )}</nav>`;
}
