/** @import { RoutingView } from "../types.js" */
import { html } from "../ui.js";
import { QueueCheck } from "./routing-queue.js";
import { TryOut } from "./routing-try.js";

/** What the rules would do, beside them: with one message, and with all that wait. @param {{ routing: RoutingView | null }} props */
export function RoutingSide({ routing }) {
  if (!routing) return html`<aside class="routing-side"></aside>`;
  return html`<aside class="routing-side"><${TryOut} routing=${routing} /><${QueueCheck} /></aside>`;
}
