// Queries with their right pages, made from a built site: `node queries.cjs SITE [MOST]` prints a JSON list of
// {kind, text, right: [address]}, the same for the same site. What is right is read from the texts that results show, not
// from the index that finds them.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");
const [site, most = "150"] = process.argv.slice(2);
const folder = path.join(site, "assets/search/pieces");
let given;
const context = vm.createContext({ waypostSearch: (name, data) => { given = data; } });
const pages = new Map();
for (const name of fs.readdirSync(folder).filter((name) => name.startsWith("p")).sort()) {
  vm.runInContext(fs.readFileSync(path.join(folder, name), "utf8"), context);
  const [address, title, , , , sections] = given;
  if (!pages.has(address)) pages.set(address, { title, headings: [], code: "", text: "" });
  const page = pages.get(address);
  for (const [heading, , , , blocks] of sections) {
    if (heading) page.headings.push(heading);
    for (const block of blocks) {
      if (typeof block !== "string" && block[2]) page.code += block[0] + "\n";
      page.text += (typeof block === "string" ? block : block[0]) + "\n";
    }
  }
}
let seed = 20261125;
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 4294967296) * below);
};
const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const right = new Map();
const say = (kind, text, address) => {
  const key = kind + "\n" + (kind === "flag" || kind === "name" ? text : plain(text));
  if (!right.has(key)) right.set(key, { kind, text, right: new Set() });
  right.get(key).right.add(address);
};
for (const [address, page] of pages) {
  if (plain(page.title)) say("title", page.title, address);
  for (const heading of page.headings) if (plain(heading)) say("heading", heading, address);
}
// A flag or a dotted name of the code is right wherever it stands.
const FLAG = /(?<![\w-])--[a-z][a-z0-9]*(-[a-z0-9]+)*(?![\w-])/g;
const NAME = /(?<![^\s"'`(,=\[])[A-Za-z]\w+(\.[A-Za-z]\w+)+(?![^\s"'`),;\]])/g;
const exact = (kind, form) => {
  const wanted = new Set([...pages.values()].flatMap((page) => page.code.match(form) || []));
  for (const [address, page] of pages) for (const found of page.text.match(form) || []) if (wanted.has(found)) say(kind, found, address);
};
exact("flag", FLAG);
exact("name", NAME);
// A page that is called as a heading is as right as the heading's.
for (const [key, found] of right) {
  if (found.kind !== "heading") continue;
  const title = right.get("title" + key.slice(key.indexOf("\n")));
  if (title) title.right.forEach((address) => found.right.add(address));
}
const slip = (text) => {
  const words = [...text.matchAll(/[A-Za-z]{5,}/g)];
  if (!words.length) return null;
  const word = words[random(words.length)];
  const letters = [...word[0]];
  const at = random(letters.length);
  const letter = String.fromCharCode(97 + random(26));
  switch (random(4)) {
    case 0: letters.splice(at, 1); break;
    case 1: letters.splice(at, 0, letter); break;
    case 2: letters[at] = letter; break;
    default: { const to = Math.min(at, letters.length - 2); letters.splice(to, 2, letters[to + 1], letters[to]); }
  }
  const changed = letters.join("");
  return changed === word[0] ? null : text.slice(0, word.index) + changed + text.slice(word.index + word[0].length);
};
const queries = [];
for (const kind of ["title", "heading", "flag", "name"]) {
  // What stands on more than three pages has no right one.
  const all = [...right.values()].filter((found) => found.kind === kind && found.right.size <= 3);
  while (all.length > +most) all.splice(random(all.length), 1);
  for (const found of all) {
    queries.push({ kind, text: found.text, right: [...found.right] });
    if (kind === "title" || kind === "heading") {
      const text = slip(found.text);
      if (text) queries.push({ kind: kind + ", one typo", text, right: [...found.right] });
    }
  }
}
process.stdout.write(JSON.stringify(queries));
