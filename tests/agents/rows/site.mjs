// Rows 10 to 12: the whole site.
import path from "node:path";
import vm from "node:vm";
import { execFileSync } from "node:child_process";
import { PROJECT, TOOLS, tokens, turndown } from "../lib/tools.mjs";
import { split } from "../lib/markdown.mjs";
import { decode, twin } from "../lib/site.mjs";
import { short } from "../lib/words.mjs";

export const SITE_ROWS = {
  10: { name: "tokens: at most 75 % of Turndown's (median), header and directive 120", check: tokenCounts },
  11: { name: "llms.txt: form, limits, hops, reference parser without loss", check: indexes },
  12: { name: "one set: sitemap, indexes, .md files, search", check: sets },
};

/** More pages than this are not converted by Turndown one by one, but evenly chosen. */
const MOST_CONVERTED = 40;

async function tokenCounts(site) {
  const faults = [];
  const shares = [];
  const errors = [];
  const step = Math.max(1, Math.ceil(site.pages.length / MOST_CONVERTED));
  const chosen = site.pages.filter((_, index) => index % step === 0);
  let most = 0;
  for (const page of site.pages) {
    const source = site.read(page.markdown);
    const { header, directive, fields } = split(source);
    const frame = await tokens(`${header}\n${directive}`);
    most = Math.max(most, frame);
    if (frame > 120) faults.push(`${page.route || "/"}: header and directive take ${frame} tokens`);
    if (header === "" || directive === "") faults.push(`${page.route || "/"}: no ${header === "" ? "header" : "directive"}`);
    if (!chosen.includes(page)) continue;
    const own = await tokens(source);
    shares.push({ page, share: own / (await tokens(await turndown(site.read(page.file)))) });
    if (fields.has("tokens")) errors.push(Math.abs(Number(fields.get("tokens")) / own - 1));
  }
  const median = middle(shares.map(({ share }) => share));
  if (median > 0.75) faults.push(`the median page takes ${percent(median)} of what Turndown makes of its HTML`);
  const note = `median ${percent(median)}, largest frame ${most}, 'tokens' off by ${percent(middle(errors))} in the median${step > 1 ? `; every ${step}th page converted` : ""}`;
  return { examined: chosen.length, faults, note };
}

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const percent = (share) => `${(share * 100).toFixed(1)} %`;

const LINE = /^- \[([^\[\]]+)\]\((\S+?)\)(?:: (\S.*))?$/;

/** An index, or a part of one that was too long. */
const INDEX = /(^|\/)llms(-(index-)?\d+)?\.txt$/;

function indexes(site) {
  const faults = [];
  const files = [...site.files].filter((file) => INDEX.test(file)).sort();
  const parsed = reference(files.map((file) => path.join(site.folder, file)));
  const found = new Map();
  for (const [index, file] of files.entries()) {
    const text = site.read(file);
    const { index: read, faults: wrong } = form(text, site);
    found.set(file, read);
    faults.push(...wrong.map((fault) => `${file}: ${fault}`), ...loss(read, parsed[index]).map((fault) => `${file}: ${fault}`));
    const characters = [...text].length;
    const isSection = file === "llms.txt" || Object.keys(read.sections).some((name) => !["This page", "Related", "Up"].includes(name));
    const limit = file === "llms.txt" ? 10_000 : isSection ? 50_000 : 4_000;
    if (characters > limit) faults.push(`${file}: ${characters} characters, ${limit} are allowed`);
  }
  if (!found.has("llms.txt")) return { examined: 0, faults: ["there is no /llms.txt"] };
  for (const page of site.pages) {
    const file = page.route === "" ? "llms.txt" : `${page.route}/llms.txt`;
    if (!found.has(file)) faults.push(`${page.route || "/"}: its index ${file} is not there`);
    else if (page.route !== "" && !found.get(file).urls.includes(`${site.base}${encodeURI(page.markdown)}`) && !found.get(file).urls.some((url) => site.inside(url) === page.markdown)) faults.push(`${file}: does not name its own page`);
  }
  const { hops, farthest } = distances(site, found);
  const most = site.pages.length > 10_000 ? 3 : 2;
  for (const page of site.pages) {
    const steps = hops.get(page.markdown);
    if (steps === undefined || steps > most) faults.push(`${page.route || "/"}: ${steps === undefined ? "no index leads there" : `${steps} hops from the root`}`);
  }
  return { examined: files.length, faults, note: `root ${[...site.read("llms.txt")].length} characters, every page within ${farthest} hops` };
}

/** The parts of a file, and where it is not as llmstxt.org and our limits ask. */
function form(text, site) {
  const faults = [];
  const index = { title: "", summary: "", info: "", sections: {}, urls: [] };
  const lines = text.split("\n");
  let section;
  for (const [at, row] of lines.entries()) {
    const place = `line ${at + 1}`;
    if (row.startsWith("# ")) {
      if (index.title || at !== 0) faults.push(`${place}: a second title, or one that is not first`);
      index.title ||= row.slice(2);
    } else if (row.startsWith("## ")) {
      section = row.slice(3);
      if (index.sections[section]) faults.push(`${place}: a second section "${section}"`);
      index.sections[section] = [];
    } else if (row.trim() === "") continue;
    else if (section !== undefined) {
      const link = LINE.exec(row);
      if (!link) faults.push(`${place}: "${short(row)}" is no line of a list`);
      else {
        index.sections[section].push([link[1], link[2], link[3] ?? ""]);
        index.urls.push(link[2]);
        if (!/^https?:\/\//.test(link[2])) faults.push(`${place}: ${link[2]} is not absolute`);
        const inside = site.inside(link[2]);
        if (inside !== undefined && !site.files.has(inside)) faults.push(`${place}: ${link[2]} leads to no file`);
      }
    } else if (row.startsWith("> ")) {
      if (index.summary) faults.push(`${place}: a second summary`);
      index.summary ||= row.slice(2);
    } else {
      if (/^[*-] |\]\(/.test(row)) faults.push(`${place}: a list before the first section`);
      index.info += `${index.info ? "\n" : ""}${row}`;
    }
  }
  if (!index.title) faults.push("no title");
  if (!index.summary) faults.push("no summary");
  if (!index.info) faults.push("no line of details");
  if (index.urls.length === 0) faults.push("no links");
  for (const [name, list] of Object.entries(index.sections)) if (list.length === 0) faults.push(`section "${name}" is empty`);
  if (/\r|^\ufeff/.test(text)) faults.push("a carriage return or byte order mark");
  return { index, faults };
}

/** What the reference parser lost. */
function loss(index, parsed) {
  if (!parsed) return ["the reference parser said nothing"];
  if (parsed.error) return [`the reference parser fails: ${parsed.error}`];
  const faults = [];
  if (parsed.title !== index.title) faults.push(`the reference parser reads the title "${short(parsed.title)}"`);
  if ((parsed.summary ?? "") !== index.summary) faults.push(`the reference parser reads the summary "${short(parsed.summary ?? "")}"`);
  if ((parsed.info ?? "").replace(/\s+/g, " ").trim() !== index.info.replace(/\s+/g, " ").trim()) faults.push(`the reference parser reads the details "${short(parsed.info ?? "")}"`);
  for (const [name, list] of Object.entries(index.sections)) {
    const other = parsed.sections[name];
    if (JSON.stringify(other) !== JSON.stringify(list)) faults.push(`the reference parser reads section "${name}" otherwise, for example ${short(JSON.stringify((other ?? []).find((link, at) => JSON.stringify(link) !== JSON.stringify(list[at])) ?? other?.length ?? "nothing"))}`);
  }
  if (Object.keys(parsed.sections).length !== Object.keys(index.sections).length) faults.push("the reference parser reads another number of sections");
  return faults;
}

function reference(paths) {
  const output = execFileSync(path.join(TOOLS, "venv/bin/python"), [path.join(PROJECT, "tests/agents/reference_parser.py")], { input: paths.join("\n"), maxBuffer: 1 << 30 });
  return output.toString().trim().split("\n").map((row) => JSON.parse(row));
}

/** How many files an agent reads from the root to each page, and what the farthest page takes. */
function distances(site, found) {
  const hops = new Map();
  const indexHops = new Map([["llms.txt", 0]]);
  const queue = ["llms.txt"];
  for (const file of queue) {
    const steps = indexHops.get(file) + 1;
    for (const url of found.get(file)?.urls ?? []) {
      const inside = site.inside(url);
      if (inside === undefined) continue;
      if (INDEX.test(inside)) {
        if (!indexHops.has(inside)) {
          indexHops.set(inside, steps);
          queue.push(inside);
        }
      } else if (!hops.has(inside)) hops.set(inside, steps);
    }
  }
  const reached = site.pages.map((page) => hops.get(page.markdown) ?? 0);
  return { hops, farthest: reached.reduce((most, steps) => Math.max(most, steps), 0) };
}

function sets(site) {
  const faults = [];
  const pages = new Set(site.pages.map((page) => page.route));
  const compare = (name, set) => {
    for (const route of pages) if (!set.has(route)) faults.push(`${name} lacks ${route || "/"}`);
    for (const route of set) if (!pages.has(route)) faults.push(`${name} has ${route || "/"}, which is no page`);
  };
  compare("sitemap.xml", sitemap(site));
  compare("sitemap.md", markdownLinks(site, ["sitemap.md"]));
  compare("the union of the indexes", markdownLinks(site, [...site.files].filter((file) => INDEX.test(file))));
  compare("llms-full.txt", new Set([...site.read("llms-full.txt").matchAll(/^Source: (\S+)$/gm)].map((match) => routeOf(site, match[1])).filter((route) => route !== undefined)));
  compare("the .md files", markdownFiles(site, faults));
  const search = searched(site);
  if (search) compare("the search index", search);
  return { examined: pages.size, faults, note: search ? "" : "the site has no search" };
}

const routeOf = (site, url) => {
  const inside = site.inside(url);
  return inside === undefined || !inside.endsWith(".md") ? undefined : inside === "index.md" ? "" : inside.slice(0, -3);
};

function sitemap(site) {
  const routes = new Set();
  const add = (file) => {
    for (const [, url] of site.read(file).matchAll(/<loc>([^<]*)<\/loc>/g)) {
      const inside = site.inside(url.replace(/&amp;/g, "&"));
      if (inside?.endsWith(".xml")) add(inside);
      else if (inside !== undefined) routes.add(inside.replace(/\/$/, ""));
    }
  };
  add("sitemap.xml");
  return routes;
}

function markdownLinks(site, files) {
  const routes = new Set();
  for (const file of files) {
    for (const [, url] of site.read(file).matchAll(/\]\((\S+?\.md)(?:#[^)\s]*)?\)/g)) {
      const route = routeOf(site, url);
      // A page with one of its tabs chosen is that page.
      if (route !== undefined && !isVariant(site, route)) routes.add(route);
    }
  }
  return routes;
}

const isVariant = (site, route) => !site.routes.has(route) && /\.[^./]+$/.test(route) && site.routes.has(route.replace(/\.[^./]+$/, ""));

/** Pages by their Markdown files: those whose header names the address of the file. */
function markdownFiles(site, faults) {
  const routes = new Set();
  for (const file of site.files) {
    if (!file.endsWith(".md") || ["AGENTS.md", "sitemap.md"].includes(file)) continue;
    const route = file === "index.md" ? "" : file.slice(0, -3);
    if (isVariant(site, route) || site.redirects.has(route)) continue;
    const address = split(site.read(file)).fields.get("canonical_url")?.replace(/^"|"$/g, "");
    if (address !== undefined && twin((site.inside(address) ?? "?").replace(/\/$/, "")) === file) routes.add(route);
    // Files that authors put beside their pages are theirs; anything with a header of ours is a page.
    else if (address !== undefined) faults.push(`${file}: its canonical address is ${address}`);
  }
  return routes;
}

/** Pages by the pieces of the search index, each a call with the page's address first. */
function searched(site) {
  const pieces = [...site.files].filter((file) => /^assets\/search\/pieces\/p\d+-[^/]*\.js$/.test(file));
  if (pieces.length === 0) return undefined;
  const routes = new Set();
  for (const file of pieces) {
    vm.runInNewContext(site.read(file), { waypostSearch: (_, data) => routes.add(decode(data[0]).replace(/\/$/, "")) });
  }
  return routes;
}
