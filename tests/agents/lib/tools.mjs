// Other people's parsers, from tests/tools/node_modules. Nothing here is ours: that is what makes the rows a second opinion.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const PROJECT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
export const TOOLS = path.join(PROJECT, "tests/tools");

const require = createRequire(path.join(TOOLS, "package.json"));
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);

export const parse5 = await load("parse5");
const { fromMarkdown } = await load("mdast-util-from-markdown");
const { gfm } = await load("micromark-extension-gfm");
const { gfmFromMarkdown } = await load("mdast-util-gfm");
const { frontmatter } = await load("micromark-extension-frontmatter");
const { frontmatterFromMarkdown } = await load("mdast-util-frontmatter");

/** The syntax tree of a Markdown file: CommonMark, GFM, and a YAML header. */
export const markdownTree = (text) =>
  fromMarkdown(text, {
    extensions: [frontmatter(["yaml"]), gfm()],
    mdastExtensions: [frontmatterFromMarkdown(["yaml"]), gfmFromMarkdown()],
  });

let counter;
/** How many tokens of o200k a text has. */
export async function tokens(text) {
  counter ??= (await load("gpt-tokenizer/encoding/o200k_base")).encode;
  return counter(text, { allowedSpecial: "all" }).length;
}

let converter;
/** What an agent gets that converts a page's HTML: Turndown with the plugin for GFM, without scripts and styles. */
export async function turndown(html) {
  if (!converter) {
    const { default: Turndown } = await load("turndown");
    const { gfm: plugin } = (await load("turndown-plugin-gfm")).default ?? (await load("turndown-plugin-gfm"));
    converter = new Turndown({ headingStyle: "atx", codeBlockStyle: "fenced" });
    converter.use(plugin);
    converter.remove(["script", "style", "noscript", "template", "title"]);
  }
  return converter.turndown(html);
}
