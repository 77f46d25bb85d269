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
  agents_see_all: boolean;
}

export interface Start {
  setup_needed: boolean;
  demo: boolean;
  company: Company | null;
  me: Me | null;
  undo_s: number;
  version: string;
}

/** A colleague: whether they are here, what they can and how much they hold, in capacity units. */
export interface Agent {
  id: string;
  name: string;
  role: Role;
  /** A window of theirs has been heard of just now. */
  online: boolean;
  connected: boolean;
  availability: Availability;
  since: string | null;
  reason: string | null;
  until: string | null;
  load: number;
  capacity: number;
  over: boolean;
  /** Units by kind of channel. */
  held: Record<string, number>;
  caps: Record<string, number>;
  teams: string[];
  skills: Record<string, number>;
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
  team: Named | null;
  language?: string | null;
  /** While it waits, as last decided. */
  needs?: { require: LevelView[]; prefer: LevelView[]; agent: Named | null } | null;
  waits?: (WaitsView & { event: string; at: string; since: string | null }) | null;
  offer?: { agent: Named; until: string } | null;
  priority: number;
  /** The priority, counted from the usual one. */
  raised: number;
  /** Capacity units that it takes. */
  weight: number;
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
  /** Written by a machine, or by a rule. */
  automatic?: boolean;
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

export interface Named {
  id: string;
  name: string;
}

/** A skill at a level, 1 to 5. */
export interface LevelView {
  id: string;
  name: string;
  level: number;
}

export interface CandidateView {
  agent: Named;
  /** Units free before this conversation. */
  room: number;
  capacity: number;
  levels: number;
  barrier?: string | null;
}

/** Whom routing gave a conversation to, or why to nobody; `why`, `tie` and barriers are codes. */
export interface DecisionView {
  outcome: "assigned" | "offered" | "nobody";
  why: string;
  agent: Named | null;
  tie: string | null;
  version: number;
  relaxed: number;
  /** The first of the steps that were taken. */
  eased?: { after_s: number; lower: LevelView | null; drop: Named | null; team: Named | null; anybody: boolean }[];
  needs: {
    require: LevelView[];
    prefer: LevelView[];
    teams: Named[];
    agent: Named | null;
    weight: number;
    priority: number;
    rules: Named[];
    open_at: string | null;
  };
  candidates: CandidateView[];
  others: Record<string, number>;
  /** Who the others are, where they are few. */
  named?: Record<string, Named[]>;
  lacking: { skill: string; name: string; level: number; agents: number }[];
  lacks: LevelView[];
  again_at: string | null;
}

/** Why nobody has it, in short. */
export interface WaitsView {
  why: string;
  lacks: LevelView[];
  require?: LevelView[];
  teams?: Named[];
  agent?: Named | null;
  only?: Named | null;
  open_at?: string | null;
  again_at?: string | null;
}

/** Why a conversation is with whom it is, or why it still waits. */
export interface WhyView {
  state: "held" | "offered" | "waiting" | "quiet";
  assignee: Named | null;
  /** None where a person decided (`by`), or nothing was ever decided. */
  decision: DecisionView | null;
  by: Author | null;
  at: string;
  cause: { kind: string; at: string; actor: Author } | null;
  fresh: boolean;
}

/** What is going on now. `units`: of those who are here. */
export interface BoardView {
  at: string;
  waiting: number;
  longest: {
    id: string;
    number: number;
    customer: Named;
    since: string | null;
    waits: (WaitsView & { since: string | null }) | null;
  } | null;
  in_conversation: number;
  units: { used: number; available: number; over: number };
  groups: {
    team: Named | null;
    channel: ChannelMark;
    waiting: number;
    in_conversation: number;
    longest_since: string | null;
  }[];
  agents: (Agent & { conversations: number; today: number })[];
  queue: Row[];
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
      id: string;
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

// --- routing

export type Availability = "available" | "busy" | "away" | "offline";

/** One question to a conversation's facts. `value` by the field's type; `exists` has true or false. */
export interface Condition {
  field: string;
  op: string;
  value?: any;
}

/** Conditions, or groups of them: exactly one of the three. */
export interface Group {
  all?: When[];
  any?: When[];
  none?: When[];
}

export type When = Condition | Group;

/** After so many seconds of waiting; exactly one of the others is given. `lower` is `billing:1`. */
export interface RelaxStep {
  after_s: number;
  drop?: string;
  lower?: string;
  team?: string;
  anybody?: boolean;
}

/** What a rule does; skills as `billing:2`. */
export interface Then {
  require?: string[];
  prefer?: string[];
  priority?: number;
  team?: string;
  weight?: number;
  relax?: RelaxStep[];
  [action: string]: any;
}

export interface Rule {
  id: string;
  name: string;
  enabled?: boolean;
  when?: Group;
  then: Then;
  stop?: boolean;
}

/** What is wrong, or probably so, and where: `when.all.0.value` of the rule at `rule`. */
export interface Fault {
  rule: number | null;
  path: string;
  code: string;
  params: Record<string, any>;
  message: string;
}

export interface RoutingField {
  name: string;
  type: string;
  operators: string[];
  values: string[] | null;
  source?: string;
  named?: boolean;
}

export interface RoutingSettings {
  hours: string | null;
  priority: number;
  minutes_per_step: number;
  idle_s: number;
  sticky_days: number;
  wait_s: number;
  offer_s: number;
  ask_again_s: number;
  rescue_s: number;
  flood: number;
  weights: Record<string, number>;
}

export interface TeamView {
  id: string;
  name: string;
  strategy: "most_room" | "longest_idle" | "best_skill";
  mode: "assign" | "offer";
  weights: Record<string, number>;
  hours: string | null;
  agents: number;
}

export interface SkillView {
  id: string;
  name: string;
  agents: number;
}

export interface HoursView {
  id: string;
  name: string;
  time_zone: string;
  week: Record<string, { start: number; end: number }[]>;
  holidays: { date: string; name: string; openings: { start: number; end: number }[] }[];
}

/** An agent as routing knows them: skills by level, units held at most, and by kind of channel. */
export interface RoutingAgent {
  id: string;
  name: string;
  role: Role;
  availability: Availability;
  teams: string[];
  skills: Record<string, number>;
  capacity: number;
  caps: Record<string, number>;
}

export interface RuleDraft {
  rules: Rule[];
  base: number;
  revision: number;
  authors: Person[];
  at: string;
}

export interface LiveRules {
  version: number;
  rules: Rule[];
  at: string | null;
  author: Person | null;
}

/** All that the routing page shows, loaded at once. */
export interface RoutingView {
  live: LiveRules;
  draft: RuleDraft | null;
  settings: RoutingSettings;
  /** Of the settings that are numbers; those of `weights` hold for each kind of channel. */
  limits: Record<string, { least: number; most: number }>;
  teams: TeamView[];
  skills: SkillView[];
  hours: HoursView[];
  agents: RoutingAgent[];
  channels: ChannelMark[];
  fields: RoutingField[];
}

export interface RuleVersion {
  number: number;
  at: string;
  author: Person | null;
  restored: number | null;
  note: string;
  added: string[];
  changed: string[];
  removed: string[];
  moved: number;
}

export type NeededSkill = LevelView;

export interface Trial {
  matched: { id: string; name: string; index: number }[];
  facts: Record<string, any>;
  answers: string[];
  decision: DecisionView;
  held_by: Person | null;
  /** What is asked after some waiting; `over`: other rules of whose team or skills less is asked by it. */
  stages: { after_s: number; require: LevelView[]; teams: Named[]; rules: Named[]; over: Named[] }[];
}

/** at_once: it goes to somebody; waits: for room, for somebody, for opening; nobody: nobody here could have it. */
export type Fate = "at_once" | "waits" | "nobody";
/** What either rules would make of a conversation that waits. `agent`: to whom, or who is waited for. */
export interface FateView {
  fate: Fate;
  agent: Named | null;
  why: string;
  lacks: LevelView[];
}
/** A conversation that waits, in short. */
export interface WaitingMark {
  id: string;
  number: number;
  customer: Person;
  channel: ChannelMark;
  subject: string | null;
  text: string;
  waiting_since: string | null;
}

export interface QueueCheck {
  waiting: number;
  checked: number;
  live: Record<Fate, number>;
  draft: Record<Fate, number>;
  /** The first of each count. */
  rows: { conversation: WaitingMark; live: FateView; draft: FateView }[];
  different: number;
  missing: {
    skill: string;
    name: string;
    level: number;
    conversations: number;
    longest_since: string;
    agents: { id: string; name: string; availability: Availability; until: string | null }[];
  }[];
  changes: {
    conversation: WaitingMark;
    live: Person | null;
    draft: Person | null;
  }[];
}
