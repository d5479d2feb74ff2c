// Sources of a site in, the same with facts planted in them out, and the questions that ask for these facts.
//
// A fact is a sentence (`The quoblar number is 48213.`) put at a random place of a page: into a paragraph, a table cell, a
// code fence, a panel of a tab that is not the first. Titles, descriptions and headings are left as they are, so nothing
// that an index says can give a fact away. The same seed plants the same facts.
//
//     node plant.mjs FOLDER SEED > facts.json
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A generator of numbers in [0, 1) from a seed (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** A word that no documentation has. */
function noun(next, taken) {
  const pick = letters => letters[Math.floor(next() * letters.length)];
  for (;;) {
    const word = `q${[1, 2, 3].map(() => pick(CONSONANTS) + pick(VOWELS)).join('')}x`;
    if (!taken.has(word)) {
      taken.add(word);
      return word;
    }
  }
}

const COMMENTS = {
  sh: '#', bash: '#', shell: '#', azurecli: '#', 'azurecli-interactive': '#', powershell: '#', python: '#', py: '#', yaml: '#', yml: '#',
  toml: '#', ruby: '#', dockerfile: '#', js: '//', jsx: '//', ts: '//', tsx: '//', javascript: '//', typescript: '//', rust: '//', go: '//',
  java: '//', c: '//', cpp: '//', csharp: '//', text: '', txt: '', md: '', markdown: '',
};

/** The places of a page that can hold a fact: the line after which or in which it is put, and of what kind. */
export function places(text) {
  const lines = text.split('\n');
  const found = [];
  let at = 0;
  if (lines[0] === '---') at = lines.indexOf('---', 1) + 1;
  let fence = null;
  let panel = [];
  let headings = [];
  let titled = false;
  const all = [];
  let table = 0;
  let paragraphs = 0;
  let comment = false;
  // The headings above a place and the labels of the tabs around it, the title of the page left out.
  const way = () => headings.filter(heading => !heading.title).map(heading => heading.words);
  for (; at < lines.length; at += 1) {
    const line = lines[at];
    const bare = line.trim();
    const mark = /^(`{3,}|~{3,})\s*([\w-]*)/.exec(bare);
    if (fence) {
      if (bare.startsWith(fence.mark) && /^[`~]+$/.test(bare)) {
        const sign = COMMENTS[fence.language];
        if (sign !== undefined && at - fence.at > 1) found.push({ kind: 'fence', at, margin: fence.margin, sign, headings: way() });
        fence = null;
      }
      continue;
    }
    if (mark) {
      fence = { mark: mark[1], language: mark[2].toLowerCase(), at, margin: /^\s*/.exec(line)[0] };
      continue;
    }
    if (bare.includes('<!--') || bare.includes('{/*')) comment = true;
    if (comment) {
      if (bare.includes('-->') || bare.includes('*/}')) comment = false;
      continue;
    }
    const heading = /^(#{1,6})\s+(.*)$/.exec(bare);
    if (heading) {
      const level = heading[1].length;
      const words = heading[2].replace(/\s*\{#.*?\}\s*$/, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/<[A-Z][^<>]*\/>/g, '').replace(/[`*\\]/g, '').trim();
      // A page's first `h1` is its title; further ones are parts of it.
      const title = level === 1 && !titled;
      titled ||= title;
      headings = [...headings.filter(above => above.tab || above.level < level), { level, words, title }];
      all.push({ at, words, title, way: way().join('\n') });
      table = 0;
      continue;
    }
    if (/^<Tabs\b/.test(bare)) panel.push(0);
    // What stands below a tab ends with it.
    const opened = headings.findLastIndex(above => above.tab === panel.length);
    if (/^<(\/TabItem|\/Tabs|TabItem\b)/.test(bare) && opened >= 0) headings = headings.slice(0, opened);
    if (/^<\/Tabs>/.test(bare)) panel.pop();
    if (/^<TabItem\b/.test(bare) && panel.length) {
      panel[panel.length - 1] += 1;
      const label = /\blabel="([^"]*)"/.exec(bare) ?? /\bvalue="([^"]*)"/.exec(bare);
      if (label) headings = [...headings, { tab: panel.length, words: label[1] }];
    }
    const hidden = panel.some(number => number > 1);
    if (/^\|.*\|$/.test(bare)) {
      if (/^\|[\s:|-]+\|$/.test(bare)) table = 1;
      else if (table) found.push({ kind: hidden ? 'tab' : 'cell', at, cell: true, headings: way() });
      continue;
    }
    table = 0;
    const isProse = /^[A-Z][a-z]/.test(line) && /[.:]$/.test(bare) && !/[<{]|:::|^import |^export /.test(bare);
    if (isProse && (lines[at - 1] ?? '').trim() === '' && (lines[at + 1] ?? '').trim() === '') {
      paragraphs += 1;
      // A page without a description is described by its first paragraph.
      if (paragraphs > 1) found.push({ kind: hidden ? 'tab' : 'paragraph', at, headings: way() });
    }
  }
  // Who asks of one of many parts that are called the same (`Fixed`, in the notes of each release) says which: after what.
  const times = pick => all.reduce((map, heading) => map.set(pick(heading), (map.get(pick(heading)) ?? 0) + 1), new Map());
  const [byWay, byWords] = [times(heading => heading.way), times(heading => heading.words)];
  return found.map(place => {
    if (!(byWay.get(place.headings.join('\n')) > 1)) return place;
    const before = all.findLast(heading => heading.at < place.at && !heading.title && byWords.get(heading.words) === 1);
    return before ? { ...place, headings: [before.words, ...place.headings] } : place;
  });
}

function put(lines, place, fact) {
  if (place.cell) lines[place.at] = lines[place.at].replace(/\s*\|\s*$/, ` ${fact} |`);
  else if (place.kind === 'fence') lines.splice(place.at, 0, `${place.margin}${place.sign} ${fact}`.trimEnd());
  else lines[place.at] = `${lines[place.at]} ${fact}`;
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      if (/^[._]|^node_modules$/.test(entry.name)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return files(path);
      return /\.mdx?$/.test(entry.name) ? [path] : [];
    });
}

const [folder, seed] = process.argv.slice(2);
const next = random(Number(seed));
const taken = new Set();
const facts = [];
for (const path of files(folder)) {
  const lines = readFileSync(path, 'utf8').split('\n');
  const all = places(lines.join('\n'));
  const chosen = ['paragraph', 'cell', 'fence', 'tab'].flatMap(kind => {
    const some = all.filter(place => place.kind === kind);
    return some.length ? [some[Math.floor(next() * some.length)]] : [];
  });
  // From the last to the first, so that the places of the others stay what they are.
  for (const place of chosen.sort((a, b) => b.at - a.at)) {
    const word = noun(next, taken);
    const number = String(10000 + Math.floor(next() * 90000));
    put(lines, place, `The ${word} number is ${number}.`);
    facts.push({ source: relative(folder, path), kind: place.kind, noun: word, number, headings: place.headings, folder: dirname(relative(folder, path)) });
  }
  writeFileSync(path, lines.join('\n'));
}
process.stdout.write(`${JSON.stringify(facts, null, 1)}\n`);
