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
  const named = isIndex(link.url) && ` ${link.about} `.includes(question.title) ? 1 : 0;
  const asked = words(question.title);
  const both = share(asked, title) * share(title, asked);
  const around = words(`${link.title} ${link.about} ${link.list} ${link.url.replace(/^https?:\/\/[^/]*/, '')}`);
  return both + named + 0.3 * share(asked, around) + 0.3 * share(words(question.topic), around) + 0.1 * share(words(question.headings.join(' ')), around);
}

const CERTAIN = 1.2;

function number(pattern, link) {
  const found = pattern.exec(link?.about ?? '');
  return found && Number(found[1].replaceAll(',', ''));
}

/** The part of a page that a way of headings leads to: each is looked for after the one above it. */
function wanted(parts, headings) {
  let [found, after] = [null, 0];
  for (const heading of headings) {
    const asked = words(heading);
    const score = part => share(asked, words(part.title)) * share(words(part.title), asked);
    let best = -1;
    for (let at = after; at < parts.length; at += 1) {
      if (score(parts[at]) > Math.max(0.5, best < 0 ? 0 : score(parts[best]))) best = at;
    }
    if (best >= 0) [found, after] = [parts[best], best + 1];
  }
  return found;
}

/** Reads a page: whole where it fits, else from where the heading in question begins. Where other pages may be meant
 *  (`others`), one whose index does not have that heading is left. */
function readPage(fetcher, url, question, others = false) {
  const holds = page => Boolean(page?.text.includes(question.noun));
  let from = 0;
  // Most pages fit into a window of medium size.
  if (fetcher.left >= 3 && fetcher.window >= 20_000) {
    const whole = fetcher.fetch(url);
    if (holds(whole) || !whole.more) return holds(whole);
  }
  // The page's own index costs a fetch; it is worth one while two are left and the window is small.
  if (fetcher.left >= 2 && fetcher.window < 50_000) {
    const own = fetcher.fetch(url.replace(/(\/index)?\.mdx?$/, '/llms.txt'));
    const parts = links(own.text).filter(link => link.list === 'This page');
    const size = number(/(\d[\d,]*) characters/, parts[0]);
    const part = wanted(parts.filter(part => part.url.includes('#')), question.headings);
    if (others && !part && !/left out/.test(own.text)) return false;
    if (size === null || size > fetcher.window) from = number(/from (\d[\d,]*)/, part) ?? 0;
  }
  let page = fetcher.fetch(url, from);
  while (page && !holds(page) && page.more && fetcher.left > 0) page = fetcher.fetch(url, page.from + fetcher.window);
  if (!holds(page) && from > 0 && fetcher.left > 0) page = fetcher.fetch(url, 0);
  return holds(page);
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
      const certain = best().find(link => link.score >= CERTAIN && !isIndex(link.url));
      if (!certain || !fetcher.left) break;
      visited.add(certain.url);
      const others = best().some(link => link.score >= CERTAIN && !isIndex(link.url));
      if (readPage(fetcher, certain.url, question, others)) return true;
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
      if (readPage(fetcher, page.url, question)) return true;
      index = null;
    }
  }
  return false;
}
