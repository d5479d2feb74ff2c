// The fidelity rows that need only a built folder: 1 to 9 page by page, 10 to 12 over the whole site.
import { facts as htmlFacts } from "./lib/html.mjs";
import { facts as markdownFacts } from "./lib/markdown.mjs";
import { Site, oneSided } from "./lib/site.mjs";
import { PAGE_ROWS } from "./rows/page.mjs";
import { SITE_ROWS } from "./rows/site.mjs";

/** All rows of a built folder: number -> { name, examined, faults: ["page: what"], note }. `source` is the folder of
    `book.toml`, for the text that only one kind of reader gets. */
export async function fidelity(folder, { source, only } = {}) {
  const site = new Site(folder);
  const sides = oneSided(source);
  const rows = new Map();
  for (const [number, { name }] of [...Object.entries(PAGE_ROWS), ...Object.entries(SITE_ROWS)]) {
    rows.set(Number(number), { name, examined: 0, faults: [], excused: 0, note: "" });
  }
  const anchors = new Map();
  const ids = new Map();
  const idsOf = (file) => {
    if (!ids.has(file)) ids.set(file, new Set([...site.read(file).matchAll(/ (?:id|name)="([^"]*)"/g)].map((match) => match[1].replace(/&quot;/g, '"').replace(/&amp;/g, "&"))));
    return ids.get(file);
  };
  const anchorsOf = (file) => {
    if (!anchors.has(file)) anchors.set(file, markdownFacts(site.read(file)).anchors);
    return anchors.get(file);
  };
  for (const page of site.pages) {
    const source = site.read(page.markdown);
    const html = htmlFacts(site.read(page.file));
    if (!html) continue;
    const wordless = html.links.filter((link) => link.wordless).map((link) => new URL(link.href, page.url).href);
    const markdown = markdownFacts(source, new Set(wordless));
    // The title of a home page with a hero stands for it; it is no part of what is compared.
    if (html.hero && markdown.headings[0]?.level === 1) markdown.stream.splice(markdown.stream.findIndex((it) => it.label === markdown.headings.shift().text), 1);
    anchors.set(page.markdown, markdown.anchors);
    const given = { ...page, html, markdown, source, site, oneSided: sides, anchorsOf, idsOf };
    for (const [number, { check }] of Object.entries(PAGE_ROWS)) {
      if (only && !only.includes(Number(number))) continue;
      const { examined, faults, excused = 0 } = check(given);
      const row = rows.get(Number(number));
      row.examined += examined;
      row.excused += excused;
      row.faults.push(...faults.map((fault) => `${page.route || "/"}: ${fault}`));
    }
  }
  for (const [number, { check }] of Object.entries(SITE_ROWS)) {
    if (only && !only.includes(Number(number))) continue;
    Object.assign(rows.get(Number(number)), await check(site));
  }
  return { site, rows };
}
