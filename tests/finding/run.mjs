// A built site and the facts planted in its sources in; how many a simulated agent finds, and at what cost, out as JSON.
//
//     node run.mjs SITE ORIGIN FACTS.json [WINDOW…]
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Fetcher, find } from './agent.mjs';

const { encode } = createRequire(new URL('../tools/package.json', import.meta.url))('gpt-tokenizer/encoding/o200k_base');

/** Every fetch of an agent, the first one included. */
const FETCHES = 4;

const [site, root, planted, ...windows] = process.argv.slice(2);

function pages(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pages(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

// Where each fact ended up: its page's title is what the question calls the page by.
const facts = JSON.parse(readFileSync(planted, 'utf8'));
const byNoun = new Map(facts.map(fact => [fact.noun, fact]));
// A page comes before the files that hold a part of it, whose names are longer.
for (const path of pages(site).sort((a, b) => a.length - b.length)) {
  const text = readFileSync(path, 'utf8');
  for (const [, noun] of text.matchAll(/The (q[a-z]{6}x) number is \d{5}\./g)) {
    const fact = byNoun.get(noun);
    const title = /^title: (.*)$/m.exec(text)?.[1] ?? /^# (.*)$/m.exec(text)?.[1] ?? '';
    if (!fact || fact.page) continue;
    fact.page = path.slice(site.length);
    fact.title ??= title.replace(/^(["'])(.*)\1$/, '$2').replace(/\\/g, '');
  }
}

function read(url) {
  if (!url.startsWith(root)) return null;
  const path = join(site, decodeURI(url.slice(root.length)));
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : null;
}

const asked = facts.filter(fact => fact.page);
const results = (windows.length ? windows : ['5000', '20700', '100000']).map(window => {
  const missed = [];
  let [tokens, fetches, found] = [0, 0, 0];
  for (const fact of asked) {
    const fetcher = new Fetcher(read, Number(window), FETCHES);
    const question = { title: fact.title, headings: fact.headings, topic: fact.folder, noun: `The ${fact.noun} number is ${fact.number}` };
    if (find(fetcher, root, question)) found += 1;
    else missed.push(fact);
    fetches += fetcher.used;
    for (const text of fetcher.texts) tokens += encode(text).length;
  }
  const missedPages = new Set(missed.map(fact => fact.page)).size;
  return {
    window: Number(window), facts: asked.length, found, share: found / asked.length,
    tokensPerFact: Math.round(tokens / Math.max(found, 1)), fetchesPerFact: fetches / Math.max(asked.length, 1), missedPages, missed,
  };
});
const lost = facts.filter(fact => !fact.page);
const asks = facts.map(({ page, ...fact }) => fact);
process.stdout.write(`${JSON.stringify({ planted: facts.length, lost, results, asks }, null, 1)}\n`);
