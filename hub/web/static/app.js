// The page begins here: what it knows, where it is, what is drawn.
import { api, asProblem, whenSignedOut } from "./api.js";
import { ConnectionLine, DemoBanner } from "./components/banner.js";
import { KeysDialog } from "./components/keys-dialog.js";
import { Offers } from "./components/offers.js";
import { Rail } from "./components/rail.js";
import { Toasts } from "./components/toasts.js";
import { Trouble } from "./components/trouble.js";
import { preferredLanguage, speak, t } from "./i18n.js";
import { bind, startKeys } from "./keys.js";
import { startClock, strike } from "./models/clock.js";
import { current, emptyConversations } from "./models/conversation.js";
import { startDesk, stopDesk } from "./models/desk.js";
import { saveDrafts } from "./models/drafts.js";
import { counts, emptyInbox, rowOf } from "./models/inbox.js";
import { offers } from "./models/offers.js";
import { emptyOutbox, recallOutbox } from "./models/outbox.js";
import { visible } from "./models/reading.js";
import { begin, company, forgetMe, isAdmin, leads, me, start } from "./models/session.js";
import { theme } from "./models/theme.js";
import { go, place, startRouter } from "./router.js";
import { BoardScreen } from "./screens/board.js";
import { ChannelsScreen } from "./screens/channels.js";
import { EnterScreen } from "./screens/enter.js";
import { InboxScreen } from "./screens/inbox.js";
import { LoginScreen } from "./screens/login.js";
import { PeopleScreen } from "./screens/people.js";
import { QuarantineScreen } from "./screens/quarantine.js";
import { RoutingScreen } from "./screens/routing.js";
import { SetupScreen } from "./screens/setup.js";
import { effect, html, render, signal, useEffect, useState } from "./ui.js";

/** Every screen, and who may see it. @type {Readonly<Record<string, { screen: () => any, may: () => boolean }>>} */
const SCREENS = {
  inbox: { screen: InboxScreen, may: () => true },
  board: { screen: BoardScreen, may: () => leads.value },
  quarantine: { screen: QuarantineScreen, may: () => leads.value },
  channels: { screen: ChannelsScreen, may: () => leads.value },
  people: { screen: PeopleScreen, may: () => isAdmin.value },
  routing: { screen: RoutingScreen, may: () => leads.value },
};

/** @type {import("./ui.js").Signal<import("./api.js").Problem | null>} */
const trouble = signal(null);

function App() {
  if (trouble.value) return html`<div class="whole"><${Trouble} problem=${trouble.value} again=${load} /></div>`;
  const known = start.value;
  if (!known) return null;
  if (place.value.name === "enter" && !known.setup_needed) return html`<${EnterScreen} />`;
  if (known.setup_needed) return html`<${SetupScreen} />`;
  if (!known.me) return html`<${LoginScreen} /><${Toasts} />`;
  return html`<${Desk} key=${known.me.id} />`;
}

/** The page of somebody who is signed in. */
function Desk() {
  const [keys, setKeys] = useState(false);
  useEffect(() => {
    recallOutbox();
    startDesk();
    return () => {
      stopDesk();
      emptyOutbox();
      emptyConversations();
      emptyInbox();
    };
  }, []);
  useEffect(() => bind({ "?": () => setKeys(true) }), []);
  const wanted = SCREENS[place.value.name];
  const allowed = wanted?.may() ? wanted : null;
  useEffect(() => {
    if (!allowed) go("/inbox/mine", { replace: true });
  }, [allowed]);
  return html`<div class="app">
    <a class="skip" href="#work">${t("skip")}</a>
    <${DemoBanner} /><${ConnectionLine} />
    <div class="desk"><${Rail} showKeys=${() => setKeys(true)} /><div class="work" id="work" tabindex="-1">${allowed && html`<${allowed.screen} />`}</div></div>
    <${Offers} /><${Toasts} />
    ${keys && html`<${KeysDialog} close=${() => setKeys(false)} />`}
  </div>`;
}

async function load() {
  trouble.value = null;
  try {
    await begin(await api.start());
  } catch (error) {
    trouble.value = asProblem(error);
  }
}

function titles() {
  const row = current.value ? rowOf(current.value.id) : null;
  const waiting = me.value ? (counts.value?.waiting ?? 0) : 0;
  const offer = me.value ? offers.value[0]?.row : null;
  if (offer) {
    document.title = `● ${t("offer.title", { name: offer.customer.name || t("customer.nameless") })} · Balcão`;
    return;
  }
  const what = row ? row.subject || row.customer.name || t("customer.nameless") : (company.value?.name ?? "");
  document.title = [waiting > 0 ? `(${waiting}) ` : "", what, what ? " · " : "", "Balcão"].join("");
}

function dress() {
  if (theme.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}

/** What the browser does that the models must know of. */
function listen() {
  const look = () => {
    visible.value = document.visibilityState === "visible";
    strike();
  };
  look();
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", saveDrafts);
}

async function main() {
  whenSignedOut(forgetMe);
  startRouter();
  startKeys();
  startClock();
  listen();
  effect(titles);
  effect(dress);
  await speak(preferredLanguage());
  await load();
  render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
}

main();
