// What the socket says goes to the models here; and the few words the page says back.
/** @import { Frame } from "../types.js" */
import { t } from "../i18n.js";
import { Live } from "../live.js";
import { batch, signal } from "../vendor/signals.js";
import { agentChanged, agentsChanged } from "./availability.js";
import { boardChanged } from "./board.js";
import { current, forgetOthers, openedOf, refresh, TIMELINE } from "./conversation.js";
import { count, drop, loadCounts, loadFailed, peekRow, reloadLists, upsert } from "./inbox.js";
import { startNotices, tellGiven } from "./notices.js";
import { emptyOffers, loadOffers, noteOffer } from "./offers.js";
import { looks, nobodyIsHere, online, types } from "./presence.js";
import { loadQuarantine } from "./quarantine.js";
import { routingChanged } from "./routing.js";
import { agents, forgetMe, loadAgents, me } from "./session.js";
import { say } from "./toasts.js";

const QUIET_MS = 1500;
const COUNTS_LATEST_MS = 1500;

/** Whether the socket has been cut for so long that it should be said. */
export const cut = signal(false);

/** @type {Live | null} */
let live = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soonCut;
let hello = false;
let endNotices = () => {};

/** Opens the socket and loads what every screen needs. */
export function startDesk() {
  if (live) return;
  live = new Live({ told, state: connection, refused });
  live.start();
  endNotices = startNotices();
  // The socket says hello before anything is loaded, so that nothing falls between; without it we begin all the same.
  setTimeout(() => {
    if (!hello) loadAll();
  }, COUNTS_LATEST_MS);
}

export function stopDesk() {
  live?.stop();
  live = null;
  hello = false;
  clearTimeout(soonCut);
  cut.value = false;
  nobodyIsHere();
  endNotices();
  emptyOffers();
}

/** @param {string | null} conversation */
export function lookAt(conversation) {
  live?.looking(conversation);
}

/** @param {string} conversation @param {boolean} on */
export function tellTyping(conversation, on) {
  live?.send({ type: "typing", conversation, on });
}

async function loadAll() {
  await Promise.allSettled([
    loadCounts(),
    loadAgents().then(presentAgents),
    loadQuarantine(),
    loadOffers(),
    reloadLists(),
  ]);
  boardChanged();
}

function presentAgents() {
  online.value = new Set(agents.peek().flatMap((one) => (one.online ? [one.id] : [])));
}

/** After a gap: everything that is on the screen, as it is now. */
async function loadAfresh() {
  forgetOthers();
  routingChanged();
  const shown = current.peek();
  await Promise.allSettled([loadAll(), shown ? refresh(shown.id) : null]);
}

/** @param {boolean} up */
function connection(up) {
  clearTimeout(soonCut);
  if (up) cut.value = false;
  else
    soonCut = setTimeout(() => {
      cut.value = true;
    }, QUIET_MS);
}

/** The socket was refused again and again: perhaps we are signed out. */
async function refused() {
  await loadCounts().catch(() => {});
}

/** @param {Frame} frame */
function told(frame) {
  batch(() => HANDLERS[frame.type]?.(/** @type {any} */ (frame)));
}

/** @type {{ [T in Frame["type"]]: (frame: Extract<Frame, { type: T }>) => void }} */
const HANDLERS = {
  hello() {
    if (hello) {
      // What no event brings back.
      Promise.allSettled([loadCounts(), loadAgents().then(presentAgents), loadOffers(), loadFailed()]);
      boardChanged();
      return;
    }
    hello = true;
    loadAfresh();
  },
  event: happened,
  counts({ mine, waiting, team, all }) {
    count({ mine, waiting, team, all });
  },
  gone: ({ conversation }) => drop(conversation),
  typing: ({ conversation, who, on }) => {
    if (who.id !== me.peek()?.id) types(conversation, who, on);
  },
  looking: ({ conversation, agents: others }) =>
    looks(
      conversation,
      others.filter((one) => one.id !== me.peek()?.id),
    ),
  presence(frame) {
    online.value = new Set(frame.online);
  },
  reload: () => {
    loadAfresh();
  },
  bye({ why }) {
    if (why === "signed_out") forgetMe();
    else location.assign("/");
  },
};

/** Whether routing's page shows what was changed of an agent. @param {string[] | undefined} fields */
const asksRouting = (fields) => (fields ?? []).some((one) => ["teams", "skills", "capacity", "caps"].includes(one));

/** @param {Extract<Frame, { type: "event" }>} frame */
function happened(frame) {
  const { conversation: row, message, kind } = frame;
  if (row) upsert(row);
  if (row) noteOffer(row);
  tellGiven(frame);
  boardChanged();
  if (kind === "agent.changed") agentChanged(frame);
  if (kind === "routing.changed" || (kind === "agent.changed" && asksRouting(frame.data.fields))) routingChanged();
  if (touchesMe(frame)) agentsChanged();
  if (kind.startsWith("quarantine.")) loadQuarantine();
  if (kind === "user.changed") loadAgents();
  const id = row?.id ?? message?.conversation;
  const opened = id ? openedOf(id) : null;
  if (!opened) return;
  if (kind === "message.withdrawn") opened.withdraw(frame.data.message);
  else if (message) opened.put(message);
  if (TIMELINE.has(kind)) opened.note({ ...frame, type: "event", id: frame.id });
  if (kind === "customer.changed" || kind === "claim.added") refresh(opened.id);
  if (kind === "message.received" && message && opened === current.peek()) {
    types(opened.id, { kind: "customer", id: message.author.id, name: message.author.name }, false);
    say(t("said.new_message", { name: message.author.name || nameIn(opened.id), text: message.text.slice(0, 200) }));
  }
}

/** Whether what I hold may weigh something else now. @param {Extract<Frame, { type: "event" }>} frame */
function touchesMe({ conversation: row, data }) {
  const mine = me.peek()?.id;
  return Boolean(row && mine) && [row?.assignee?.id, data.from, row?.offer?.agent.id].includes(mine);
}

/** @param {string} id */
function nameIn(id) {
  return peekRow(id)?.customer.name || t("customer.nameless");
}
