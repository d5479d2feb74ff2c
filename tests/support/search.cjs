// Runs the engine of a built site in Node: `node search.cjs SITE [BASE] [file]`, with a JSON list of [text, options] on the
// standard input; prints a JSON list of {answer, bytes, compressed, pieces}: each is a first query, and loads the scripts too.
"use strict";
const fs = require("fs");
const path = require("path");
const zlib = require("zlib");
const vm = require("vm");
const [site, base = "/", mode] = process.argv.slice(2);
let given;
const context = vm.createContext({ waypostSearch: (name, data) => { given = data; }, console });
const sizes = (file) => {
  const bytes = fs.readFileSync(path.join(site, file));
  return [bytes.length, zlib.gzipSync(bytes).length];
};
const run = (file) => vm.runInContext(fs.readFileSync(path.join(site, file), "utf8"), context, { filename: file });
run("assets/search/index.js");
const manifest = given;
const client = "assets/search/" + fs.readdirSync(path.join(site, "assets/search")).find((name) => name.startsWith("client."));
const first = ["assets/search/index.js", manifest.engine, manifest.stemmer, client].filter(Boolean).map(sizes);
const sum = (index) => first.reduce((all, one) => all + one[index], 0);
run(manifest.engine);
let stem = null;
if (manifest.stemmer) { run(manifest.stemmer); stem = given(); }
const engine = vm.runInContext("waypostSearchEngine", context);
const known = new Map();
(async () => {
  const queries = JSON.parse(fs.readFileSync(0, "utf8"));
  const answers = [];
  const shared = process.env.SHARED_ENGINE ? start() : null;
  function start() {
    const own = { bytes: sum(0), compressed: sum(1), pieces: 0 };
    own.engine = engine(manifest, async (name) => {
      const file = `assets/search/pieces/${name}.js`;
      if (!known.has(name)) { run(file); known.set(name, [given, sizes(file)]); }
      const [data, [size, compressed]] = known.get(name);
      own.bytes += size;
      own.compressed += compressed;
      own.pieces++;
      return data;
    }, stem, base, mode === "file");
    return own;
  }
  for (const [text, options] of queries) {
    const own = shared || start();
    const answer = await own.engine.query(text, options);
    answers.push({ answer, bytes: own.bytes, compressed: own.compressed, pieces: own.pieces });
  }
  process.stdout.write(JSON.stringify(answers));
})();
