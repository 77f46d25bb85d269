// What an agent does with a conversation: shown at once, put right if the hub says otherwise.
/** @import { Row } from "../types.js" */
import { api, asProblem } from "../api.js";
import { problemWords, t } from "../i18n.js";
import { go, inboxPath } from "../router.js";
import { refresh } from "./conversation.js";
import { loadCounts, upsert } from "./inbox.js";
import { agents, me } from "./session.js";
import { toast } from "./toasts.js";

/** @param {Row} row */
export async function take(row) {
  const mine = me.peek();
  if (!mine || row.assignee?.id === mine.id || row.status === "resolved") return;
  await act(row, () => api.take(row.id, row.assignee ? { from: row.assignee.id } : {}));
}

/** @param {Row} row @param {string | null} assignee */
export async function assign(row, assignee) {
  const from = row.assignee?.id ?? null;
  if (from === assignee) return;
  const done = await act(row, () => api.assign(row.id, { assignee, from }));
  if (!done) return;
  const name = agents.peek().find((one) => one.id === assignee)?.name ?? "";
  const customer = row.customer.name || t("customer.nameless");
  const back = { words: t("undo"), run: () => act(row, () => api.assign(row.id, { assignee: from, from: assignee })) };
  if (assignee === null) toast(t("said.released", { customer }), { action: back });
  else if (assignee !== me.peek()?.id) toast(t("said.given", { customer, name }), { action: back });
}

/** @param {Row} row */
export async function resolveOrReopen(row) {
  if (row.status === "resolved") {
    await act(row, () => api.reopen(row.id));
    return;
  }
  const done = await act(row, () => api.resolve(row.id));
  if (!done) return;
  toast(t("said.resolved", { name: row.customer.name || t("customer.nameless") }), {
    action: { words: t("undo"), run: () => act(row, () => api.reopen(row.id)) },
  });
}

/** @param {Row} row @param {() => Promise<Row>} run */
async function act(row, run) {
  try {
    upsert(await run());
    loadCounts().catch(() => {}); // the socket brings them too
    return true;
  } catch (error) {
    const problem = asProblem(error);
    const { number } = problem.params;
    toast(problemWords(problem), {
      tone: "bad",
      action:
        problem.code === "newer_conversation"
          ? { words: t("said.open_newer", { number: String(number) }), run: () => go(inboxPath("all", number)) }
          : null,
    });
    if (problem.status === 409) refresh(row.id);
    return false;
  }
}
