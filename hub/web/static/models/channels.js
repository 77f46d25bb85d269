// The company's ways in, as the settings and the empty inbox need them.
/** @import { ChannelSettings } from "../types.js" */
import { api, asProblem } from "../api.js";
import { has, t } from "../i18n.js";
import { signal } from "../vendor/signals.js";
import { leads } from "./session.js";

/** @type {import("../vendor/signals.js").Signal<ChannelSettings[] | null>} */
export const channels = signal(null);
/** @type {import("../vendor/signals.js").Signal<import("../api.js").Problem | null>} */
export const channelsProblem = signal(null);

/** What this kind of channel is called. @param {string} kind */
export const kindWords = (kind) => (has(`kind.${kind}`) ? t(`kind.${kind}`) : kind);

export async function loadChannels() {
  if (!leads.peek()) return;
  try {
    channels.value = await api.channels();
    channelsProblem.value = null;
  } catch (error) {
    channelsProblem.value = asProblem(error);
  }
}

/** @param {{ kind: string, name: string, settings?: Record<string, any> }} wish */
export async function addChannel(wish) {
  const made = await api.addChannel(wish);
  const { secret: _once, ...kept } = made;
  channels.value = [...(channels.peek() ?? []).filter((one) => one.id !== made.id), kept];
  return made;
}

/** @param {string} id @param {{ name?: string, enabled?: boolean, settings?: Record<string, any> }} change */
export async function changeChannel(id, change) {
  const kept = await api.changeChannel(id, change);
  channels.value = (channels.peek() ?? []).map((one) => (one.id === id ? { ...one, ...kept } : one));
}
