/** @import { Row, ViewName } from "../types.js" */
import { t } from "../i18n.js";
import { agentOf } from "../models/availability.js";
import { channels, loadChannels } from "../models/channels.js";
import { list, only, rowOf } from "../models/inbox.js";
import { agents } from "../models/session.js";
import { loadNames, teamNames } from "../models/teams.js";
import { inboxPath, place } from "../router.js";
import { html, useEffect } from "../ui.js";
import { Empty } from "./empty.js";
import { VIEW_ICONS } from "./views.js";

/** @typedef {{ words: string, unknown?: boolean }} Part `unknown`: there is no such thing, or no longer */

/** The list shows only a part, and says which. @param {{ view: ViewName }} props */
export function Narrowed({ view }) {
  const { team, channel } = only.value;
  useEffect(() => {
    if (team) loadNames();
    if (channel) loadChannels();
  }, [team, channel]);
  const what = parts(view).map((one) => one.words);
  return html`<p class="narrowed"><span>${t("list.narrowed", { what: what.join(" · ") })}</span>
    <a class="act" href=${inboxPath(view, place.value.params.number)}>${t("list.widen")}</a></p>`;
}

/** Nothing of this part, perhaps because its address names what there is not. @param {{ view: ViewName }} props */
export function NothingOfIt({ view }) {
  const all = parts(view);
  const unknown = all.some((one) => one.unknown);
  const what = all.map((one) => one.words).join(" · ");
  return html`<${Empty} icon=${unknown ? "search" : VIEW_ICONS[view]} title=${t(unknown ? "empty.unknown" : "empty.narrowed")} text=${t(unknown ? "empty.unknown.text" : "empty.narrowed.text", { what })}>
    <a class="btn" href=${inboxPath(view, place.value.params.number)}>${t("list.widen")}</a></${Empty}>`;
}

/** @param {ViewName} view @returns {Part[]} */
function parts(view) {
  const { team, channel, agent } = only.value;
  const one = list(view);
  const first = one.changed.value > 0 && one.places[0] ? rowOf(one.places[0].id) : null;
  return [...ofTeam(team, first), ...onChannel(channel, first), ...withAgent(agent)];
}

/** Only supervisors are told of teams and channels: to others the rows say what theirs is called. @param {string} id @param {Row | null} row @returns {Part[]} */
function ofTeam(id, row) {
  if (!id) return [];
  if (id === "none") return [{ words: t("board.no_team") }];
  const known = teamNames.value?.find((one) => one.id === id) ?? (row?.team?.id === id ? row.team : null);
  return [known ? { words: known.name } : unnamed("team", teamNames.value !== null)];
}

/** @param {string} id @param {Row | null} row @returns {Part[]} */
function onChannel(id, row) {
  if (!id) return [];
  const known = channels.value?.find((one) => one.id === id) ?? (row?.channel.id === id ? row.channel : null);
  return [known ? { words: known.name } : unnamed("channel", channels.value !== null)];
}

/** @param {string} id @returns {Part[]} */
function withAgent(id) {
  if (!id) return [];
  if (id === "any") return [{ words: t("list.narrowed.held") }];
  const known = agentOf(id);
  return [known ? { words: known.name } : unnamed("agent", agents.value.length > 0)];
}

/** @param {"team" | "channel" | "agent"} kind @param {boolean} unknown @returns {Part} */
const unnamed = (kind, unknown) => ({ words: t(`list.narrowed.${kind}.${unknown ? "unknown" : "one"}`), unknown });
