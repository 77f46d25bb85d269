import { api, asProblem } from "../api.js";
import { LANGUAGES, language, number, problemWords, t } from "../i18n.js";
import { agentsChanged, myself, stateWords } from "../models/availability.js";
import { beat } from "../models/clock.js";
import { counts } from "../models/inbox.js";
import { lookAgain } from "../models/notices.js";
import { changeMe, forgetMe, leads, me } from "../models/session.js";
import { toast } from "../models/toasts.js";
import { inboxPath, place } from "../router.js";
import { html, useState } from "../ui.js";
import { AwayDialog, noticeItems, stateItems } from "./availability.js";
import { Avatar } from "./avatar.js";
import { Icon, Logo } from "./icon.js";
import { Menu } from "./menu.js";
import { Units } from "./units.js";

/** The places of the page, and the person who sits here. @param {{ showKeys: () => void }} props */
export function Rail({ showKeys }) {
  const { name } = place.value;
  const waiting = counts.value?.waiting ?? 0;
  const inbox = ["inbox", "quarantine", "home"].includes(name);
  const settings = ["channels", "people"].includes(name);
  return html`<nav class="rail" aria-label=${t("rail.label")}>
    <${Logo} />
    <${Place} href=${inboxPath(waiting ? "waiting" : "mine")} icon="inbox" words=${t("rail.inbox")} label=${waiting ? t("rail.inbox_count", { count: waiting }) : ""} here=${inbox} count=${waiting} />
    ${leads.value && html`<${Place} href="/board" icon="board" words=${t("board.title")} here=${name === "board"} />`}
    ${leads.value && html`<${Place} href="/routing" icon="route" words=${t("rail.routing")} here=${name === "routing"} />`}
    <span class="grow"></span>
    <button type="button" class="place to-keys" aria-label=${t("keys.title")} title=${`${t("keys.title")} (?)`} onClick=${showKeys}><${Icon} name="keyboard" /><small aria-hidden="true">${t("rail.keys")}</small></button>
    ${leads.value && html`<${Place} href="/settings/channels" icon="settings" words=${t("rail.settings")} here=${settings} />`}
    <${ProfileMenu} />
  </nav>`;
}

/**
 * Its words stand below the icon where there is room.
 * @param {{ href: string, icon: string, words: string, here: boolean, label?: string, count?: number }} props count: what waits there
 */
function Place({ href, icon, words, here, label, count = 0 }) {
  return html`<a href=${href} class="place" aria-current=${here ? "page" : undefined} aria-label=${label || words} title=${label || words}>
    <${Icon} name=${icon} /><small aria-hidden="true">${words}</small>${count > 0 && html`<span class="count" aria-hidden="true">${count > 99 ? "99+" : number(count)}</span>`}</a>`;
}

function ProfileMenu() {
  const [away, setAway] = useState(false);
  const who = me.value;
  const own = myself.value;
  if (!who) return null;
  const groups = [
    ...(own
      ? [{ title: t("availability.title"), items: [...stateItems(own, () => setAway(true)), ...noticeItems()] }]
      : []),
    {
      title: t("profile.theme"),
      items: /** @type {const} */ ([
        ["system", "device"],
        ["light", "sun"],
        ["dark", "moon"],
      ]).map(([theme, icon]) => ({
        words: t(`theme.${theme}`),
        icon,
        checked: who.theme === theme,
        run: () => change({ theme }),
      })),
    },
    {
      title: t("profile.language"),
      items: LANGUAGES.map(({ code, name }) => ({
        words: name,
        checked: language.value === code,
        run: () => change({ language: code }),
      })),
    },
    {
      title: t("profile.keys"),
      items: [
        {
          words: t("profile.single_keys"),
          checked: who.single_keys,
          kind: /** @type {const} */ ("checkbox"),
          run: () => change({ single_keys: !who.single_keys }),
        },
      ],
    },
    { items: [{ words: t("sign_out"), icon: "leave", run: signOut }] },
  ];
  const head = html`<div class="whoami"><${Avatar} id=${who.id} name=${who.name} /><div><b>${who.name}</b><small>${who.email}</small><small>${t(`role.${who.role}`)}</small>${own && own.capacity > 0 && html`<${Held} agent=${own} />`}</div></div>`;
  const state = own ? stateWords(own, beat.value) : "";
  return html`${away && own && html`<${AwayDialog} agent=${own} mine close=${() => setAway(false)} />`}<${Menu} opened=${opened} label=${t("profile.label")} groups=${groups} side="right" align="end" head=${head}
    button=${(
      /** @type {any} */ attributes,
    ) => html`<button type="button" ...${attributes} class="me" title=${[who.name, state].filter(Boolean).join(" · ")}>
      <span class="unseen">${t("profile.of", { name: who.name })}${state && `, ${state}`}</span><${Avatar} id=${who.id} name=${who.name} state=${own?.availability ?? "offline"} />${own && html`<small class=${own.availability} aria-hidden="true">${state}</small>`}</button>`} />`;
}

function opened() {
  agentsChanged();
  lookAgain();
}

/** How much of what I can hold is in use. @param {{ agent: import("../types.js").Agent }} props */
function Held({ agent }) {
  const words = t("availability.load", { used: agent.load, capacity: agent.capacity });
  return html`<span class="held"><${Units} used=${agent.load} capacity=${agent.capacity} label=${words} /><small aria-hidden="true">${words}</small></span>`;
}

/** @param {Parameters<typeof changeMe>[0]} wish */
async function change(wish) {
  try {
    await changeMe(wish);
  } catch (error) {
    toast(problemWords(asProblem(error)), { tone: "bad" });
  }
}

async function signOut() {
  try {
    await api.signOut();
    forgetMe();
  } catch (error) {
    const problem = asProblem(error);
    if (problem.code === "unauthenticated") forgetMe();
    else toast(problemWords(problem), { tone: "bad" });
  }
}
