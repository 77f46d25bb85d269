// The hub's HTTP interface, one function a request. What fails is always a Problem.
/** @import { Agent, BoardView, ChannelSettings, Counts, Customer, Entry, Fault, HoursView, LiveRules, Me, Message, OpenedConversation, ProblemBody, Quarantined, QueueCheck, RoutingView, Row, Rule, RuleDraft, RuleVersion, SkillView, Start, TeamView, Trial, User, ViewName, WhyView } from "./types.js" */
import { agree } from "./models/clock.js";

const PATIENCE_MS = 20_000;
const OUTLIVES_MOST = 20_000; // characters: browsers allow 64 KiB in all

/** Why a request did not do what was asked; `code` has words in the catalogues under `problem.<code>`. */
export class Problem extends Error {
  /**
   * @param {string} code
   * @param {ProblemBody & { retryAfter?: number }} [body]
   */
  constructor(code, body = {}) {
    super(body.detail || body.title || code);
    this.code = code;
    this.status = body.status ?? 0;
    this.params = body.params ?? {};
    this.detail = body.detail ?? "";
    this.fields = body.fields ?? [];
    this.retryAfter = body.retryAfter ?? 0;
  }
}

/**
 * @param {unknown} error
 * @returns {Problem}
 */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem("unknown");
}

let signedOut = () => {};

/** @param {() => void} told called when the hub no longer knows this browser. */
export function whenSignedOut(told) {
  signedOut = told;
}

export const api = {
  /** @returns {Promise<Start>} */
  start: () => ask("GET", "/api/start"),
  /**
   * @param {{ email: string, password: string }} body
   * @returns {Promise<Start>}
   */
  signIn: (body) => ask("POST", "/api/session", body),
  /** @returns {Promise<void>} */
  signOut: () => ask("DELETE", "/api/session"),
  /**
   * @param {Record<string, string>} body
   * @returns {Promise<Start>}
   */
  setUp: (body) => ask("POST", "/api/setup", body),
  /**
   * @param {{ token: string, language: string }} body
   * @returns {Promise<Start>}
   */
  startDemo: (body) => ask("POST", "/api/setup/demo", body),
  /**
   * @param {{ token: string }} body
   * @returns {Promise<Start>}
   */
  enter: (body) => ask("POST", "/api/enter", body),
  /** @returns {Promise<{ setup: string | null }>} */
  endDemo: () => ask("DELETE", "/api/demo"),
  /**
   * @param {Partial<Pick<Me, "language" | "theme" | "single_keys">>} body
   * @returns {Promise<Me>}
   */
  changeMe: (body) => ask("PATCH", "/api/me", body),

  /**
   * @param {Partial<Pick<import("./types.js").Company, "agents_see_all">>} body
   * @returns {Promise<import("./types.js").Company>}
   */
  changeCompany: (body) => ask("PATCH", "/api/company", body),

  /** @returns {Promise<Agent[]>} */
  agents: () => ask("GET", "/api/agents"),
  /**
   * @param {Being} body
   * @returns {Promise<Agent>}
   */
  be: (body) => ask("PUT", "/api/me/availability", body),
  /**
   * @param {string} id
   * @param {Being} body
   * @returns {Promise<Agent>}
   */
  beFor: (id, body) => ask("PUT", `/api/agents/${segment(id)}/availability`, body),
  /**
   * @param {string} id
   * @param {Partial<Pick<Agent, "teams" | "skills" | "capacity" | "caps">>} body
   * @returns {Promise<Agent>}
   */
  changeAgent: (id, body) => ask("PATCH", `/api/agents/${segment(id)}`, body),
  /** @returns {Promise<Row[]>} what is offered to me, what runs out first first */
  offers: () => ask("GET", "/api/offers"),
  /**
   * @param {string} id
   * @returns {Promise<Row>}
   */
  accept: (id) => ask("POST", `/api/conversations/${segment(id)}/accept`, {}),
  /**
   * @param {string} id
   * @returns {Promise<Row>}
   */
  decline: (id) => ask("POST", `/api/conversations/${segment(id)}/decline`, {}),
  /**
   * @param {string} id
   * @param {string} [event] the one whose decision is asked for; else as it is now
   * @returns {Promise<WhyView>}
   */
  why: (id, event) =>
    ask("GET", `/api/conversations/${segment(id)}/why${event ? `?${new URLSearchParams({ event })}` : ""}`),
  /**
   * @param {{ team: string, channel: string }} query empty: all of them
   * @returns {Promise<BoardView>}
   */
  board: ({ team, channel }) =>
    ask("GET", `/api/board?${new URLSearchParams({ ...(team ? { team } : {}), ...(channel ? { channel } : {}) })}`),
  /** @returns {Promise<Counts>} */
  counts: () => ask("GET", "/api/counts"),
  /**
   * @param {ViewName} view
   * @param {string | null} after
   * @param {number} limit
   * @param {{ team?: string, channel?: string, agent?: string }} [only]
   * @returns {Promise<{ items: Row[], next: string | null }>}
   */
  conversations: (view, after, limit, only = {}) => {
    const query = { view, limit: String(limit), ...(after === null ? {} : { after }) };
    const narrowed = Object.entries(only).filter(([, id]) => id);
    return ask("GET", `/api/conversations?${new URLSearchParams({ ...query, ...Object.fromEntries(narrowed) })}`);
  },
  /**
   * @param {string} ref an id or a number
   * @returns {Promise<OpenedConversation>}
   */
  conversation: (ref) => ask("GET", `/api/conversations/${segment(ref)}`),
  /**
   * @param {string} id
   * @param {number} before
   * @returns {Promise<{ entries: Entry[], before: number | null }>}
   */
  older: (id, before) => ask("GET", `/api/conversations/${segment(id)}/entries?before=${before}`),
  /**
   * @param {string} id
   * @param {{ id: string, text: string, last_out_seq: number, resolve?: boolean }} body
   * @returns {Promise<Message>}
   */
  reply: (id, body) => ask("POST", `/api/conversations/${segment(id)}/replies`, body),
  /**
   * @param {string} id
   * @param {string} message
   * @returns {Promise<{ text: string }>}
   */
  takeBack: (id, message) => ask("DELETE", `/api/conversations/${segment(id)}/replies/${segment(message)}`),
  /**
   * @param {string} id
   * @param {string} message
   * @returns {Promise<Message>}
   */
  sendNow: (id, message) => ask("POST", `/api/conversations/${segment(id)}/replies/${segment(message)}/send`, {}),
  /**
   * @param {string} id
   * @param {{ id: string, text: string }} body
   * @returns {Promise<Message>}
   */
  note: (id, body) => ask("POST", `/api/conversations/${segment(id)}/notes`, body),
  /**
   * @param {string} id
   * @param {{ from?: string }} body
   * @returns {Promise<Row>}
   */
  take: (id, body = {}) => ask("POST", `/api/conversations/${segment(id)}/take`, body),
  /**
   * @param {string} id
   * @param {{ assignee: string | null, from: string | null }} body
   * @returns {Promise<Row>}
   */
  assign: (id, body) => ask("POST", `/api/conversations/${segment(id)}/assign`, body),
  /**
   * @param {string} id
   * @returns {Promise<Row>}
   */
  resolve: (id) => ask("POST", `/api/conversations/${segment(id)}/resolve`, {}),
  /**
   * @param {string} id
   * @returns {Promise<Row>}
   */
  reopen: (id) => ask("POST", `/api/conversations/${segment(id)}/reopen`, {}),
  /**
   * @param {string} id
   * @param {number} seq
   * @returns {Promise<void>}
   */
  seen: (id, seq) => ask("POST", `/api/conversations/${segment(id)}/seen`, { seq }),
  /**
   * @param {string} id
   * @returns {Promise<Customer>}
   */
  customer: (id) => ask("GET", `/api/customers/${segment(id)}`),

  /** @returns {Promise<Quarantined[]>} */
  quarantine: () => ask("GET", "/api/quarantine"),
  /**
   * @param {string} id
   * @returns {Promise<{ message: string, conversation: string }>}
   */
  readAgain: (id) => ask("POST", `/api/quarantine/${segment(id)}/retry`, {}),

  /** @returns {Promise<ChannelSettings[]>} */
  channels: () => ask("GET", "/api/channels"),
  /**
   * @param {{ kind: string, name: string, settings?: Record<string, any> }} body
   * @returns {Promise<ChannelSettings>}
   */
  addChannel: (body) => ask("POST", "/api/channels", body),
  /**
   * @param {string} id
   * @param {{ name?: string, enabled?: boolean, settings?: Record<string, any> }} body
   * @returns {Promise<ChannelSettings>}
   */
  changeChannel: (id, body) => ask("PATCH", `/api/channels/${segment(id)}`, body),

  /** @returns {Promise<User[]>} */
  users: () => ask("GET", "/api/users"),
  /**
   * @param {{ name: string, email: string, role: string, password: string }} body
   * @returns {Promise<User>}
   */
  addUser: (body) => ask("POST", "/api/users", body),
  /**
   * @param {string} id
   * @param {{ name?: string, role?: string, disabled?: boolean, password?: string }} body
   * @returns {Promise<User>}
   */
  changeUser: (id, body) => ask("PATCH", `/api/users/${segment(id)}`, body),

  /** @returns {Promise<RoutingView>} */
  routing: () => ask("GET", "/api/routing"),
  /**
   * @param {{ rules: Rule[], revision: number | null }} body the revision that it was made from
   * @returns {Promise<Checked & { draft: RuleDraft | null }>}
   */
  saveRules: (body) => ask("PUT", "/api/routing/draft", body, { outlives: true }),
  /**
   * @param {number} revision
   * @returns {Promise<void>}
   */
  discardRules: (revision) => ask("DELETE", `/api/routing/draft?revision=${revision}`),
  /**
   * @param {Rule[]} rules
   * @returns {Promise<Checked>}
   */
  checkRules: (rules) => ask("POST", "/api/routing/check", { rules }),
  /**
   * @param {{ revision: number, over?: number | undefined, note?: string }} body `over`: the live version that was seen
   * @returns {Promise<LiveRules>}
   */
  publishRules: (body) => ask("POST", "/api/routing/publish", body),
  /**
   * @param {number} [before] the last that is known
   * @returns {Promise<RuleVersion[]>} thirty at most, the newest first
   */
  ruleVersions: (before) => ask("GET", `/api/routing/versions${before === undefined ? "" : `?before=${before}`}`),
  /**
   * @param {number} number
   * @returns {Promise<{ number: number, rules: Rule[] }>}
   */
  ruleVersion: (number) => ask("GET", `/api/routing/versions/${number}`),
  /**
   * @param {number} number
   * @returns {Promise<LiveRules>}
   */
  restoreRules: (number) => ask("POST", `/api/routing/versions/${number}/restore`, {}),
  /**
   * @param {{ toml: string, revision: number | null }} body the revision that it replaces
   * @returns {Promise<Checked & { draft: RuleDraft | null }>}
   */
  importRules: (body) => ask("POST", "/api/routing/file", body),
  /**
   * @param {{ rules: "live" | "draft", conversation?: string, message?: { text: string, subject?: string, channel: string } }} body
   * @returns {Promise<Trial>}
   */
  tryRules: (body) => ask("POST", "/api/routing/try", body),
  /**
   * @param {Partial<import("./types.js").RoutingSettings>} body
   * @returns {Promise<import("./types.js").RoutingSettings>}
   */
  changeSettings: (body) => ask("PATCH", "/api/routing/settings", body),
  /**
   * @param {string} name
   * @returns {Promise<SkillView>}
   */
  addSkill: (name) => ask("POST", "/api/skills", { name }),
  /**
   * @param {string} id
   * @param {string} name
   * @returns {Promise<SkillView>}
   */
  renameSkill: (id, name) => ask("PATCH", `/api/skills/${segment(id)}`, { name }),
  /**
   * @param {string} id
   * @returns {Promise<void>}
   */
  removeSkill: (id) => ask("DELETE", `/api/skills/${segment(id)}`),
  /**
   * @param {TeamChange & { name: string }} body
   * @returns {Promise<TeamView>}
   */
  addTeam: (body) => ask("POST", "/api/teams", body),
  /**
   * @param {string} id
   * @param {TeamChange & { capacity?: number, caps?: Record<string, number> }} body
   * @returns {Promise<TeamView>}
   */
  changeTeam: (id, body) => ask("PATCH", `/api/teams/${segment(id)}`, body),
  /**
   * @param {string} id
   * @returns {Promise<void>}
   */
  removeTeam: (id) => ask("DELETE", `/api/teams/${segment(id)}`),
  /**
   * @param {Omit<HoursView, "id">} body
   * @returns {Promise<HoursView>}
   */
  addHours: (body) => ask("POST", "/api/hours", body),
  /**
   * @param {string} id
   * @param {Partial<Omit<HoursView, "id">>} body
   * @returns {Promise<HoursView>}
   */
  changeHours: (id, body) => ask("PATCH", `/api/hours/${segment(id)}`, body),
  /**
   * @param {string} id
   * @returns {Promise<void>}
   */
  removeHours: (id) => ask("DELETE", `/api/hours/${segment(id)}`),

  /** @returns {Promise<QueueCheck>} */
  checkQueue: () => ask("POST", "/api/routing/queue", {}),
};

/** Faults keep rules from being published; warnings do not. @typedef {{ faults: Fault[], warnings: Fault[] }} Checked */

/** @typedef {{ availability: import("./types.js").Availability, reason?: string | null, until?: string | null }} Being */
/** @typedef {Partial<Omit<TeamView, "id" | "agents">> & { members?: string[] }} TeamChange */

/** The rules as a file. */
export const rulesPath = "/api/routing/file";
/** @param {string} id */
export const framePath = (id) => `/api/messages/${segment(id)}/frame`;
/** @param {string} id */
export const filePath = (id) => `/api/files/${segment(id)}`;
/** @param {string} id */
export const rawPath = (id) => `/api/quarantine/${segment(id)}/raw`;

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{ outlives?: boolean }} [how] outlives: goes on its way even when the page is left
 * @returns {Promise<any>}
 */
async function ask(method, path, body, how = {}) {
  const response = await reach(method, path, body, how);
  agree(response.headers.get("date"));
  if (response.ok) return response.status === 204 ? undefined : read(response);
  const problem = await explain(response);
  if (problem.code === "unauthenticated") signedOut();
  throw problem;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {{ outlives?: boolean }} how
 */
async function reach(method, path, body, { outlives = false }) {
  const headers = { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const text = body === undefined ? undefined : JSON.stringify(body);
  try {
    return await fetch(path, {
      method,
      headers,
      body: text,
      keepalive: outlives && (text?.length ?? 0) < OUTLIVES_MOST,
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Problem("network");
  }
}

/** @param {Response} response */
async function read(response) {
  try {
    return await response.json();
  } catch {
    throw new Problem("network");
  }
}

/** @param {Response} response */
async function explain(response) {
  const retryAfter = Number(response.headers.get("retry-after")) || 0;
  const body = await response.json().catch(() => ({}));
  return new Problem(body.code || BY_STATUS[response.status] || "unknown", {
    ...body,
    status: response.status,
    retryAfter,
  });
}

/** When something between us and the hub answers in its own way. @type {Record<number, string>} */
const BY_STATUS = {
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  413: "too_large",
  429: "too_many",
  502: "network",
  503: "overloaded",
  504: "network",
};

/** @param {string} part */
function segment(part) {
  return encodeURIComponent(part);
}
