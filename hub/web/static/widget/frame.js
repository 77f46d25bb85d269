// The page in the iframe: puts the parts together once the loader has said hello. What draws is loaded with the first
// opening; until then the page only counts what is new.
import { host } from "./host.js";
import { Talk } from "./talk.js";

const { key, company = "", sites = "[]" } = document.body.dataset;
const language = document.documentElement.lang;
/** @type {Talk | undefined} */
let talk;
/** @type {import("./view.js").View | undefined} */
let view;
let isOpen = false;
let wantsFocus = false;

const loader = host(JSON.parse(sites), (note) => {
  if (note.balcao === "init") start(note);
  else if (note.balcao === "open") opened(true, note.focus);
  else if (note.balcao === "closed") opened(false);
  else if (note.balcao === "token") talk?.become(note.token);
});

/** @param {any} note what the loader keeps, and whether the panel is open */
function start(note) {
  loader.tell({ balcao: "ready", title: `Chat · ${company}` });
  if (!talk) {
    const address = `${location.origin.replace(/^http/, "ws")}/widget/${key}/socket`;
    talk = new Talk({ address, language, host: loader, kept: note, changed });
    setInterval(() => talk?.ping(), 45_000);
  }
  opened(note.open, note.focus, note.draft);
}

/** @param {boolean} on @param {boolean} [focus] @param {string} [draft] */
function opened(on, focus, draft) {
  isOpen = on;
  wantsFocus = on && (wantsFocus || Boolean(focus));
  if (on && !view) draw(draft);
  talk?.reading(on && Boolean(view) && document.visibilityState === "visible");
  changed();
}

async function draw(draft = "") {
  const { View } = await import("./view.js");
  if (view) return;
  view = new View({
    say: (text) => talk?.say(text),
    typing: (on) => talk?.typing(on),
    repeat: (id) => talk?.repeat(id),
    claim: (name, email) => talk?.leave(name, email),
    dismiss: () => talk?.dismiss(),
    draft: (text) => loader.tell({ balcao: "draft", text }),
    close: () => loader.tell({ balcao: "close" }),
  });
  view.draft = draft;
  opened(isOpen);
}

function changed() {
  if (!talk) return;
  if (isOpen && view) {
    view.show(talk);
    if (wantsFocus) view.focus();
    wantsFocus = false;
  }
  loader.tell({ balcao: "unread", count: talk.unread });
}

document.addEventListener("visibilitychange", () => opened(isOpen));
addEventListener("online", changed);
addEventListener("offline", changed);
