import { framePath } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";

const TALLEST = 20_000;

/** An HTML message in its sandbox; it cannot run scripts, and its height is measured from here. @param {{ id: string, from: string }} props */
export function MailFrame({ id, from }) {
  const frame = useRef(/** @type {HTMLIFrameElement | null} */ (null));
  const [ready, setReady] = useState(false);
  const watch = useRef(/** @type {ResizeObserver | null} */ (null));
  useEffect(() => () => watch.current?.disconnect(), []);
  const loaded = () => {
    const inside = frame.current?.contentDocument;
    if (!inside?.body) return;
    const measure = () => {
      const height = Math.min(TALLEST, Math.max(24, Math.ceil(inside.body.getBoundingClientRect().bottom + 1)));
      if (frame.current) frame.current.style.height = `${height}px`;
    };
    measure();
    watch.current?.disconnect();
    watch.current = new ResizeObserver(measure);
    watch.current.observe(inside.body);
    setReady(true);
  };
  return html`<div class=${`mail ${ready ? "ready" : ""}`}><iframe ref=${frame} src=${framePath(id)} title=${t("mail.title", { name: from })}
    sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" loading="lazy" onLoad=${loaded}></iframe></div>`;
}
