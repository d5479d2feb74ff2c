// A page's Markdown file, as the same facts as its article in HTML.
import { markdownTree, parse5 } from "./tools.mjs";
import { attribute, text as htmlText } from "./html.mjs";
import { collapsed, essence, words } from "./words.mjs";

const LINES = new Set("paragraph heading tableCell tableRow table listItem list blockquote code thematicBreak footnoteDefinition html root".split(" "));

/** Header, directive and body of a file. */
export function split(text) {
  const header = /^---\n([\s\S]*?)\n---\n/.exec(text);
  const rest = header ? text.slice(header[0].length) : text;
  const directive = /^\n*(> [^\n]*llms\.txt[^\n]*)\n/.exec(rest);
  const fields = new Map();
  for (const row of (header?.[1] ?? "").split("\n")) {
    const field = /^(\w+): ?(.*)$/.exec(row);
    if (field) fields.set(field[1], field[2]);
  }
  return { header: header?.[0] ?? "", directive: directive?.[1] ?? "", fields, start: (header?.[0].length ?? 0) + (directive?.[0].length ?? 0) };
}

export function* nodes(node) {
  for (const child of node.children ?? []) {
    yield child;
    yield* nodes(child);
  }
}

/** What a node says; HTML in it says what stands between its tags. */
export function text(node) {
  switch (node.type) {
    case "text":
    case "inlineCode":
      return node.value;
    case "code":
      return `\n${node.value}\n`;
    case "break":
      return "\n";
    case "html":
      return /^<br\b/i.test(node.value) ? "\n" : markup(node.value);
    case "yaml":
    case "image":
    case "imageReference":
    case "definition":
    case "footnoteReference":
      return "";
    default: {
      const inside = (node.children ?? []).map(text).join("");
      return LINES.has(node.type) ? `\n${inside}\n` : inside;
    }
  }
}

const markup = (html) => (/>[^<]*[^<\s]/.test(html) ? htmlText(parse5.parseFragment(html)) : "");

/** The facts of a file. `wordless` are the addresses of links that have no words on the page. */
export function facts(source, wordless = new Set()) {
  const tree = markdownTree(source);
  const { start } = split(source);
  // The directive is no part of the body.
  tree.children = tree.children.filter((node) => node.type !== "yaml" && node.position.end.offset > start - 1 && !isDirective(node));
  const definitions = new Map();
  for (const node of nodes(tree)) {
    if (node.type === "definition") definitions.set(node.identifier, node.url);
    // Cells beyond the header's are no part of a table of GFM, though this parser keeps them.
    if (node.type === "table") for (const row of node.children) row.children.length = Math.min(row.children.length, node.children[0].children.length);
    // A link without words on the page has the end of its address here: they are not the article's.
    if (node.type === "link" && wordless.has(node.url) && node.url.replace(/\/+$/, "").endsWith(text(node))) node.children = [];
  }
  const found = { tree, headings: [], code: [], links: [], admonitions: [], tables: [], images: [], html: [], anchors: new Set() };
  const slugs = new Map();
  for (const node of nodes(tree)) {
    const where = node.position.start.line;
    switch (node.type) {
      case "heading": {
        const said = collapsed(text(node));
        found.headings.push({ level: node.depth, text: said, line: where });
        found.anchors.add(slug(said, slugs));
        break;
      }
      case "code":
        found.code.push({ text: node.value, language: node.lang ?? "", meta: node.meta ?? "", line: where, fenced: /^[`~]{3}/.test(source.slice(node.position.start.offset)) });
        break;
      case "link":
        found.links.push({ url: node.url, line: where, literal: isLiteral(node, source) });
        break;
      case "linkReference":
        found.links.push({ url: definitions.get(node.identifier) ?? "", line: where });
        break;
      case "image":
        found.images.push({ url: node.url, alt: collapsed(node.alt ?? ""), title: node.title ?? "", line: where });
        break;
      case "imageReference":
        found.images.push({ url: definitions.get(node.identifier) ?? "", alt: collapsed(node.alt ?? ""), title: "", line: where });
        break;
      case "blockquote": {
        const alert = admonition(node);
        if (alert) found.admonitions.push({ ...alert, line: where });
        break;
      }
      case "table":
        found.tables.push({ rows: node.children.map((row) => row.children.map((cell) => essence(text(cell)))), line: where });
        break;
      case "html":
        found.html.push({ value: node.value, line: where });
        for (const [, id] of node.value.matchAll(/<[a-z]+ [^>]*\b(?:id|name)="([^"]*)"/gi)) found.anchors.add(id.replace(/&quot;/g, '"').replace(/&amp;/g, "&"));
        for (const link of anchors(node.value)) found.links.push({ url: link, line: where });
        break;
    }
  }
  found.stream = stream(tree);
  return found;
}

/** Whether a bare address became a link by GFM's rule for such: elsewhere it is text. */
const isLiteral = (node, source) => !/[<[]/.test(source[node.position.start.offset]);

const isDirective = (node) => node.type === "blockquote" && /llms\.txt/.test(text(node)) && node.position.start.line < 14 && /^\s*Index of/.test(text(node));

function* anchors(html) {
  const visit = function* (node) {
    if (node.tagName === "a" && attribute(node, "href") !== undefined) yield attribute(node, "href");
    for (const child of node.childNodes ?? []) yield* visit(child);
  };
  yield* visit(parse5.parseFragment(html));
}

/** GitHub's rule for the anchors of headings. */
function slug(text, seen) {
  const bare = text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "").replace(/ /g, "-");
  const count = seen.get(bare) ?? 0;
  seen.set(bare, count + 1);
  return count ? `${bare}-${count}` : bare;
}

/** An alert of GFM: its kind, its bold first line, and the words of the rest. */
function admonition(quote) {
  const first = quote.children[0];
  const mark = first?.type === "paragraph" && first.children[0]?.type === "text" && /^\[!([A-Z]+)\](\n|$)/.exec(first.children[0].value);
  if (!mark) return undefined;
  const { title } = alertTitle(quote);
  return { kind: mark[1], title, body: stream({ type: "root", children: [quote] }).flatMap((it) => (typeof it === "string" ? [it] : it.words)) };
}

/** The bold line below the kind of an alert, and the nodes of it. */
function alertTitle(quote) {
  const first = quote.children[0];
  const rest = first.children.filter((node, index) => index > 0 || node.value.replace(/^\[![A-Z]+\]\n?/, "").trim() !== "");
  const bold = rest[0];
  if (bold?.type === "strong" && rest.length === 1 && first.children[0].value.replace(/^\[![A-Z]+\]\n?/, "") === "") return { title: collapsed(text(bold)), node: bold };
  return { title: "", node: undefined };
}

/** Whether a block can only be the label of a tab: a heading, or a bold line with nothing beside it but an anchor. */
export function asLabel(node) {
  if (node.type === "heading") return collapsed(text(node));
  if (node.type !== "paragraph") return undefined;
  const seen = node.children.filter((child) => child.type !== "html" && !(child.type === "text" && child.value.trim() === ""));
  return seen.length === 1 && seen[0].type === "strong" ? collapsed(text(seen[0])) : undefined;
}

/** Words in order, and `{label}` for what may be the label of a tab. Titles of alerts, the lines that end a group of tabs, the
    list of placeholders and the numbers of noted lines are left out by name. */
export function stream(node) {
  const out = [];
  let pending = "";
  const flush = () => {
    out.push(...words(pending));
    pending = "";
  };
  const visit = (it, index, siblings) => {
    if (it.type === "yaml" || isTabsEnd(it) || isPlaceholders(it, siblings?.[index - 1])) return;
    if (it.type === "blockquote" && admonitionMark(it)) {
      const title = alertTitle(it).node;
      pending += "\n";
      for (const child of it.children[0].children) {
        if (child === title) continue;
        pending += child === it.children[0].children[0] ? child.value.replace(/^\[![A-Z]+\]/, "") : text(child);
      }
      pending += "\n";
      it.children.slice(1).forEach((child, at) => visit(child, at + 1, it.children));
      return;
    }
    const label = asLabel(it);
    if (label !== undefined) {
      flush();
      out.push({ label, words: words(label), line: it.position.start.line });
      return;
    }
    if (it.children && !["paragraph", "tableCell"].includes(it.type)) {
      pending += "\n";
      it.children.forEach((child, at) => visit(child, at, it.children));
      pending += "\n";
      return;
    }
    pending += text(it);
  };
  visit(node);
  flush();
  return out;
}

const admonitionMark = (quote) => {
  const first = quote.children[0];
  return first?.type === "paragraph" && first.children[0]?.type === "text" && /^\[![A-Z]+\]/.test(first.children[0].value);
};
const isTabsEnd = (node) => node.type === "paragraph" && node.children.length === 1 && node.children[0].type === "emphasis" && /^End of options: /.test(text(node.children[0]));
const FILL = "Fill in the placeholders:";
const isPlaceholders = (node, before) => (node.type === "paragraph" && collapsed(text(node)) === FILL) || (node.type === "list" && before?.type === "paragraph" && collapsed(text(before)) === FILL);
