/** @import { BoardView } from "../types.js" */
import { AwayDialog, StateChip, stateItems } from "../components/availability.js";
import { Avatar } from "../components/avatar.js";
import { Icon } from "../components/icon.js";
import { Menu } from "../components/menu.js";
import { Opens } from "../components/opens.js";
import { useStill } from "../components/still.js";
import { Units } from "../components/units.js";
import { compare, number, t } from "../i18n.js";
import { STATES, stateWords } from "../models/availability.js";
import { boardChanged } from "../models/board.js";
import { now } from "../models/clock.js";
import { me } from "../models/session.js";
import { html, useState } from "../ui.js";

/** @typedef {BoardView["agents"][number]} AtDesk */

/** Who is here, and how much they hold. @param {{ agents: AtDesk[] }} props */
export function BoardAgents({ agents }) {
  const [away, setAway] = useState(/** @type {AtDesk | null} */ (null));
  const sorted = [...agents].sort(
    (a, b) => STATES.indexOf(a.availability) - STATES.indexOf(b.availability) || compare(a.name, b.name),
  );
  const { rows, holds } = useStill(sorted);
  return html`<section class="panel" ...${holds}><h2 id="agents">${t("board.agents")}</h2>
    ${!rows.length && html`<p class="muted none">${t("board.no_agents")}</p>`}
    ${
      rows.length > 0 &&
      html`<table aria-labelledby="agents" class="of-agents"><thead><tr><th scope="col">${t("board.agent")}</th><th scope="col">${t("board.state")}</th>
        <th scope="col">${t("board.load")}</th><th scope="col" class="r">${t("board.has")}</th><th scope="col" class="r today">${t("board.today")}</th></tr></thead>
      <tbody>${rows.map((one) => html`<${Desk} key=${one.id} one=${one} askAway=${() => setAway(one)} />`)}</tbody></table>`
    }
    ${away && html`<${AwayDialog} agent=${away} mine=${away.id === me.value?.id} close=${() => setAway(null)} />`}
  </section>`;
}

/** @param {{ one: AtDesk & { gone?: boolean }, askAway: () => void }} props */
function Desk({ one, askAway }) {
  const label = t("availability.of", { name: one.name });
  const items = stateItems(one, askAway).map((item) => ({
    ...item,
    run: () => {
      item.run();
      boardChanged();
    },
  }));
  const off = one.availability === "away" || one.availability === "offline";
  const words = t("availability.load", { used: one.load, capacity: one.capacity });
  return html`<tr class=${one.gone ? "gone" : ""}>
    <td><span class="agent"><${Avatar} id=${one.id} name=${one.name} size="s" /><span class="name" title=${one.name}>${one.name}</span></span></td>
    <td><${Menu} label=${label} groups=${[{ title: one.name, items }]} button=${(/** @type {any} */ attributes) =>
      html`<button type="button" ...${attributes} class="state-of" aria-label=${`${label}: ${stateWords(one, now())}`}><${StateChip} agent=${one} /><${Icon} name="down" small /></button>`} /></td>
    <td><span class="held"><${Units} used=${one.load} capacity=${one.capacity} off=${off} label=${words} /><small aria-hidden="true">${one.capacity > 0 ? `${number(one.load)}/${number(one.capacity)}` : one.load > 0 ? number(one.load) : ""}</small></span></td>
    <td class="r">${one.conversations > 0 ? html`<${Opens} view="all" agent=${one.id} class="count" words=${t("board.open_agent", { count: one.conversations, name: one.name })}>${number(one.conversations)}</${Opens}>` : html`<span class="muted">0</span>`}</td>
    <td class="r today">${number(one.today)}</td></tr>`;
}
