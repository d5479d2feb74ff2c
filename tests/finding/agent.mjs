// A question and the root URL of a site in, what an agent with a small window finds with a few fetches out.
//
// The policy is a plain one that any agent can follow, without a model: read the index, follow the link whose words are
// most like the question's, look at the page's own index where the page may be longer than the window, and read on from
// where the heading in question begins. It knows of a site only what it fetched.

/** A fetch tool as agents have it: a window of characters, from an offset (as the reference MCP server's `start_index`). */
export class Fetcher {
  constructor(read, window, most) {
    Object.assign(this, { read, window, most, used: 0, characters: 0, texts: [] });
  }

  get left() {
    return this.most - this.used;
  }

  fetch(url, from = 0) {
    if (this.left <= 0) return null;
    this.used += 1;
    const whole = [...(this.read(url) ?? '')];
    const text = whole.slice(from, from + this.window).join('');
    this.texts.push(text);
    return { url, text, from, more: whole.length > from + this.window };
  }
}

const STOP = new Set('a an and are as at by for from how in is it of on or the to what which with your'.split(' '));

export function words(text) {
  const found = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return found.filter(word => !STOP.has(word)).map(word => word.replace(/(ies|es|s|ing|ed)$/, ''));
}

/** The links of an index, with the names of the lists they stand in. */
export function links(text) {
  let list = '';
  return text.split('\n').flatMap(line => {
    const heading = /^##+ (.*)/.exec(line);
    if (heading) list = heading[1];
    const link = /^\s*[-*] \[(.*?)\]\((\S+?)\)(?::? ?(.*))?$/.exec(line);
    return link ? [{ title: link[1].replace(/\\/g, ''), url: link[2], about: link[3] ?? '', list }] : [];
  });
}

const isIndex = url => /llms[\w-]*\.txt$/.test(url);

function share(of, among) {
  if (!of.length) return 0;
  const known = new Set(among);
  return of.filter(word => known.has(word)).length / of.length;
}

/** How like the question a link is: 1 and more is as good as certain. */
function likeness(link, question) {
  const title = words(link.title);
  // An index that names the page in what it says of itself.
  const titles = isIndex(link.url) ? link.about.replace(/^[\d,]+ pages?: /, '').split('; ') : [];
  const named = titles.some(title => same(title.replace(/\\/g, ''), question.title)) ? 1 : 0;
  const asked = words(question.title);
  const both = share(asked, title) * share(title, asked);
  const around = words(`${link.title} ${link.about} ${link.list} ${link.url.replace(/^https?:\/\/[^/]*/, '')}`);
  const exact = link.title === question.title ? 0.1 : 0;
  return Math.max(both, named) + exact + 0.3 * share(asked, around) + 0.6 * share(words(question.topic), around) + 0.1 * share(words(question.headings.join(' ')), around);
}

const CERTAIN = 1.2;

/** Whether a title, which may be cut short, is another. */
function same(title, other) {
  const [one, two] = [title, other].map(text => text.replace(/[`*\\]/g, ''));
  return one === two || (one.length > 6 && one.endsWith('…') && two.startsWith(one.slice(0, -1)));
}

function number(pattern, text) {
  const found = pattern.exec(text ?? '');
  return found && Number(found[1].replaceAll(',', ''));
}

const sizeOf = about => number(/(\d[\d,]*) characters/, about);

/** The places that the line of an index names: `title at 1,234; …`. */
function named(about) {
  const list = /\d characters(?:, about [\d,]+ tokens)?(?: from [\d,]+)?: (.*)$/.exec(about)?.[1] ?? '';
  return list.split('; ').flatMap(name => {
    const place = /^(.*) at ([\d,]+)$/.exec(name);
    return place ? [{ title: place[1].replace(/\\/g, ''), from: Number(place[2].replaceAll(',', '')) }] : [];
  });
}

/** The places of a page that its own index names. */
function places(index) {
  return links(index).filter(link => link.list === 'This page').flatMap(link => {
    const from = number(/from (\d[\d,]*)/, link.about);
    return [...(link.url.includes('#') && from !== null ? [{ title: link.title, from }] : []), ...named(link.about)];
  });
}

/** The place that a way of headings leads to: each is looked for after the one above it. It is `sure` where the last of
 *  them is named, or lies in what a window shows from the place. */
function wanted(parts, headings, window, whole) {
  const equal = (part, heading) => same(part.title, heading) || words(part.title).join() === words(heading).join();
  const place = (at, exact, last) => {
    const end = parts[at + 1]?.from ?? Infinity;
    return { from: parts[at].from, sure: exact && (last || (whole && end - parts[at].from <= window)), none: false };
  };
  if (!headings.length) return { from: 0, sure: true, none: true };
  const only = parts.flatMap((part, at) => (equal(part, headings.at(-1)) ? [at] : []));
  if (only.length === 1) return place(only[0], true, true);
  let [found, exact, last] = [-1, false, -1];
  headings.forEach((heading, depth) => {
    const asked = words(heading);
    const score = part => (equal(part, heading) ? 1 : share(asked, words(part.title)) * share(words(part.title), asked));
    let best = -1;
    for (let at = found + 1; at < parts.length; at += 1) {
      if (score(parts[at]) > Math.max(0.5, best < 0 ? 0 : score(parts[best]))) best = at;
    }
    // A name that is cut short may be that of several.
    const alike = parts.filter(part => equal(part, heading)).length;
    if (best >= 0) [found, exact, last] = [best, score(parts[best]) === 1 && (alike === 1 || (depth > 0 && exact)), depth];
  });
  return found < 0 ? { from: 0, sure: false, none: true } : place(found, exact, last === headings.length - 1);
}

/** Reads a page: whole where it fits, else from where the heading in question begins. Where other pages may be meant
 *  (`others`), one that names its parts but not that heading is left. */
function readPage(fetcher, link, question, others = false) {
  const { window } = fetcher;
  // The title of the page is no part of it.
  const headings = question.headings.filter(heading => heading !== question.title);
  const own = link.url.replace(/(\/index)?\.mdx?$/, '/llms.txt');
  const read = new Set();
  let size = sizeOf(link.about);
  let place = { from: 0, sure: false, none: true };
  const outline = named(link.about);
  const look = () => {
    const index = fetcher.fetch(own);
    size = sizeOf(index.text.split('\n').find(line => line.startsWith('- '))) ?? size;
    const parts = places(index.text);
    if (parts.length) place = wanted(parts, headings, window, true);
    return others && parts.length > 0 && place.none && headings.length > 0 && !/left out/.test(index.text);
  };
  if (outline.length || !headings.length) place = wanted(outline, headings, window, !link.about.endsWith('…'));
  // What is known to fit, or may fit, is read at once; where parts begin is asked for while a fetch is left for it.
  let page = null;
  const turn = from => {
    read.add(from);
    const before = page && page.from + window === from ? page.text : '';
    page = fetcher.fetch(link.url, from);
    // A sentence that one window cuts goes on in the next.
    return Boolean(page) && `${before}${page.text}`.includes(question.noun);
  };
  const fits = size !== null && size <= window;
  if (fits || (size === null && (fetcher.left >= 3 || window >= 20_000))) {
    if (turn(0)) return true;
    if (!page?.more) return false;
    // The heading is in sight: what it says goes on.
    if (headings.length && page.text.split('\n').some(line => /^#+ /.test(line) && same(line.replace(/^#+ /, ''), headings.at(-1)))) place = { from: 0, sure: true };
  }
  if (!place.sure && fetcher.left >= 2 && look()) return false;
  if (size !== null && size <= window) place = { from: 0, sure: true };
  if (!read.has(place.from)) {
    if (turn(place.from)) return true;
  } else if (!page?.more) return false;
  while (page?.more && fetcher.left > 0) {
    if (turn(page.from + window)) return true;
  }
  return !read.has(0) && fetcher.left > 0 && turn(0);
}

/** Whether the fact is found. */
export function find(fetcher, root, question) {
  const seen = new Map();
  const visited = new Set();
  let index = fetcher.fetch(`${root}llms.txt`);
  while (index) {
    visited.add(index.url);
    for (const link of links(index.text)) {
      if (link.list === 'Up' || visited.has(link.url) || link.url.includes('#')) continue;
      seen.set(link.url, { ...link, score: likeness(link, question) });
    }
    const best = () => [...seen.values()].filter(link => !visited.has(link.url)).sort((a, b) => b.score - a.score);
    // Two pages may have one title: the next is tried where the first does not hold the answer.
    for (;;) {
      const certain = best()[0];
      if (!fetcher.left || !certain || certain.score < CERTAIN || (isIndex(certain.url) && fetcher.left >= 2)) break;
      if (isIndex(certain.url)) visited.add(certain.url);
      if (isIndex(certain.url)) continue;
      visited.add(certain.url);
      const others = best().some(link => link.score >= CERTAIN && !isIndex(link.url));
      if (readPage(fetcher, certain, question, others)) return true;
    }
    if (!fetcher.left) return false;
    // No page convinces: an index that names it comes next, else the rest of a cut one, else the likeliest index.
    const further = best().filter(link => isIndex(link.url));
    const named = further.some(link => link.score >= 1);
    if (index.more && !named && fetcher.left >= 3) {
      index = fetcher.fetch(index.url, index.from + fetcher.window);
    } else if (further.length && fetcher.left >= 2) {
      index = fetcher.fetch(further[0].url);
    } else {
      const page = best().find(link => !isIndex(link.url));
      if (!page) return false;
      visited.add(page.url);
      if (readPage(fetcher, page, question)) return true;
      index = null;
    }
  }
  return false;
}
