// What this page is sending. Each message has its own id from the start, so trying again never sends it twice.
/** @import { Pending } from "../types.js" */
import { api, asProblem } from "../api.js";
import { signal } from "../vendor/signals.js";
import { now } from "./clock.js";
import { openedOf, refresh } from "./conversation.js";
import { putBack, write } from "./drafts.js";
import { newId } from "./ids.js";
import { peekRow } from "./inbox.js";
import { keep, recall } from "./memory.js";
import { me } from "./session.js";

/** @type {import("../vendor/signals.js").Signal<Pending[]>} */
const pending = signal([]);

/**
 * Answers of colleagues that stopped a reply, a conversation each.
 * @type {import("../vendor/signals.js").Signal<Readonly<Record<string, { name: string, at: string | null }>>>}
 */
const stopped = signal({});

/** @param {string} conversation */
export const pendingIn = (conversation) => pending.value.filter((one) => one.conversation === conversation);
/** @param {string} conversation */
export const stoppedIn = (conversation) => stopped.value[conversation] ?? null;

/** What was under way when the page went: it may or may not have arrived, so it waits for "Try again". */
export function recallOutbox() {
  const left = recall(name(), /** @type {Pending[]} */ ([]));
  pending.value = left.map((one) => ({ ...one, failed: one.failed ?? "interrupted" }));
}

export function emptyOutbox() {
  pending.value = [];
  stopped.value = {};
}

/**
 * @param {string} conversation
 * @param {"reply" | "note"} kind
 * @param {string} text
 * @param {{ resolve?: boolean, basis?: number | null }} [how] basis: the newest answer its writer has seen
 */
export function send(conversation, kind, text, { resolve = false, basis = null } = {}) {
  const row = peekRow(conversation);
  /** @type {Pending} */
  const one = {
    id: newId(),
    conversation,
    kind,
    text,
    resolve,
    at: new Date(now()).toISOString(),
    basis: basis ?? row?.last_out_seq ?? 0,
    failed: null,
  };
  keepAll([...pending.peek(), one]);
  unstop(conversation);
  return post(one);
}

/** @param {string} id */
export function tryAgain(id) {
  const one = pending.peek().find((other) => other.id === id);
  if (!one?.failed) return;
  keepAll(pending.peek().map((other) => (other.id === id ? { ...other, failed: null } : other)));
  return post({ ...one, failed: null });
}

/** Back into the composer, to be changed. @param {string} id */
export function edit(id) {
  const one = pending.peek().find((other) => other.id === id);
  if (!one) return;
  remove(id);
  putBack(one.conversation, one.kind, one.text);
}

/** @param {string} id */
export function remove(id) {
  keepAll(pending.peek().filter((one) => one.id !== id));
}

/** @param {string} conversation */
export function unstop(conversation) {
  const { [conversation]: _gone, ...others } = stopped.peek();
  stopped.value = others;
}

/** @param {Pending} one */
async function post(one) {
  const { conversation, id, text } = one;
  try {
    const message =
      one.kind === "note"
        ? await api.note(conversation, { id, text })
        : await api.reply(conversation, {
            id,
            text,
            last_out_seq: one.basis,
            ...(one.resolve ? { resolve: true } : {}),
          });
    openedOf(conversation)?.put(message);
    remove(id);
    return message;
  } catch (error) {
    const problem = asProblem(error);
    if (problem.code === "answered_meanwhile") return stop(one, problem.params);
    fail(id, problem.code, problem.params);
  }
  return null;
}

/**
 * Somebody else answered: the text goes back into the composer, and their answer is shown.
 * @param {Pending} one
 * @param {Record<string, any>} params
 */
async function stop(one, params) {
  remove(one.id);
  putBack(one.conversation, "reply", one.text);
  const told = { name: params.name ?? "", at: params.at ?? null };
  stopped.value = { ...stopped.peek(), [one.conversation]: told };
  await refresh(one.conversation);
  const theirs = answerAfter(one);
  if (theirs && stopped.peek()[one.conversation]) {
    const shown = { name: theirs.author.name || told.name, at: theirs.at };
    stopped.value = { ...stopped.peek(), [one.conversation]: shown };
  }
  return null;
}

/** The colleague's answer that its writer had not seen. @param {Pending} one */
function answerAfter({ conversation, basis }) {
  const entries = openedOf(conversation)?.entries.peek() ?? [];
  const found = entries.findLast(
    (entry) => entry.type === "message" && entry.message.direction === "out" && entry.message.seq > basis,
  );
  return found?.type === "message" ? found.message : null;
}

/** The writer has seen the other answer and sends all the same. @param {string} conversation */
export function seenTheirs(conversation) {
  write(conversation, { basis: peekRow(conversation)?.last_out_seq ?? null });
  unstop(conversation);
}

/**
 * Within the undo time. Gives whether it came back.
 * @param {string} conversation
 * @param {string} message
 */
export async function undo(conversation, message) {
  const { text } = await api.takeBack(conversation, message);
  openedOf(conversation)?.withdraw(message);
  putBack(conversation, "reply", text);
}

/** @param {string} conversation @param {string} message */
export async function sendNow(conversation, message) {
  const sent = await api.sendNow(conversation, message);
  openedOf(conversation)?.put(sent);
}

/** @param {string} id @param {string} code @param {Record<string, any>} params */
function fail(id, code, params) {
  keepAll(pending.peek().map((one) => (one.id === id ? { ...one, failed: code, params } : one)));
}

/** @param {Pending[]} all */
function keepAll(all) {
  pending.value = all;
  keep(name(), all.length ? all : undefined);
}

function name() {
  return `outbox.${me.peek()?.id ?? ""}`;
}
