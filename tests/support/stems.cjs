// Words with their stems by each of the theme's stemmers: `node stems.cjs FOLDER` prints a JSON list of
// [language, word, stem]. The words are made of the endings that a stemmer knows, the same every time.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");
const folder = process.argv[2];
let seed = 20261125;
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 4294967296) * below);
};
const all = [];
for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".js")).sort()) {
  const source = fs.readFileSync(path.join(folder, name), "utf8");
  let given;
  vm.runInContext(source, vm.createContext({ waypostSearch: (_, data) => { given = data; } }));
  const stem = given();
  const endings = [...new Set([...source.matchAll(/\["([^"]+)",/g)].map((match) => match[1]))];
  const letters = [...new Set(endings.join(""))];
  const pick = (list) => list[random(list.length)];
  for (let i = 0; i < 1000; i++) {
    let word = random(5) ? "" : pick(endings);
    for (let length = 1 + random(6); length > 0; length--) word += pick(letters);
    for (let count = random(3); count > 0; count--) word += pick(endings);
    all.push([name.slice(0, -3), word, stem(word)]);
  }
}
process.stdout.write(JSON.stringify(all));
