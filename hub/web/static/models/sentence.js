// A rule as a sentence, in parts of which some are strong.

/** Names by id. @typedef {{ skills: Record<string, string>, teams: Record<string, string>, hours: Record<string, string>, agents: Record<string, string> }} Names */
export {};
