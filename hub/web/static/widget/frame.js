// The page in the iframe: puts the parts together once the loader has said hello.
import { host } from "./host.js";
import { Talk } from "./talk.js";
import { View } from "./view.js";
import { fill, words } from "./words.js";

const { key, company = "", sites = "[]" } = document.body.dataset;
const language = document.documentElement.lang;
const said = words(language);
/** @type {Talk | undefined} */
let talk;
let isOpen = false;

const loader = host(JSON.parse(sites), (note) => {
  if (note.balcao === "init") start(note);
  else if (note.balcao === "open") opened(true, note.focus);
  else if (note.balcao === "closed") opened(false);
  else if (note.balcao === "token") talk?.become(note.token);
});

const view = new View(said, {
  say: (text) => talk?.say(text),
  typing: (on) => talk?.typing(on),
  repeat: (id) => talk?.repeat(id),
  claim: (name, email) => talk?.leave(name, email),
  dismiss: () => talk?.dismiss(),
  draft: (text) => loader.tell({ balcao: "draft", text }),
  close: () => loader.tell({ balcao: "close" }),
});

/** @param {any} note */
function start(note) {
  loader.tell({ balcao: "ready", title: fill(said.chat, company) });
  if (!talk) {
    const address = `${location.origin.replace(/^http/, "ws")}/widget/${key}/socket`;
    talk = new Talk({ address, language, host: loader, kept: note, changed });
    view.draft = note.draft || "";
    setInterval(() => talk?.ping(), 45_000);
  }
  opened(note.open);
}

/** @param {boolean} on @param {boolean} [focus] */
function opened(on, focus) {
  isOpen = on;
  if (on) document.body.classList.add("opened"); // the typeface is loaded with the first opening only
  if (focus) view.focus();
  talk?.reading(on && document.visibilityState === "visible");
  changed();
}

function changed() {
  if (!talk) return;
  if (isOpen) view.show(talk);
  loader.tell({ balcao: "unread", count: talk.unread });
}

document.addEventListener("visibilitychange", () => opened(isOpen));
