/** @import { DecisionView, WhyView } from "../types.js" */
import { api, asProblem } from "../api.js";
import { problemWords, t } from "../i18n.js";
import { beat } from "../models/clock.js";
import { line } from "../models/why.js";
import { html, useEffect, useState } from "../ui.js";
import { WhyCard } from "./why.js";

/**
 * The whole decision, asked for when it is opened: of one event, else as it is now. `short` is shown until it is here.
 * @param {{ id: string, conversation: string, event?: string, short?: DecisionView | null }} props
 */
export function Whole({ id, conversation, event, short = null }) {
  const [why, setWhy] = useState(/** @type {WhyView | null} */ (null));
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    api.why(conversation, event).then(setWhy, (error) => setWrong(problemWords(asProblem(error))));
  }, []);
  const decision = why?.decision ?? short;
  if (decision) return html`<${WhyCard} id=${id} decision=${decision} label=${line(decision, beat.value)} />`;
  if (wrong) return html`<p class="why error" id=${id} role="alert">${wrong}</p>`;
  return html`<p class="why" id=${id} role="status">${t(why ? "why.nothing" : "loading")}</p>`;
}
