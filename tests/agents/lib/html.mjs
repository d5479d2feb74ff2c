// The article of an HTML page, as facts: headings, code, links, tabs, admonitions, tables, images and words.
import { parse5 } from "./tools.mjs";
import { collapsed, essence, words } from "./words.mjs";

const INLINE = new Set(
  "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby s samp small span strike strong sub sup time tt u var wbr".split(" "),
);
// What the interface says, not the article: tools of headings and code, buttons, and the two lines that stand in the header
// of the Markdown file instead (the description and the way to the index).
const INTERFACE = new Set(
  "anchor hint lead tab-list sr card-action code-note footnote-reference footnote-back contents-inline diagram-drawing buttons placeholders".split(" "),
);
const UNSEEN = new Set("title script style template svg button noscript head canvas map".split(" "));
// Parts that are lines of their own, though their elements are not blocks.
const LINES = new Set("card-title card-text accordion-title accordion-description listing-number line-end".split(" "));

export const attribute = (node, name) => node.attrs?.find((it) => it.name === name)?.value;
export const classes = (node) => (attribute(node, "class") ?? "").split(/\s+/).filter(Boolean);
const has = (node, name) => classes(node).includes(name);
const line = (node) => node.sourceCodeLocation?.startLine ?? 0;

/** Whether the article has nothing to say there. */
function isInterface(node) {
  if (UNSEEN.has(node.tagName)) return true;
  if (classes(node).some((name) => INTERFACE.has(name))) return true;
  return node.tagName === "summary" && has(node.parentNode, "diagram-source");
}

/** The nodes below one, in order, without the interface's. */
export function* below(node) {
  for (const child of node.childNodes ?? []) {
    if (child.tagName && isInterface(child)) continue;
    yield child;
    yield* below(child);
  }
}

/** What an element says. Blocks stand on lines of their own. */
export function text(node, skip = () => false) {
  if (node.nodeName === "#text") return node.value;
  if (node.tagName && (isInterface(node) || skip(node))) return "";
  if (node.tagName === "br") return "\n";
  if (node.tagName === "math") return ` ${formula(node)} `;
  const inside = (node.childNodes ?? []).map((child) => text(child, skip)).join("");
  const isLine = !INLINE.has(node.tagName) || classes(node).some((name) => LINES.has(name));
  return isLine ? `\n${inside}\n` : inside;
}

/** A formula is compared by its TeX, where the page holds it. */
function formula(node) {
  for (const child of below(node)) if (child.tagName === "annotation") return text(child);
  return "";
}

/** The text of a `pre`, without the numbers of notes, which are links beside the code. */
function code(node) {
  let out = "";
  for (const child of node.childNodes ?? []) {
    if (child.nodeName === "#text") out += child.value;
    else if (has(child, "code-note")) out = out.replace(/ $/, "");
    else if (child.tagName === "br") out += "\n";
    else out += code(child);
  }
  return out;
}

export function parse(html) {
  const tree = parse5.parse(html, { sourceCodeLocationInfo: true });
  for (const node of below(tree)) if (node.tagName === "article") return { tree, article: node };
  return { tree, article: undefined };
}

/** All that the rows compare. */
export function facts(html) {
  const { article } = parse(html);
  if (!article) return undefined;
  const found = { events: [], code: [], links: [], tabs: [], admonitions: [], tables: [], images: [], math: 0, frames: [] };
  for (const node of below(article)) {
    const tag = node.tagName;
    if (!tag) continue;
    const where = line(node);
    // The large words of a home page stand in place of its title, which is what agents get.
    if (tag === "h1" && inHero(node)) found.hero = true;
    else if (/^h[1-6]$/.test(tag)) found.events.push({ level: Number(tag[1]), text: collapsed(text(node)), id: attribute(node, "id"), line: where });
    if (has(node, "tab-label")) found.events.push({ label: label(node), line: where });
    if (tag === "pre") found.code.push({ text: code(node).replace(/\n$/, ""), language: language(node), line: where });
    if (tag === "a" && attribute(node, "href") !== undefined) found.links.push({ href: attribute(node, "href"), line: where, wordless: collapsed(text(node)) === "" && ![...below(node)].some((child) => child.tagName === "img") });
    if (tag === "iframe") found.frames.push({ src: attribute(node, "src") ?? "", line: where });
    if (has(node, "tab-panel")) found.tabs.push({ node, line: where });
    if (has(node, "admonition")) found.admonitions.push(admonition(node, where));
    if (tag === "table") found.tables.push({ rows: rows(node), line: where });
    if (tag === "img") found.images.push({ alt: collapsed(attribute(node, "alt") ?? ""), src: attribute(node, "src") ?? "", title: attribute(node, "title") ?? "", line: where });
    if (tag === "math" || has(node, "math")) found.math++;
  }
  found.stream = stream(article);
  return found;
}

const inHero = (node) => node.parentNode !== undefined && (has(node.parentNode, "hero") || (node.parentNode.tagName !== "article" && inHero(node.parentNode)));

function language(pre) {
  for (let node = pre; node && node.tagName !== "article"; node = node.parentNode) {
    if (has(node, "diagram")) return "mermaid";
    const named = attribute(node, "data-language") ?? classes(node).find((name) => name.startsWith("language-"))?.slice(9);
    if (named) return named;
  }
  for (const node of below(pre)) {
    const named = node.tagName === "code" && classes(node).find((name) => /^lang(uage)?-/.test(name));
    if (named) return named.replace(/^lang(uage)?-/, "");
  }
  return "";
}

/** The label of a tab, after those of the tabs it stands in: `Linux / Bash`. */
function label(node) {
  const path = [];
  for (let up = node.parentNode; up; up = up.parentNode) {
    const own = has(up, "tab-panel") && up.childNodes.find((child) => child.tagName && has(child, "tab-label"));
    if (own) path.unshift(collapsed(text(own)));
  }
  return path.join(" / ");
}

function admonition(node, where) {
  const names = classes(node).filter((name) => name.startsWith("admonition-")).map((name) => name.slice(11));
  const title = [...below(node)].find((child) => child.tagName && has(child, "admonition-title"));
  const body = node.childNodes.find((child) => child.tagName && has(child, "admonition-body"));
  return {
    like: names[0], kind: names[1] ?? names[0], line: where,
    // Beside the title stands the icon, which can be a letter.
    title: collapsed(title ? text(title.childNodes.find((child) => child.tagName === "span") ?? title) : ""),
    body: body ? stream(body).flatMap((it) => (typeof it === "string" ? [it] : words(it.label ?? ""))) : [],
  };
}

/** The cells of a table, those that span others repeated in each. */
function rows(table) {
  const grid = [];
  const all = [...below(table)].filter((node) => node.tagName === "tr" && closest(node, "table") === table);
  all.forEach((row, down) => {
    let across = 0;
    grid[down] ??= [];
    for (const cell of row.childNodes.filter((node) => /^t[hd]$/.test(node.tagName))) {
      while (grid[down][across] !== undefined) across++;
      const wide = Number(attribute(cell, "colspan") ?? 1) || 1;
      const high = Math.min(Number(attribute(cell, "rowspan") ?? 1) || 1, all.length - down);
      for (let y = 0; y < high; y++) for (let x = 0; x < wide; x++) (grid[down + y] ??= [])[across + x] = essence(text(cell));
      across += wide;
    }
  });
  const width = Math.max(0, ...grid.map((row) => row.length));
  return grid.map((row) => Array.from({ length: width }, (_, at) => row[at] ?? ""));
}

function closest(node, tag) {
  let up = node.parentNode;
  while (up && up.tagName !== tag) up = up.parentNode;
  return up;
}

/** The words of an element in order; `{label}` where a tab begins, `{end}` where its panel ends. Titles of admonitions have a
    row of their own. */
export function stream(node) {
  const out = [];
  let pending = "";
  const flush = () => {
    out.push(...words(pending));
    pending = "";
  };
  const visit = (it) => {
    if (it.nodeName === "#text") return void (pending += it.value);
    if (it.tagName && (isInterface(it) || has(it, "admonition-title") || (it.tagName === "h1" && inHero(it)))) return;
    if (it.tagName && has(it, "tab-label")) {
      flush();
      out.push({ label: label(it), line: line(it) });
      return;
    }
    if (it.tagName === "math") return void (pending += ` ${formula(it)} `);
    if (it.tagName === "br") return void (pending += "\n");
    // A frame is known by its title.
    if (it.tagName === "iframe") return void (pending += `\n${attribute(it, "title") ?? ""}\n`);
    const isLine = it.tagName && (!INLINE.has(it.tagName) || classes(it).some((name) => LINES.has(name)));
    if (isLine) pending += "\n";
    (it.childNodes ?? []).forEach(visit);
    if (isLine) pending += "\n";
    if (it.tagName && has(it, "tab-panel")) {
      flush();
      out.push({ end: true });
    }
  };
  visit(node);
  flush();
  return out;
}
