import { api, asProblem } from "../api.js";
import { LANGUAGES, language, number, problemWords, t } from "../i18n.js";
import { agentsChanged, myself, stateWords } from "../models/availability.js";
import { beat } from "../models/clock.js";
import { counts } from "../models/inbox.js";
import { changeMe, forgetMe, leads, me } from "../models/session.js";
import { toast } from "../models/toasts.js";
import { place } from "../router.js";
import { html, useState } from "../ui.js";
import { AwayDialog, stateItems } from "./availability.js";
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
    <a href="/inbox/mine" class="place" aria-current=${inbox ? "page" : undefined} aria-label=${waiting ? t("rail.inbox_count", { count: waiting }) : t("rail.inbox")} title=${t("rail.inbox")}>
      <${Icon} name="inbox" />${waiting > 0 && html`<span class="count" aria-hidden="true">${waiting > 99 ? "99+" : number(waiting)}</span>`}</a>
    ${leads.value && html`<a href="/board" class="place" aria-current=${name === "board" ? "page" : undefined} aria-label=${t("rail.board")} title=${t("rail.board")}><${Icon} name="board" /></a>`}
    ${leads.value && html`<a href="/routing" class="place" aria-current=${name === "routing" ? "page" : undefined} aria-label=${t("rail.routing")} title=${t("rail.routing")}><${Icon} name="route" /></a>`}
    <span class="grow"></span>
    <button type="button" class="place to-keys" aria-label=${t("keys.title")} title=${`${t("keys.title")} (?)`} onClick=${showKeys}><${Icon} name="keyboard" /></button>
    ${leads.value && html`<a href="/settings/channels" class="place" aria-current=${settings ? "page" : undefined} aria-label=${t("rail.settings")} title=${t("rail.settings")}><${Icon} name="settings" /></a>`}
    <${ProfileMenu} />
  </nav>`;
}

function ProfileMenu() {
  const [away, setAway] = useState(false);
  const who = me.value;
  const own = myself.value;
  if (!who) return null;
  const groups = [
    ...(own ? [{ title: t("availability.title"), items: stateItems(own, () => setAway(true)) }] : []),
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
  return html`${away && own && html`<${AwayDialog} agent=${own} mine close=${() => setAway(false)} />`}<${Menu} opened=${agentsChanged} label=${t("profile.label")} groups=${groups} side="right" align="end" head=${head}
    button=${(
      /** @type {any} */ attributes,
    ) => html`<button type="button" ...${attributes} class="me" title=${[who.name, state].filter(Boolean).join(" · ")}>
      <span class="unseen">${t("profile.of", { name: who.name })}${state && `, ${state}`}</span><${Avatar} id=${who.id} name=${who.name} state=${own?.availability ?? "offline"} /></button>`} />`;
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
