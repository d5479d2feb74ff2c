// Writes a made-up site of any size for the scorecard: `node generate.mjs PAGES FOLDER`, the same bytes for the same PAGES.
//
// It holds every construct that the fidelity rows compare, and the shapes that indexes find hard: folders within folders, a
// folder with a tenth of all pages, folders without a page of their own, titles with brackets, quotes and pipes.
import fs from "node:fs";
import path from "node:path";

const NOUNS = "gateway subnet route peering endpoint record tunnel policy role vault cluster deployment queue replica snapshot volume".split(" ");
const VERBS = "create inspect attach rotate remove list approve restore resize export".split(" ");
const KINDS = "private public shared regional temporary dedicated primary nightly".split(" ");
const TOPICS = ["Before you begin", "Prepare the account", "Change the settings", "Clean up", "Limits and quotas", "Where to go next"];
/** A heading of every page, for links with an anchor. */
const ANCHOR = "Check the result";
const SYSTEMS = [["linux", "Linux"], ["macos", "macOS"], ["windows", "Windows"]];
const BOOK = `[book]
title = "Generated handbook"
description = "A made-up manual, as large as it was asked for, to measure what agents get of large sites."
src = "content"

[site]
origin = "https://generated.example.com"

[check.rules]
external-link = "off"
`;

/** Numbers that look random and depend on the seed alone (mulberry32). */
function random(seed) {
  let state = (seed + 1) * 0x9e3779b9;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { below, of: (list) => list[below(list.length)], one: (times) => below(times) === 0 };
}

/** Where each page stands: its file, and its folder's name where it is the page of a folder. */
function plan(count) {
  const pages = [{ file: "index.md", folder: "the handbook" }];
  const seen = new Set();
  const flat = Math.floor(count / 10);
  const open = (folder) => {
    if (seen.has(folder)) return;
    seen.add(folder);
    // Every third group has no page of its own.
    if (/topic-|group-\d*[147]$/.test(folder)) return;
    pages.push({ file: `${folder}/index.md`, folder: folder.split("/").pop().replace("-", " ") });
  };
  for (let number = 1; pages.length < count; number++) {
    const leaf = Math.floor(number / 18);
    const folders = number <= flat ? ["reference"] : [`part-${Math.floor(leaf / 25)}`, `group-${Math.floor(leaf / 5)}`, ...(leaf % 3 === 0 ? [] : [`topic-${leaf}`]), ...(leaf % 11 === 0 ? ["deep", "deeper"] : [])];
    for (let depth = 1; depth <= folders.length && pages.length < count; depth++) open(folders.slice(0, depth).join("/"));
    if (pages.length < count) pages.push({ file: `${folders.join("/")}/page-${number}.md` });
  }
  return pages;
}

function sentence(r) {
  return `To ${r.of(VERBS)} the ${r.of(KINDS)} ${r.of(NOUNS)}, first ${r.of(VERBS)} its ${r.of(NOUNS)}; a *${r.of(KINDS)}* ${r.of(NOUNS)} keeps \`${r.of(NOUNS)}_${r.below(99)}\` for **each** one.`;
}

const paragraph = (r) => Array.from({ length: 2 + r.below(3) }, () => sentence(r)).join(" ");

function code(r) {
  const [noun, verb, number] = [r.of(NOUNS), r.of(VERBS), r.below(1000)];
  return r.of([
    `\`\`\`bash title="${verb}.sh"\nharbour ${noun} ${verb} \\\n  --name ${noun}-${number} \\\n  --filter "size > ${number} && kind == '${r.of(KINDS)}'"\necho "done: $?"\n\`\`\``,
    `\`\`\`json\n{\n  "name": "${noun}-${number}",\n  "limits": [1, 2, ${number}],\n  "path": "C:\\\\${noun}"\n}\n\`\`\``,
    `\`\`\`python {2}\ndef ${verb}_${noun}(client, name="${noun}-${number}"):\n    return [it for it in client.list() if it.size > ${number}]\n\`\`\``,
    `\`\`\`yaml showLineNumbers\n${noun}:\n  name: ${noun}-${number}\n\n  tags: [docs, ${verb}] # ${r.of(KINDS)}\n\`\`\``,
    `\`\`\`\`md\n\`\`\`text\nA fence in a fence, ${number}.\n\`\`\`\n\`\`\`\``,
  ]);
}

const table = (r) => `| Name | Kind | Default |\n| --- | :-- | ---: |\n${Array.from({ length: 3 + r.below(6) }, (_, at) => `| \`${r.of(NOUNS)}_${at}\` | ${r.of(KINDS)} \\| ${r.of(KINDS)} | ${r.below(500)} |`).join("\n")}`;

function tabs(r) {
  const nested = r.one(3) ? `\n\n<Tabs>\n${["Bash", "Fish"].map((shell) => `<TabItem value="${shell.toLowerCase()}" label="${shell}">\n\nIn ${shell}: ${sentence(r)}\n\n</TabItem>`).join("\n")}\n</Tabs>` : "";
  const panels = SYSTEMS.map(([value, label], at) => `<TabItem value="${value}" label="${label}">\n\nOn ${label}: ${sentence(r)}\n\n${code(r)}${at === 0 ? nested : ""}\n\n</TabItem>`);
  return `<Tabs groupId="system">\n${panels.join("\n")}\n</Tabs>\n\nWhichever you took: ${sentence(r)}`;
}

const admonition = (r) => `:::${r.of(["note", "tip", "info", "warning", "danger"])}${r.one(2) ? `[Mind the ${r.of(NOUNS)}]` : ""}\n\n${sentence(r)}\n\n:::`;
const steps = (r) => `<Steps>\n\n${[1, 2, 3].map((at) => `${at}. ${sentence(r)}\n\n   ${code(r).replace(/\n(?=.)/g, "\n   ")}`).join("\n")}\n\n</Steps>`;
const details = (r) => `<details>\n<summary>How the ${r.of(NOUNS)} does it</summary>\n\n${paragraph(r)}\n\n</details>`;
const picture = (r, up) => `![The ${r.of(KINDS)} ${r.of(NOUNS)} as a square](${up}img/square.svg "A square")`;

function text(page, number, pages) {
  const r = random(number);
  const up = "../".repeat(page.file.split("/").length - 1) || "./";
  const link = () => {
    const at = r.below(pages.length);
    return `[page ${at}](${up}${pages[at].file}${r.one(2) ? "#check-the-result" : ""})`;
  };
  const odd = number % 40 === 7 ? ` [beta] "quoted" | piped` : "";
  const [verb, kind, noun] = [r.of(VERBS), r.of(KINDS), r.of(NOUNS)];
  const title = page.folder ? `About ${page.folder}, ${number}` : `${verb[0].toUpperCase()}${verb.slice(1)} a ${kind} ${noun} ${number}${odd}`;
  const description = `How to ${verb} the ${kind} ${noun} of case ${number}, what its ${r.of(NOUNS)} keeps, and what to watch.`;
  const blocks = [`${sentence(r)} It goes on at ${link()}, and at [another site](https://www.example.org/${r.of(NOUNS)}?case=${number}).`];
  if (page.folder) blocks.push(`<Cards>\n<Card title="Begin here" href="/">The first page of all.</Card>\n</Cards>`);
  // One page in fifty is long.
  for (const part of Array(number % 50 === 3 ? 4 : 1).keys()) {
    for (const topic of TOPICS) {
      blocks.push(`## ${topic}${part ? `, part ${part + 1}` : ""}`, paragraph(r));
      if (r.one(2)) blocks.push(code(r));
      if (r.one(3)) blocks.push(`### The ${r.of(NOUNS)} of ${topic.toLowerCase()}${part ? ` ${part + 1}` : ""}`, `- ${sentence(r)}\n- ${link()}\n  - ${sentence(r)}`);
      if (r.one(4)) blocks.push(table(r));
      if (r.one(4)) blocks.push(admonition(r));
      if (r.one(12)) blocks.push(r.of([tabs, steps, details])(r));
      if (r.one(20)) blocks.push(picture(r, up));
    }
  }
  blocks.push(`## ${ANCHOR}`, `${sentence(r)} See ${link()}.`);
  return `---\ntitle: ${JSON.stringify(title)}\ndescription: ${JSON.stringify(description)}\n---\n\n${blocks.join("\n\n")}\n`;
}

const [count, folder] = [Number(process.argv[2]), process.argv[3]];
if (!Number.isInteger(count) || count < 2 || !folder) throw new Error("usage: generate.mjs PAGES FOLDER, with two pages or more");
const pages = plan(count);
for (const [number, page] of pages.entries()) {
  const file = path.join(folder, "content", page.file);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text(page, number, pages));
}
fs.mkdirSync(path.join(folder, "content/img"), { recursive: true });
fs.writeFileSync(path.join(folder, "content/img/square.svg"), `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#36c"/></svg>\n`);
fs.writeFileSync(path.join(folder, "book.toml"), BOOK);
