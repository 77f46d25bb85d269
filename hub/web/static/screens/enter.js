import { api, asProblem } from "../api.js";
import { problemWords, t } from "../i18n.js";
import { begin } from "../models/session.js";
import { html, useEffect, useState } from "../ui.js";
import { Door } from "./door.js";

/** A printed link lets somebody in: `/enter#secret`. */
export function EnterScreen() {
  const [problem, setProblem] = useState(/** @type {import("../api.js").Problem | null} */ (null));
  useEffect(() => {
    api
      .enter({ token: location.hash.slice(1) })
      .then((start) => begin(start, "/inbox/waiting"))
      .catch((error) => setProblem(asProblem(error)));
  }, []);
  if (!problem) return html`<${Door} title=${t("enter.title")} />`;
  return html`<${Door} title=${t("enter.failed")} lead=${problemWords(problem)}>
    <p class="aside"><a class="btn" href="/login">${t("enter.next")}</a></p>
  </${Door}>`;
}
