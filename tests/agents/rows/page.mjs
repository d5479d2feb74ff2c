// Rows 1 to 9: one page, its article in HTML beside its Markdown. Each row returns how much it examined and what it found.
import { short, surplus, without, essence, words } from "../lib/words.mjs";
import { nodes } from "../lib/markdown.mjs";
import { decode, twin } from "../lib/site.mjs";

/** `row(page)`, where a page has `html` and `markdown` (facts), `source` (the Markdown file), `site` and `oneSided`. */
export const PAGE_ROWS = {
  1: { name: "headings: same order and level, each once", check: headings },
  2: { name: "code: byte-identical, in one fence, with its language", check: code },
  3: { name: "links: same targets, absolute, resolving, anchors exist", check: links },
  4: { name: "tabs: each label adjacent to its panel", check: tabs },
  5: { name: "admonitions: kind, title, body", check: admonitions },
  6: { name: "tables: row by row", check: tables },
  7: { name: "images: text, absolute address, title", check: images },
  8: { name: "words: 99.5 % there, at most 1 % more", check: allWords },
  9: { name: "never: tags, imports, ':::', '{#id}', hidden characters, comments, 'undefined'", check: never },
};

const at = (side, line) => `${side}:${line}`;

/** Labels of tabs may have become headings; everything else is the same. */
function headings({ html, markdown }) {
  const faults = [];
  const given = markdown.headings;
  let next = 0;
  let labels = [];
  const isLabel = (heading) => {
    const found = labels.findIndex((label) => label === heading.text);
    if (found >= 0) labels = labels.slice(found + 1);
    return found >= 0;
  };
  for (const event of html.events) {
    if (event.label !== undefined) {
      labels.push(event.label);
      continue;
    }
    const same = (heading) => heading && essence(heading.text) === essence(event.text) && heading.level === event.level;
    while (given[next] && !same(given[next]) && isLabel(given[next])) next++;
    if (same(given[next])) next++;
    else {
      const got = given[next] ? `h${given[next].level} "${short(given[next].text)}" (${at("md", given[next].line)})` : "nothing";
      faults.push(`h${event.level} "${short(event.text)}" (${at("html", event.line)}) comes to ${got}`);
      // Goes on behind the heading, if it is there at all.
      const later = given.findIndex((heading, index) => index >= next && essence(heading.text) === essence(event.text));
      if (later >= 0) next = later + 1;
    }
  }
  for (; next < given.length; next++) {
    if (!isLabel(given[next])) faults.push(`h${given[next].level} "${short(given[next].text)}" (${at("md", given[next].line)}) is not in the article`);
  }
  return { examined: html.events.filter((event) => event.level).length, faults };
}

function code({ html, markdown }) {
  const faults = [];
  const key = (block) => `${block.language}\u0000${block.text.replace(/\n$/, "")}`;
  const missing = surplus(html.code.map(key), markdown.code.map(key));
  const added = surplus(markdown.code.map(key), html.code.map(key));
  for (const block of html.code.filter((block) => missing.includes(key(block)))) {
    const near = markdown.code.find((other) => added.includes(key(other)) && (other.text === block.text || essence(other.text) === essence(block.text)));
    const how = !near ? "is in no fence" : near.text === block.text ? `is a fence of language "${near.language}" (${at("md", near.line)})` : `has other bytes (${at("md", near.line)})`;
    faults.push(`code "${short(block.text)}" of language "${block.language}" (${at("html", block.line)}) ${how}`);
  }
  for (const block of markdown.code.filter((block) => added.includes(key(block)))) {
    if (missing.length === 0) faults.push(`fence "${short(block.text)}" (${at("md", block.line)}) is not in the article`);
  }
  if (missing.length === 0 && added.length === 0) {
    const wrong = html.code.findIndex((block, index) => key(block) !== key(markdown.code[index]));
    if (wrong >= 0) faults.push(`code "${short(html.code[wrong].text)}" (${at("html", html.code[wrong].line)}) stands in another order`);
  }
  for (const block of markdown.code) {
    if (!block.fenced) faults.push(`code "${short(block.text)}" (${at("md", block.line)}) is not fenced`);
    if (block.meta) faults.push(`fence of "${short(block.text)}" (${at("md", block.line)}) keeps "${block.meta}"`);
  }
  return { examined: html.code.length, faults };
}

/** Where a link of a page leads, as the Markdown should say it. */
function wanted(href, page) {
  const { site } = page;
  let url;
  try {
    url = new URL(href, page.url);
  } catch {
    return { key: href };
  }
  const inside = site.inside(url.href);
  if (inside === undefined) return { key: loose(/^[a-z][a-z+.-]*:/i.test(href) ? href : url.href) };
  const route = inside.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "").replace(/\/$/, "");
  const file = site.routes.has(route) || site.redirects.has(route) ? twin(route) : inside;
  const known = site.files.has(file) || site.files.has(`${file.replace(/\/?$/, "/")}index.html`) || site.files.has(`${file}.html`);
  const query = file === inside ? "" : url.search;
  const key = loose(`${site.base}${file}${file === inside ? url.search : ""}${url.hash}`);
  const html = site.pages.find((other) => other.route === route)?.file;
  const hash = decode(url.hash.slice(1));
  // What the author broke leads nowhere for readers either; a check has said so.
  const dead = !known || (hash !== "" && html !== undefined && !page.idsOf(html).has(hash));
  return { key, page: loose(`${site.base}${file}`), tab: query !== "" && url.hash === "", dead };
}

const loose = (url) => decode(url.replace(/&amp;/g, "&")).replace(/^(https?:\/\/[^/?#]+)\/?(?=$|[?#])/i, "$1/").replace(/^(https?:\/\/[^/]+)/i, (host) => host.toLowerCase());

function links(page) {
  const { html, markdown, site } = page;
  const faults = [];
  const targets = html.links.map((link) => ({ ...link, ...wanted(link.href, page) }));
  // A video or another frame is a link for agents.
  const frames = html.frames.map((frame) => ({ ...frame, id: /embed\/([\w-]+)/.exec(frame.src)?.[1] ?? loose(new URL(frame.src, page.url).href) }));
  const left = markdown.links.map((link) => ({ ...link, key: loose(link.url) }));
  const dead = new Set([...targets, ...html.images.map((image) => wanted(image.src, page))].filter((target) => target.dead).map((target) => target.key));
  let excused = 0;
  const take = (test) => {
    const index = left.findIndex(test);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  };
  const unmet = targets.filter((target) => !take((link) => link.key === target.key));
  for (const target of unmet) {
    // The tab that an address asks for is the anchor of its label.
    if (target.tab && take((link) => link.key === target.page || link.key.startsWith(`${target.page}#`))) continue;
    faults.push(`link to ${target.key} (${at("html", target.line)}) is missing`);
  }
  for (const frame of frames) {
    if (!take((link) => link.key.includes(frame.id))) faults.push(`frame ${frame.src} (${at("html", frame.line)}) has no link`);
  }
  for (const link of left.filter((link) => !link.literal)) faults.push(`link to ${link.url} (${at("md", link.line)}) is not in the article`);
  for (const link of [...markdown.links, ...markdown.images]) {
    if (!/^([a-z][a-z+.-]*:|data:)/i.test(link.url)) {
      faults.push(`"${link.url}" (${at("md", link.line)}) is not absolute`);
      continue;
    }
    const inside = site.inside(link.url);
    if (inside === undefined) continue;
    if (link.literal) continue;
    if (dead.has(loose(link.url))) {
      excused++;
      continue;
    }
    if (!site.files.has(inside)) {
      faults.push(`${link.url} (${at("md", link.line)}) leads to no file`);
      continue;
    }
    const hash = /#(.+)$/s.exec(link.url)?.[1];
    if (hash && inside.endsWith(".md") && !page.anchorsOf(inside).has(decode(hash))) faults.push(`${link.url} (${at("md", link.line)}): no such anchor`);
  }
  return { examined: html.links.length, faults, excused };
}

/** A tab's panel stands behind its label, all of it, and before the next label. */
function tabs(page) {
  const { html, markdown } = page;
  const faults = [];
  let examined = 0;
  let at_ = 0;
  const seen = markdown.stream;
  for (let start = 0; start < html.stream.length; start++) {
    const { label, line } = html.stream[start];
    if (label === undefined) continue;
    examined++;
    let end = start + 1;
    while (typeof html.stream[end] === "string") end++;
    const panel = withoutSides(html.stream.slice(start + 1, end), page.oneSided.people);
    // A bold line of the same words may stand before the label: the one with the panel behind it counts.
    let first;
    let right = false;
    for (let found = at_; found < seen.length && !right; found++) {
      if (seen[found].label === undefined || essence(seen[found].label) !== essence(label)) continue;
      const behind = [];
      for (let next = found + 1; next < seen.length && behind.length < panel.length + 40; next++) behind.push(...(typeof seen[next] === "string" ? [seen[next]] : seen[next].words));
      const mine = withoutSides(behind, page.oneSided.agents).slice(0, panel.length);
      const wrong = panel.findIndex((word, index) => word !== mine[index]);
      right = wrong < 0;
      if (right) at_ = found + 1;
      first ??= { found, wrong, mine };
    }
    if (!first) {
      faults.push(`tab "${short(label)}" (${at("html", line)}) has no label`);
      continue;
    }
    const { found, wrong, mine } = first;
    if (!right) faults.push(`tab "${short(label)}" (${at("html", line)}, ${at("md", seen[found].line)}): its panel goes on with "${panel.slice(wrong, wrong + 5).join(" ")}", but the Markdown with "${mine.slice(wrong, wrong + 5).join(" ")}"`);
  }
  return { examined, faults };
}

/** How GFM calls the kinds that come with the theme; kinds of a site's own are like one of them. */
const ALERTS = {
  info: "NOTE", note: "NOTE", secondary: "NOTE", tip: "TIP", success: "TIP", important: "IMPORTANT", warning: "WARNING",
  caution: "CAUTION", danger: "CAUTION",
};

function admonitions({ html, markdown }) {
  const faults = [];
  const left = [...markdown.admonitions];
  for (const box of html.admonitions) {
    const place = `${box.kind} "${short(box.title)}" (${at("html", box.line)})`;
    const alert = left.shift();
    if (!alert) {
      faults.push(`${place} is missing`);
      continue;
    }
    const where = at("md", alert.line);
    if (ALERTS[box.like] && alert.kind !== ALERTS[box.like]) faults.push(`${place} is a ${alert.kind} (${where})`);
    // A box whose text begins with a bold line looks like one with a title.
    const isText = essence(box.title).toLowerCase() === box.kind.toLowerCase() && alert.title !== "" && box.body.join(" ").startsWith(words(alert.title).join(" "));
    const says = isText ? "" : essence(alert.title).toLowerCase();
    const body = isText ? [...words(alert.title), ...alert.body] : alert.body;
    const title = essence(box.title).toLowerCase();
    // The bold line may be left out where the alert says the same.
    if (says === "" ? title !== alert.kind.toLowerCase() : !(says === title || says.endsWith(`:${title}`))) faults.push(`${place} has the title "${alert.title}" (${where})`);
    const kind = box.kind.toLowerCase();
    if (says === title && title !== kind && kind !== alert.kind.toLowerCase() && !says.startsWith(kind) && !KNOWN_NAMES.has(`${kind}:${title}`)) faults.push(`${place} does not say its kind (${where})`);
    if (box.body.join(" ") !== body.join(" ")) {
      const wrong = box.body.findIndex((word, index) => word !== body[index]);
      const from = Math.max(0, wrong < 0 ? box.body.length : wrong);
      faults.push(`${place} goes on with "${box.body.slice(from, from + 5).join(" ")}", but the Markdown (${where}) with "${body.slice(from, from + 5).join(" ")}"`);
    }
  }
  for (const alert of left) faults.push(`alert ${alert.kind} "${short(alert.title)}" (${at("md", alert.line)}) is not in the article`);
  return { examined: html.admonitions.length, faults };
}
// Kinds that are called otherwise on the page.
const KNOWN_NAMES = new Set(["secondary:note"]);

function tables({ html, markdown }) {
  const faults = [];
  html.tables.forEach((table, index) => {
    const twinTable = markdown.tables[index];
    if (!twinTable) return void faults.push(`table (${at("html", table.line)}) is missing`);
    // A table of one row has an empty header, which GFM asks for.
    let rows = twinTable.rows;
    if (rows.length === table.rows.length + 1 && rows[0].every((cell) => cell === "")) rows = rows.slice(1);
    if (rows.length !== table.rows.length) return void faults.push(`table (${at("html", table.line)}) has ${table.rows.length} rows, the Markdown (${at("md", twinTable.line)}) ${rows.length}`);
    table.rows.forEach((row, down) => {
      if (rows[down].length !== row.length) return void faults.push(`row ${down + 1} of the table (${at("html", table.line)}) has ${row.length} cells, the Markdown (${at("md", twinTable.line)}) ${rows[down].length}`);
      row.forEach((cell, across) => {
        if (cell !== rows[down][across]) faults.push(`cell ${down + 1}/${across + 1} "${short(cell, 40)}" of the table (${at("html", table.line)}) is "${short(rows[down][across], 40)}" (${at("md", twinTable.line)})`);
      });
    });
  });
  for (const table of markdown.tables.slice(html.tables.length)) faults.push(`table (${at("md", table.line)}) is not in the article`);
  return { examined: html.tables.reduce((sum, table) => sum + table.rows.length, 0), faults };
}

function images(page) {
  const { html, markdown, site } = page;
  const faults = [];
  const left = markdown.images.map((image) => ({ ...image, key: loose(image.url) }));
  let examined = 0;
  const sides = new Map();
  for (const image of html.images) {
    // Decorative ones go; of a pair for light and dark one is enough.
    if (image.alt === "") continue;
    examined++;
    const key = loose(new URL(image.src, page.url).href);
    const index = left.findIndex((other) => other.key === key && essence(other.alt) === essence(image.alt) && other.title === image.title);
    if (index >= 0) {
      left.splice(index, 1);
      sides.set(`${image.alt}\u0000${image.title}`, key);
    } else if (!sides.has(`${image.alt}\u0000${image.title}`)) faults.push(`image "${short(image.alt)}" at ${key} (${at("html", image.line)}) is missing`);
  }
  for (const image of left) faults.push(`image "${short(image.alt)}" at ${image.url} (${at("md", image.line)}) is not in the article`);
  for (const image of markdown.images) if (site.inside(image.url) !== undefined && !site.files.has(site.inside(image.url))) faults.push(`image ${image.url} (${at("md", image.line)}) is no file`);
  return { examined, faults };
}

const withoutSides = (list, gone) => gone.reduce(without, list);
const flat = (stream) => stream.flatMap((it) => (typeof it === "string" ? [it] : it.words ?? words(it.label ?? "")));

function allWords(page) {
  const { html, markdown } = page;
  const faults = [];
  const mine = withoutSides(flat(html.stream), page.oneSided.people);
  const theirs = withoutSides(flat(markdown.stream), page.oneSided.agents);
  const missing = surplus(mine, theirs);
  const added = surplus(theirs, mine);
  if (missing.length > mine.length * 0.005) faults.push(`${missing.length} of ${mine.length} words are missing: ${short([...new Set(missing)].slice(0, 16).join(" "), 160)}`);
  if (added.length > mine.length * 0.01) faults.push(`${added.length} words more than ${mine.length}: ${short([...new Set(added)].slice(0, 16).join(" "), 160)}`);
  return { examined: mine.length, faults };
}

function never({ html, markdown, source }) {
  const faults = [];
  const said = (test, what, line) => test && faults.push(`${what} (${at("md", line)})`);
  for (const { value, line } of markdown.html) {
    said(/<\/?([A-Z][\w.]*|llms-[a-z]+)(?=[\s/>])/.test(value), `tag ${short(value, 40)}`, line);
    said(value.includes("<!--"), "an HTML comment", line);
  }
  const article = flat(html.stream).filter((word) => word === "undefined").length;
  let undefinedWords = 0;
  for (const node of nodes(markdown.tree)) {
    const line = node.position.start.line;
    if (node.type === "text") {
      const raw = source.slice(node.position.start.offset, node.position.end.offset);
      // What is escaped says by itself that it is meant as text.
      said(/(^|[^\\:]):::/.test(raw), "':::'", line);
      said(/(^|[^\\])\{#[\w-]+\}/.test(raw), "'{#id}'", line);
      said(/^import\s+([\w{*][^'"]*\sfrom\s+)?['"][^'"]+['"];?\s*$/m.test(raw), "an import", line);
      undefinedWords += (raw.match(/\bundefined\b/g) ?? []).length;
    }
    const address = node.url ?? "";
    said(/(^|\/)undefined(\/|$)/.test(address) && !html.links.some((link) => link.href.includes("undefined")), `'undefined' in ${address}`, line);
    if (["text", "html", "yaml", "link", "image"].includes(node.type)) said(hidden(node.value ?? `${node.alt ?? ""}${node.title ?? ""}`), "a character that nobody sees", line);
  }
  said(undefinedWords > article, "'undefined'", 1);
  said(/\r/.test(source), "a carriage return", 1);
  said(source.startsWith("\ufeff"), "a byte order mark", 1);
  const titles = markdown.headings.filter((heading) => heading.level === 1);
  said(html.events.filter((event) => event.level === 1).length === 1 && titles.length !== 1, `${titles.length} titles`, titles[1]?.line ?? 1);
  return { examined: source.length, faults };
}

/** Zero-width characters, but for the joiners inside emoji and in scripts that are written with them. */
const hidden = (text) => /[\u200b\u2060\ufeff\u00ad\u180e]/.test(text) || /(^|[\x00-\u05ff])[\u200c\u200d]|[\u200c\u200d]([\x00-\u05ff]|$)/.test(text);
