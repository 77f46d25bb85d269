// Copies what the browser needs from node_modules into hub/web/static/vendor, so that running the hub needs no Node.
// `npm install && npm run vendor`, then look at the difference of VENDOR.json and commit both.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const out = join(root, "hub/web/static/vendor");

/** Bare names in the packages and where they lie here; a relative import needs no import map and no hash in the CSP. */
const MODULES = {
  preact: { package: "preact", from: "dist/preact.mjs", to: "preact.js" },
  "preact/hooks": { package: "preact", from: "hooks/dist/hooks.mjs", to: "hooks.js" },
  "@preact/signals-core": { package: "@preact/signals-core", from: "dist/signals-core.mjs", to: "signals-core.js" },
  "@preact/signals": { package: "@preact/signals", from: "dist/signals.mjs", to: "signals.js" },
  htm: { package: "htm", from: "dist/htm.mjs", to: "htm.js" },
};

const FONTS = ["figtree-latin-wght-normal.woff2", "figtree-latin-ext-wght-normal.woff2"];

/** Our name for each outline, and Lucide's. */
const ICONS = {
  alert: "triangle-alert",
  all: "layout-grid",
  back: "arrow-left",
  bag: "shopping-bag",
  bell: "bell",
  board: "layout-dashboard",
  chat: "message-circle",
  check: "check",
  checks: "check-check",
  clock: "clock",
  coffee: "coffee",
  copy: "copy",
  customer: "user-round",
  dashed: "circle-dashed",
  device: "monitor",
  down: "chevron-down",
  download: "download",
  error: "circle-alert",
  external: "external-link",
  eye: "eye",
  file: "file-text",
  give: "user-round-plus",
  globe: "globe",
  grip: "grip-vertical",
  hand: "hand",
  help: "circle-question-mark",
  hint: "lightbulb",
  history: "history",
  hook: "webhook",
  image: "image",
  inbox: "inbox",
  key: "key-round",
  keyboard: "keyboard",
  language: "languages",
  leave: "log-out",
  link: "link",
  lock: "lock",
  mail: "mail",
  minus: "minus",
  moon: "moon",
  more: "ellipsis",
  next: "chevron-right",
  note: "sticky-note",
  offline: "wifi-off",
  pane: "panel-right",
  phone: "phone",
  plane: "send",
  plug: "plug",
  plus: "plus",
  power: "power",
  puzzle: "mail-warning",
  refresh: "refresh-cw",
  reopen: "rotate-ccw",
  reply: "reply",
  route: "route",
  search: "search",
  settings: "settings",
  star: "star",
  store: "store",
  sun: "sun",
  tag: "tag",
  toBottom: "arrow-down",
  trash: "trash-2",
  undo: "undo-2",
  up: "chevron-up",
  upload: "upload",
  users: "users",
  verified: "shield-check",
  x: "x",
};

const record = { note: "Written by tools/vendor.mjs; do not edit what is listed here.", packages: {}, files: {} };

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const licences = new Map();

for (const { package: name, from, to } of Object.values(MODULES)) {
  await keep(to, relative(await readFile(join(modules, name, from), "utf8")), name, from);
}
for (const font of FONTS) {
  const name = "@fontsource-variable/figtree";
  await keep(
    font.replace("-wght-normal", ""),
    await readFile(join(modules, name, "files", font)),
    name,
    `files/${font}`,
  );
}
await keep("icons.js", await iconModule(), "lucide-static", "icons/*.svg");
await keep("LICENSES.txt", [...licences].map(([name, text]) => `== ${name} ==\n\n${text.trim()}\n`).join("\n\n"));
for (const [bare, { to }] of Object.entries(MODULES)) {
  const types = `export * from "${bare}";\n${bare === "htm" ? `export { default } from "${bare}";\n` : ""}`;
  await keep(to.replace(/\.js$/, ".d.ts"), types);
}
await writeFile(join(out, "VENDOR.json"), `${JSON.stringify(record, null, 2)}\n`);

/** Bare imports to the files beside; source maps stay behind. */
function relative(source) {
  return source
    .replace(/(from|import)\s*"([^"./][^"]*)"/g, (whole, word, bare) => {
      if (!MODULES[bare]) throw new Error(`nothing is vendored for the import of ${bare}: ${whole}`);
      return `${word}"./${MODULES[bare].to}"`;
    })
    .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
}

async function iconModule() {
  const rows = await Promise.all(
    Object.entries(ICONS).map(async ([ours, theirs]) => {
      const svg = await readFile(join(modules, "lucide-static/icons", `${theirs}.svg`), "utf8");
      const shapes = [...svg.matchAll(/<(path|circle|rect|line|polyline|polygon|ellipse)\s([^>]*?)\/>/g)].map(
        ([, tag, attributes]) => [
          tag,
          Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map((m) => [m[1], m[2]])),
        ],
      );
      if (!shapes.length) throw new Error(`no shapes in ${theirs}.svg`);
      return `  ${ours}: ${JSON.stringify(shapes)},`;
    }),
  );
  return `// Outlines of Lucide (ISC) as data: [tag, attributes] each, on a grid of 24.\n/** @type {Readonly<Record<string, [string, Record<string, string>][]>>} */\nexport const ICONS = {\n${rows.join("\n")}\n};\n`;
}

async function keep(file, content, name, from) {
  await writeFile(join(out, file), content);
  const entry = { sha256: createHash("sha256").update(content).digest("hex") };
  if (name) {
    const manifest = JSON.parse(await readFile(join(modules, name, "package.json"), "utf8"));
    record.packages[name] = { version: manifest.version, license: manifest.license };
    licences.set(`${name} ${manifest.version}`, await readFile(join(modules, name, "LICENSE"), "utf8"));
    Object.assign(entry, { package: name, from });
  }
  record.files[file] = entry;
}
