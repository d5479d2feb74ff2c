// Every `*.procedure.json` of a site against its schema, the page's HTML and the page's Markdown, read by other people's parsers.
// Prints what is wrong, one line each, and then how many files there were.
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020.js";
import { parse } from "parse5";
import { fromMarkdown } from "mdast-util-from-markdown";
import { toString } from "mdast-util-to-string";
import { gfm } from "micromark-extension-gfm";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { frontmatter } from "micromark-extension-frontmatter";
import { frontmatterFromMarkdown } from "mdast-util-frontmatter";

const root = process.argv[2];
const validate = new Ajv.default({ strict: false }).compile(
  JSON.parse(readFileSync(join(root, "procedure.schema.json"), "utf8")),
);
const shells = /^(bash|sh|shell|zsh|az|azurecli|azurecli-interactive|azure-cli|powershell|pwsh|ps1|console|shell-session|cmd|bat|fish)$/i;
const walk = (node, visit) => {
  visit(node);
  for (const child of [...(node.children ?? node.childNodes ?? []), ...(node.content ? [node.content] : [])]) {
    walk(child, visit);
  }
};
const wrong = [];
let files = 0;
for (const file of readdirSync(root, { recursive: true })) {
  if (!file.endsWith(".procedure.json")) continue;
  files += 1;
  const say = (what) => wrong.push(`${file}: ${what}`);
  const procedure = JSON.parse(readFileSync(join(root, file), "utf8"));
  if (!validate(procedure)) say(JSON.stringify(validate.errors[0]));
  const base = file.slice(0, -".procedure.json".length);
  const html = [`${base}/index.html`, `${base}.html`].find((path) => existsSync(join(root, path)));
  const ids = new Set();
  walk(parse(readFileSync(join(root, html), "utf8")), (node) => {
    for (const { name, value } of node.attrs ?? []) if (name === "id") ids.add(value);
  });
  const tree = fromMarkdown(readFileSync(join(root, `${base}.md`), "utf8"), {
    extensions: [gfm(), frontmatter()],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown()],
  });
  const anchors = new Set();
  const seen = new Map();
  const fences = [];
  walk(tree, (node) => {
    if (node.type === "html") for (const [, id] of node.value.matchAll(/<a id="([^"]*)"/g)) anchors.add(id);
    if (node.type === "heading") {
      const words = toString(node, { includeHtml: false }).trim().toLowerCase();
      const slug = words.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "").replaceAll(" ", "-");
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      anchors.add(count ? `${slug}-${count}` : slug);
    }
    if (node.type === "code" && shells.test(node.lang ?? "")) fences.push(node.value);
  });
  for (const { number, anchor } of procedure.steps) {
    if (anchor === undefined) continue;
    if (!ids.has(anchor)) say(`the anchor of step ${number} is not in the HTML: ${anchor}`);
    if (!anchors.has(anchor)) say(`the anchor of step ${number} is not in the Markdown: ${anchor}`);
  }
  procedure.steps.forEach((step, index) => {
    if (step.number !== index + 1) say(`step ${index + 1} has the number ${step.number}`);
    if (step.command === undefined && step.files === undefined && !step.instructions) say(`step ${step.number} says nothing`);
    for (const name of step.placeholders ?? []) {
      if (!procedure.placeholders.some((field) => field.name === name)) say(`nothing describes ${name}`);
    }
  });
  // All lines of commands, in order; what a session answers and its prompts are no part of them.
  const bare = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const told = procedure.steps.flatMap((step) => bare(step.command ?? ""));
  const prompt = /^(\$|%|❯|➜|PS[^>]*>) /;
  const shown = fences.flatMap((text) => {
    const lines = bare(text);
    return lines.some((line) => prompt.test(line)) ? { session: lines } : lines;
  });
  let at = 0;
  for (const line of shown) {
    if (typeof line === "string") {
      if (told[at] !== line) say(`the page has the command \`${line}\`, the steps \`${told[at]}\``);
      at += 1;
    } else {
      for (const own of line.session) if (own.replace(prompt, "") === told[at]) at += 1;
    }
    if (at > told.length) break;
  }
  if (at < told.length) say(`the steps have a command that the page has not: \`${told[at]}\``);
}
for (const line of wrong) console.log(line);
console.log(files);
