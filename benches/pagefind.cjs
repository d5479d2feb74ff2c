// Runs Pagefind on a site in Node: `node pagefind.cjs SITE`, with a JSON list of texts on the standard input; prints a
// JSON list of {pages, bytes, compressed, milliseconds}. Each query is a first one, as in `tests/support/search.cjs`, and
// loads the script too. All else that Pagefind writes is compressed already. SHOWN results are loaded, 5 unless given:
// as many as its own dialog shows at first.
"use strict";
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const [site, shown = "5"] = process.argv.slice(2);
const folder = path.resolve(site, "pagefind");
const kept = new Map();
let bytes = 0;
const counted = new Set();
globalThis.window = globalThis;
globalThis.location = new URL("http://localhost/");
globalThis.document = {
  querySelector: () => ({ getAttribute: () => "en" }),
  currentScript: null,
  documentElement: { getAttribute: () => "en" },
};
globalThis.Worker = undefined;
globalThis.fetch = async (address) => {
  const name = String(address).replace(/^.*\/pagefind\//, "").replace(/\?.*$/, "");
  if (!kept.has(name)) kept.set(name, fs.readFileSync(path.join(folder, name)));
  const data = kept.get(name);
  if (!counted.has(name)) { counted.add(name); bytes += data.length; }
  return {
    ok: true, status: 200,
    arrayBuffer: async () => data.buffer.slice(data.byteOffset, data.byteOffset + data.length),
    json: async () => JSON.parse(data.toString()),
    text: async () => data.toString(),
  };
};
const script = fs.readFileSync(path.join(folder, "pagefind.js"));
const scriptCompressed = require("zlib").gzipSync(script).length;
(async () => {
  // Its script is a module, which Node knows by its ending.
  const module_ = path.join(folder, "pagefind.mjs");
  fs.writeFileSync(module_, script);
  const pagefind = await import(pathToFileURL(module_).href);
  const answers = [];
  const texts = JSON.parse(fs.readFileSync(0, "utf8"));
  // To forget all that it has loaded takes it long: so it does for every FRESH-th query, and only those count bytes.
  const fresh = Math.max(1, Math.floor(texts.length / 40));
  for (const [index, text] of texts.entries()) {
    const before = Date.now();
    if (index % fresh === 0) {
      await pagefind.destroy();
      bytes = 0;
      counted.clear();
      await pagefind.options({ baseUrl: "/", basePath: "/pagefind/" });
      await pagefind.init();
    }
    const found = await pagefind.search(text);
    const first = await Promise.all(found.results.slice(0, +shown).map((result) => result.data()));
    const own = index % fresh === 0;
    answers.push({ pages: first.map((page) => page.url), bytes: own ? bytes + script.length : null, compressed: own ? bytes + scriptCompressed : null, milliseconds: Date.now() - before });
  }
  process.stdout.write(JSON.stringify(answers));
})();
