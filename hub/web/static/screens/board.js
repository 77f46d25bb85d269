import { Chip } from "../components/chip.js";
import { Select } from "../components/field.js";
import { channelIcon, Icon } from "../components/icon.js";
import { Opens, useSecond } from "../components/opens.js";
import { Trouble } from "../components/trouble.js";
import { compare, number, span, t } from "../i18n.js";
import { board, boardProblem, filter, load, look, openBoard } from "../models/board.js";
import { channels, loadChannels } from "../models/channels.js";
import { now } from "../models/clock.js";
import { cut } from "../models/desk.js";
import { loadNames, teamNames } from "../models/teams.js";
import { waitsChip, waitsWords } from "../models/why.js";
import { inboxPath } from "../router.js";
import { html, useEffect } from "../ui.js";
import { BoardAgents } from "./board-agents.js";
import { BoardQueue } from "./board-queue.js";

/** @typedef {import("../types.js").BoardView} Board */

/** Now: who waits, who is here. */
export function BoardScreen() {
  useEffect(() => {
    loadChannels();
    loadNames();
    return openBoard();
  }, []);
  const all = board.value;
  const problem = boardProblem.value;
  return html`<main class="board"><div class="board-in">
    <header><h1>${t("board.title")}</h1><${Live} /><span class="grow"></span><${Filters} /></header>
    ${!all && problem && html`<${Trouble} problem=${problem} again=${load} />`}
    ${
      all &&
      html`<${Tiles} board=${all} />
      <div class="board-two"><${BoardAgents} agents=${all.agents} /><${BoardQueue} queue=${all.queue} waiting=${all.waiting} /></div>
      ${all.groups.length > 0 && html`<${Groups} groups=${all.groups} />`}`
    }
  </div></main>`;
}

function Live() {
  return cut.value
    ? html`<${Chip} icon="offline">${t("connection.cut")}</${Chip}>`
    : html`<span class="chip green live"><i aria-hidden="true"></i><span>${t("board.live")}</span></span>`;
}

function Filters() {
  const teams = [...(teamNames.value ?? [])].sort((a, b) => compare(a.name, b.name));
  const ways = channels.value ?? [];
  const { team, channel } = filter.value;
  return html`<div class="buttons">
    ${
      teams.length > 0 &&
      html`<${Select} value=${team} change=${(/** @type {string} */ value) => look({ team: value })} aria-label=${t("board.team")}
      options=${[{ value: "", words: t("board.all_teams") }, ...teams.map((one) => ({ value: one.id, words: one.name })), { value: "none", words: t("board.no_team") }]} />`
    }
    ${
      ways.length > 1 &&
      html`<${Select} value=${channel} change=${(/** @type {string} */ value) => look({ channel: value })} aria-label=${t("board.channel")}
      options=${[{ value: "", words: t("board.all_channels") }, ...ways.map((one) => ({ value: one.id, words: one.name }))]} />`
    }
  </div>`;
}

/** The two large numbers; each opens what it counts. @param {{ board: Board }} props */
function Tiles({ board: { waiting, longest, in_conversation: busy, units } }) {
  const { team, channel } = filter.value;
  return html`<div class="tiles">
    <section class=${waiting > 0 ? "panel hot" : "panel"}><h2>${t("board.waiting")}</h2>
      <${Opens} view="waiting" team=${team} channel=${channel} class="figure" words=${t("board.open_waiting", { count: waiting })}>${number(waiting)}</${Opens}>
      <p>${longest?.since ? html`<${Longest} longest=${longest} />` : t("board.nobody_waits")}</p></section>
    <section class="panel"><h2>${t("board.in_conversation")}</h2>
      <${Opens} view="all" team=${team} channel=${channel} held class="figure" words=${t("board.open_held", { count: busy })}>${number(busy)}</${Opens}>
      <p class="muted">${t("board.units", { used: units.used, available: units.available })}${units.over > 0 && html` <span class="over-units">· ${t("board.units.over", { count: units.over })}</span>`}</p></section>
  </div>`;
}

/** @param {{ longest: NonNullable<Board["longest"]> }} props */
function Longest({ longest }) {
  useSecond();
  const time = span(now() - Date.parse(longest.since ?? ""));
  const lacks = longest.waits ? waitsChip(longest.waits) : "";
  const words = longest.waits ? waitsWords(longest.waits, now()) : "";
  return html`<a class="longest" href=${inboxPath("waiting", longest.number)} title=${[longest.customer.name, words].filter(Boolean).join(" · ")}>
    <${Icon} name="clock" small /><span>${t("board.longest", { time })}${lacks && `, ${lacks}`}</span></a>`;
}

/** By team and channel. @param {{ groups: Board["groups"] }} props */
function Groups({ groups }) {
  useSecond();
  const sorted = [...groups].sort(
    (a, b) =>
      Number(!a.team) - Number(!b.team) ||
      compare(a.team?.name ?? "", b.team?.name ?? "") ||
      compare(a.channel.name, b.channel.name),
  );
  return html`<section class="panel"><h2 id="groups">${t("board.groups")}</h2>
    <div class="scrolls"><table aria-labelledby="groups"><thead><tr><th scope="col">${t("board.team")}</th><th scope="col">${t("board.channel")}</th>
      <th scope="col" class="r">${t("board.waiting")}</th><th scope="col" class="r">${t("board.longest_short")}</th><th scope="col" class="r">${t("board.in_conversation")}</th></tr></thead>
    <tbody>${sorted.map((one, i) => html`<${Group} key=${`${one.team?.id} ${one.channel.id}`} one=${one} first=${one.team?.id !== sorted[i - 1]?.team?.id || i === 0} />`)}</tbody></table></div></section>`;
}

/** @param {{ one: Board["groups"][number], first: boolean }} props */
function Group({ one, first }) {
  const team = one.team?.name ?? t("board.no_team");
  const at = { team: one.team?.id ?? "none", channel: one.channel.id };
  const where = `${team}, ${one.channel.name}`;
  return html`<tr class=${first ? "" : "same"}>
    <td><span class=${first ? "" : "unseen"}>${team}</span></td><td><span class="by"><${Icon} name=${channelIcon(one.channel.kind)} small />${one.channel.name}</span></td>
    <td class="r">${one.waiting > 0 ? html`<${Opens} view="waiting" ...${at} words=${`${where}: ${t("board.open_waiting", { count: one.waiting })}`} class="count waits">${number(one.waiting)}</${Opens}>` : html`<span class="muted">0</span>`}</td>
    <td class="r">${one.longest_since ? span(now() - Date.parse(one.longest_since)) : html`<span class="muted">–</span>`}</td>
    <td class="r">${one.in_conversation > 0 ? html`<${Opens} view="all" ...${at} held words=${`${where}: ${t("board.open_held", { count: one.in_conversation })}`} class="count">${number(one.in_conversation)}</${Opens}>` : html`<span class="muted">0</span>`}</td></tr>`;
}
