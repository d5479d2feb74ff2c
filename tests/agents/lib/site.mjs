// A built folder in, its pages and addresses out. Everything is found in the files themselves: canonical links say where the
// site stands, and a page is what has an article.
import fs from "node:fs";
import path from "node:path";
import { words } from "./words.mjs";

export class Site {
  constructor(folder) {
    this.folder = folder;
    this.files = new Set(list(folder));
    /** Routes ("a/b", "" for home) of HTML files, by what they are. */
    this.pages = [];
    this.redirects = new Set();
    this.other = new Set();
    for (const file of this.files) {
      if (!file.endsWith(".html") || file === "404.html") continue;
      const html = this.read(file);
      const canonical = /<link rel="canonical" href="([^"]*)"/.exec(html)?.[1];
      const route = file === "index.html" ? "" : file.replace(/(\/index)?\.html$/, "");
      if (/http-equiv="refresh"/.test(html.slice(0, 2000))) this.redirects.add(route);
      else if (canonical && this.files.has(twin(route))) this.pages.push({ route, file, markdown: twin(route), url: canonical });
      else this.other.add(route);
      if (canonical && this.base === undefined && !this.redirects.has(route)) this.base = baseOf(canonical, route);
    }
    if (this.base === undefined) throw new Error(`${folder}: no page says where the site stands`);
    this.routes = new Set(this.pages.map((page) => page.route));
    this.hidden = /* noindex, drafts: pages without a Markdown file */ this.other;
  }

  read(file) {
    return fs.readFileSync(path.join(this.folder, file), "utf8");
  }

  /** The path below the site's own address; nothing for other sites. */
  inside(url) {
    if (!url.startsWith(this.base) && `${url}/` !== this.base) return undefined;
    return decode(url.slice(this.base.length).replace(/[?#].*$/s, ""));
  }
}

/** The Markdown file of a route. */
export const twin = (route) => (route === "" ? "index.md" : `${route}.md`);

export const decode = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

function baseOf(canonical, route) {
  const bare = canonical.replace(/\/$/, "");
  const end = route === "" ? "" : `/${encodeURI(route)}`;
  if (!bare.endsWith(end)) throw new Error(`the canonical address ${canonical} does not end in ${route}`);
  return `${bare.slice(0, bare.length - end.length)}/`;
}

function list(folder, below = "") {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below ? `${below}/${entry.name}` : entry.name;
    return entry.isDirectory() ? list(folder, name) : [name];
  });
}

/** What the sources show to one kind of reader only: lists of words, for people and for agents. */
export function oneSided(source) {
  const found = { people: [], agents: [] };
  if (!source) return found;
  const files = list(source).filter((file) => /\.mdx?$/.test(file) && !/(^|\/)(node_modules|target|book)\//.test(file));
  for (const file of files) {
    const text = fs.readFileSync(path.join(source, file), "utf8").replace(/^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ *\2`*~* *$/gm, "");
    for (const [, side, body] of text.matchAll(/<Visibility\s+for="(humans|agents)"[^>]*>([\s\S]*?)<\/Visibility>/g)) {
      found[side === "humans" ? "people" : "agents"].push(words(body));
    }
    for (const [, body] of text.matchAll(/<llms-ignore>([\s\S]*?)<\/llms-ignore>/g)) found.people.push(words(body));
    for (const [, body] of text.matchAll(/<llms-only>([\s\S]*?)<\/llms-only>/g)) found.agents.push(words(body));
  }
  return found;
}
