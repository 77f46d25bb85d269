// The one script a site includes:
//   <script async src="https://HUB/widget.js" data-key="KEY" data-language="pt-BR"></script>
// A button in a shadow root, and the panel's iframe. It keeps the visitor's token and waiting messages for the iframe,
// whose own storage browsers partition or drop; it touches nothing else of the page.
(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const key = script?.dataset.key;
  if (!script || !key || "Balcao" in window) return;
  const hub = new URL(script.src).origin;
  const place = `balcao:${key}`;

  // --- what is kept for the visitor ------------------------------------------------------------------------

  /** @typedef {{ id: string, text: string, at: number }} Waiting */
  /** @typedef {{ token?: string, waiting?: Waiting[], asked?: boolean, draft?: string }} Kept */

  /** @type {Kept} */
  let memory = {};
  let lasting = true; // until the page's storage refuses

  /** @returns {Kept} */
  function kept() {
    try {
      if (lasting) memory = JSON.parse(localStorage.getItem(place) || "{}");
    } catch {
      lasting = false;
    }
    return memory;
  }

  /** @param {Kept} change */
  function keep(change) {
    memory = { ...kept(), ...change };
    try {
      localStorage.setItem(place, JSON.stringify(memory));
    } catch {
      lasting = false;
    }
  }

  /** Whether the panel was open in this tab. @param {boolean} [now] */
  function wasOpen(now) {
    try {
      if (now !== undefined) sessionStorage.setItem(place, now ? "open" : "");
      return sessionStorage.getItem(place) === "open";
    } catch {
      return false;
    }
  }

  // --- words -----------------------------------------------------------------------------------------------

  const WORDS = {
    en: { open: "Open chat", close: "Close chat", one: "1 new message", more: " new messages" },
    "pt-BR": { open: "Abrir o chat", close: "Fechar o chat", one: "1 mensagem nova", more: " mensagens novas" },
  };

  /** @param {readonly (string | undefined)[]} wishes @returns {keyof typeof WORDS | undefined} */
  function spoken(wishes) {
    for (const wish of wishes) {
      if (/^pt\b/i.test(wish || "")) return "pt-BR";
      if (/^en\b/i.test(wish || "")) return "en";
    }
  }

  let language = /** @type {keyof typeof WORDS} */ ("en");

  // --- the button and the panel ----------------------------------------------------------------------------

  const STYLE = `
    :host { all: initial !important; color-scheme: light dark !important; }
    button { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right));
      bottom: max(20px, env(safe-area-inset-bottom)); width: 60px; height: 60px; padding: 0; border: 0; border-radius: 50%;
      display: grid; place-items: center; color: var(--on); background: var(--colour); cursor: pointer;
      box-shadow: 0 2px 6px rgb(30 30 30 / .2), 0 8px 28px rgb(30 30 30 / .22); }
    button:focus-visible { outline: 3px solid var(--colour); outline-offset: 3px; }
    svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round;
      stroke-linejoin: round; }
    b { position: absolute; top: -3px; right: -3px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box;
      border-radius: 11px; font: 700 12.5px/22px system-ui, sans-serif; color: #fff; background: #a3261d; }
    b:empty, [hidden] { display: none; }
    iframe { position: fixed; z-index: 2147483001; right: max(22px, env(safe-area-inset-right));
      bottom: max(22px, env(safe-area-inset-bottom)); width: 376px; height: min(640px, calc(100vh - 44px)); border: 0;
      border-radius: 18px; color-scheme: light dark; background: #fffefb;
      box-shadow: 0 12px 48px rgb(30 30 30 / .24), 0 0 0 1px rgb(60 50 30 / .12); }
    .early { bottom: 96px; height: min(640px, calc(100vh - 118px)); }
    @media (prefers-color-scheme: dark) { iframe { background: #171c24; } }
    @media (prefers-reduced-motion: no-preference) {
      button { transition: scale .15s; } button:hover { scale: 1.06; }
      iframe { animation: rise .2s ease-out; } @keyframes rise { from { opacity: 0; translate: 0 14px; } } }
    @media (max-width: 480px) { iframe { inset: 0; width: 100%; height: 100%; height: 100dvh; border-radius: 0; }
      .early { bottom: auto; height: calc(100dvh - 96px); } }
    @media print { :host { display: none !important; } }`;
  const CHAT = "M7.9 20A9 9 0 1 0 4 16.1L2 22Z";
  const CROSS = "M18 6 6 18M6 6l12 12";

  const home = document.createElement("balcao-chat");
  const root = home.attachShadow({ mode: "open" });
  const button = document.createElement("button");
  const badge = document.createElement("b");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  /** @type {HTMLIFrameElement | undefined} */
  let frame;
  let isOpen = false;
  let isLoaded = false; // there is a page in the iframe
  let isReady = false; // and it has answered
  let unread = 0;

  function build() {
    const style = new CSSStyleSheet(); // a page's own policy may forbid <style>
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    icon.append(path);
    button.type = "button";
    button.append(icon, badge);
    button.addEventListener("click", () => (isOpen ? close() : open()));
    root.append(button);
  }

  /** @param {string} colour like #1d4f91 */
  function paint(colour) {
    const [red, green, blue] = [1, 3, 5].map((from) => {
      const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    home.style.setProperty("--colour", colour);
    home.style.setProperty("--on", 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.36 ? "#1c2430" : "#fff");
  }

  function show() {
    const words = WORDS[language];
    const news = unread === 1 ? words.one : unread + words.more;
    const label = isOpen ? words.close : words.open;
    button.setAttribute("aria-label", unread && !isOpen ? `${label} (${news})` : label);
    button.setAttribute("aria-expanded", String(isOpen));
    button.hidden = isOpen && isReady; // the panel has its own way to close
    badge.textContent = unread && !isOpen ? String(Math.min(unread, 99)) : "";
    path.setAttribute("d", isOpen ? CROSS : CHAT);
    if (frame) {
      frame.hidden = !isOpen;
      frame.className = isReady ? "" : "early";
    }
  }

  function call() {
    frame = document.createElement("iframe");
    frame.title = "Chat";
    frame.referrerPolicy = "no-referrer";
    frame.src = `${hub}/widget/${encodeURIComponent(/** @type {string} */ (key))}?language=${language}`;
    let pause = 6000;
    let timer = 0;
    frame.addEventListener("load", () => {
      isLoaded = true;
      isReady = false;
      tell({ balcao: "init", ...kept(), open: isOpen, focus: root.activeElement === frame });
      clearTimeout(timer);
      timer = setTimeout(again, pause);
    });
    const again = () => {
      if (isReady || !frame) return; // else the hub was away, and what was loaded is an error page
      pause = Math.min(2 * pause, 300_000);
      frame.src = `${frame.src}`;
    };
    root.append(frame);
  }

  function open(focus = true) {
    isOpen = true;
    wasOpen(true);
    if (!frame) call();
    show();
    fit();
    tell({ balcao: "open", focus });
    if (focus) frame?.focus();
  }

  function close() {
    if (!isOpen) return;
    const inside = root.activeElement;
    isOpen = false;
    wasOpen(false);
    show();
    tell({ balcao: "closed" });
    if (inside) button.focus();
  }

  /** Above a phone's keyboard, which covers the page without making it smaller. */
  function fit() {
    const seen = window.visualViewport;
    if (!frame || !seen) return;
    const covered = isOpen && innerWidth <= 480 && seen.height < innerHeight - 1;
    frame.style.height = covered ? `${seen.height}px` : "";
    frame.style.top = covered ? `${seen.offsetTop}px` : "";
  }

  // --- talking with the page in the iframe -----------------------------------------------------------------

  /** @param {Record<string, unknown>} note */
  function tell(note) {
    if (isLoaded) frame?.contentWindow?.postMessage(note, hub);
  }

  /** @type {Record<string, (note: any) => void>} */
  const ASKED = {
    ready: ({ title }) => {
      isReady = true;
      if (frame) frame.title = title;
      show();
    },
    // Another tab of this site may have been first: then its token holds for both.
    token: ({ token }) => {
      if (!kept().token) keep({ token });
      tell({ balcao: "token", token: kept().token });
    },
    wait: ({ message }) => keep({ waiting: [...(kept().waiting || []).filter((w) => w.id !== message.id), message] }),
    done: ({ id }) => keep({ waiting: (kept().waiting || []).filter((w) => w.id !== id) }),
    asked: () => keep({ asked: true }),
    draft: ({ text }) => keep({ draft: text }),
    unread: ({ count }) => {
      unread = count;
      show();
    },
    close,
  };

  addEventListener("message", (event) => {
    if (event.origin !== hub || !frame || event.source !== frame.contentWindow) return;
    const ask = event.data?.balcao;
    if (Object.hasOwn(ASKED, ask)) ASKED[ask](event.data);
  });

  addEventListener("storage", (event) => {
    if (event.key !== place) return;
    const { token } = kept();
    if (token && !frame) call();
    else if (token) tell({ balcao: "token", token });
  });
  window.visualViewport?.addEventListener("resize", fit);

  // --- the start -------------------------------------------------------------------------------------------

  async function start() {
    let look = { colour: "#1d4f91", language: "en" };
    try {
      const answer = await fetch(`${hub}/widget/${encodeURIComponent(/** @type {string} */ (key))}/button`);
      const said = await answer.json();
      if (!answer.ok) return console.warn(`Balcão: ${said.why}`);
      look = said;
    } catch {} // a policy of the page forbids the question: the button then looks as it does by default
    const wishes = [script?.dataset.language, document.documentElement.lang, ...navigator.languages, look.language];
    language = spoken(wishes) || "en";
    build();
    paint(look.colour);
    document.body.append(home);
    if (kept().token) call();
    show();
    if (wasOpen()) open(false);
  }

  Object.assign(window, { Balcao: { open: () => open(), close } });
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
