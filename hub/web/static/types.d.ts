/** What hub/web and the page say to each other. Times are ISO 8601 in UTC. */

export type Language = "en" | "pt-BR";
export type Theme = "system" | "light" | "dark";
export type Role = "agent" | "supervisor" | "admin";
export type ViewName = "mine" | "waiting" | "team" | "all" | "resolved";
export type Delivery = "queued" | "sending" | "sent" | "delivered" | "read" | "failed" | "unknown";
export type Direction = "in" | "out" | "note";

export interface Me {
  id: string;
  name: string;
  email: string;
  role: Role;
  language: Language | null;
  theme: Theme;
  single_keys: boolean;
}

export interface Company {
  name: string;
  language: Language;
  time_zone: string;
}

export interface Start {
  setup_needed: boolean;
  demo: boolean;
  company: Company | null;
  me: Me | null;
  undo_s: number;
  version: string;
}

export interface Agent {
  id: string;
  name: string;
  role: Role;
  online: boolean;
}

export interface Counts {
  mine: number;
  waiting: number;
  team: number;
  all: number;
}

export interface ChannelMark {
  id: string;
  kind: string;
  name: string;
}

export interface Person {
  id: string;
  name: string;
}

export interface Last {
  text: string;
  direction: Direction;
  author: string;
  at: string;
}

export interface Reach {
  channel: string;
  kind: string;
  to: string;
}

/** A conversation as the list shows it. `rank` is the ascending order of every list. */
export interface Row {
  id: string;
  number: number;
  customer: Person;
  channel: ChannelMark;
  subject: string | null;
  status: "open" | "snoozed" | "resolved";
  turn: "us" | "customer";
  assignee: Person | null;
  team: string | null;
  priority: number;
  last: Last | null;
  waiting_since: string | null;
  resolved_at: string | null;
  rank: number;
  version: number;
  seq: number;
  last_out_seq: number;
  seen: Record<string, number>;
  tags: string[];
  reach: Reach[];
  previous: string | null;
}

export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
}

export interface Author {
  kind: "customer" | "agent" | "system" | "rule";
  id: string;
  name: string;
}

export interface Message {
  id: string;
  conversation: string;
  seq: number;
  direction: Direction;
  author: Author;
  channel: ChannelMark;
  at: string;
  text: string;
  has_html: boolean;
  subject: string | null;
  attachments: Attachment[];
  delivery: Delivery | null;
  next_at: string | null;
  failure: string | null;
  flagged: string | null;
}

export interface MessageEntry {
  type: "message";
  message: Message;
}

export interface EventEntry {
  type: "event";
  id: string;
  kind: string;
  at: string;
  actor: Author;
  data: Record<string, any>;
}

export type Entry = MessageEntry | EventEntry;

export interface Customer {
  id: string;
  name: string;
  lifecycle: string;
  tags: string[];
  attributes: Record<string, unknown>;
  locale: string | null;
  time_zone: string | null;
  identities: { kind: string; value: string; verified: boolean }[];
  claims: { kind: string; value: string; source: string; at: string }[];
  orders: {
    totals: { currency: string; count: number; sum: number }[];
    last: { number: string; at: string; status: string; currency: string; total: number }[];
  };
  conversations: {
    id: string;
    number: number;
    subject: string | null;
    status: string;
    channel: ChannelMark;
    last: Last | null;
    at: string;
  }[];
  created_at: string;
}

export interface OpenedConversation {
  conversation: Row;
  entries: Entry[];
  before: number | null;
  customer: Customer;
}

export interface ChannelSettings {
  id: string;
  kind: string;
  name: string;
  key: string;
  enabled: boolean;
  settings: Record<string, any>;
  snippet: string | null;
  address: string | null;
  secret?: string | null;
}

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  disabled: boolean;
}

export interface Quarantined {
  id: string;
  channel: ChannelMark;
  why: string;
  size: number;
  at: string;
  retried: number;
}

/** What comes down the live socket. */
export type Frame =
  | { type: "hello"; cursor: string }
  | {
      type: "event";
      cursor: string;
      kind: string;
      at: string;
      actor: Author;
      conversation: Row | null;
      message: Message | null;
      data: Record<string, any>;
    }
  | ({ type: "counts" } & Counts)
  | { type: "gone"; conversation: string }
  | { type: "typing"; conversation: string; who: { kind: "customer" | "agent"; id: string; name: string }; on: boolean }
  | { type: "looking"; conversation: string; agents: Person[] }
  | { type: "presence"; online: string[] }
  | { type: "reload"; why: string }
  | { type: "bye"; why: string };

/** A reply or note that this page has not yet got an answer for. */
export interface Pending {
  id: string;
  conversation: string;
  kind: "reply" | "note";
  text: string;
  at: string;
  resolve: boolean;
  /** The newest answer that its writer had seen. */
  basis: number;
  /** Why it did not go, as a problem's code; null while it is under way. */
  failed: string | null;
  params?: Record<string, any>;
}

export interface ProblemBody {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  params?: Record<string, any>;
  fields?: { field: string; code: string; message: string }[];
}
