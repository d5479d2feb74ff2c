// The scorecard: builds a site twice, serves it, runs other people's testers and our fidelity rows, and prints the table.
//
//   node scorecard.mjs [--binary PATH] [--markdown] [--rows-only | --judge-rows] [--most N] [--vercel SCORE] [SITE]
//
// `--markdown` prints a table to commit, `--most` says how many faults of a row are told, `--vercel` from which score on its audit is
// passed; with `--judge-rows` the testers are run and their verdicts printed, but only rows make it fail. SITE is the folder of a `book.toml`; without it, the site that ships with Waypost. The exit code is 1 if anything fails.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { spawn, spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { fidelity } from "./fidelity.mjs";
import { PROJECT } from "./lib/tools.mjs";
import { BUILDS_ROW, digests, same } from "./rows/builds.mjs";
import { HTTP_ROW, negotiation } from "./rows/http.mjs";
import { TESTERS } from "./testers.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { binary: { type: "string" }, markdown: { type: "boolean" }, "rows-only": { type: "boolean" }, "judge-rows": { type: "boolean" }, most: { type: "string", default: "8" }, vercel: { type: "string", default: "97" } },
});
const site = path.resolve(positionals[0] ?? PROJECT);
const binary = values.binary ?? ["release", "debug"].map((kind) => path.join(PROJECT, "target", kind, "waypost")).find((file) => fs.existsSync(file));
if (!binary) throw new Error("no binary: run `cargo build --release`, or name one with --binary");
const work = fs.mkdtempSync(path.join(os.tmpdir(), "scorecard-"));
const started = Date.now();
let server;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    clear();
    process.exit(1);
  });
}
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  clear();
}

function clear() {
  server?.child.kill();
  fs.rmSync(work, { recursive: true, force: true });
}

async function run() {
  // The first of two builds is gone before the second is made: large sites take their room once.
  const once = build(path.join(work, "once"));
  const first = digests(once);
  fs.rmSync(once, { recursive: true });
  const again = build(path.join(work, "again"));
  const { rows, site: built } = await fidelity(again, { source: site });
  rows.set(14, { name: BUILDS_ROW.name, excused: 0, ...same(first, digests(again)) });
  fs.rmSync(again, { recursive: true });
  server = await serve();
  const page = built.pages.find((page) => page.route.includes("/")) ?? built.pages[0];
  const address = new URL(new URL(page.url).pathname, server.url).href;
  rows.set(13, { name: HTTP_ROW.name, excused: 0, ...(await negotiation(address)) });
  const results = [];
  for (const tester of values["rows-only"] ? [] : TESTERS) {
    console.error(`${tester.name} …`);
    results.push({ name: tester.name, told: values["judge-rows"], ...(await timed(() => tester.run(server.url, values))) });
  }
  for (const number of [...rows.keys()].sort((a, b) => a - b)) {
    const { name, examined, faults, excused, note } = rows.get(number);
    const notes = [`${examined.toLocaleString("en")} examined`, excused ? `${excused} broken by their authors` : "", note].filter(Boolean);
    results.push({ name: `${number}. ${name}`, score: faults.length === 0 ? "holds" : `${faults.length} faults`, goal: "holds", ok: faults.length === 0, faults, note: notes.join("; ") });
  }
  print(results, built.pages.length);
  return results.every((result) => result.ok || result.told);
}

function build(out) {
  const done = spawnSync(binary, ["build", "--quiet", "--color", "never", "--out", out, site], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`the site does not build:\n${done.stderr.slice(-3000)}`);
  return out;
}

/** The preview server, on a port of its own. */
function serve() {
  const child = spawn(binary, ["serve", "--port", "0", site], { stdio: ["ignore", "ignore", "pipe"] });
  return new Promise((resolve, reject) => {
    let seen = "";
    child.stderr.on("data", (data) => {
      seen += data;
      const url = /serving at (\S+)/.exec(seen)?.[1];
      if (url) resolve({ child, url });
    });
    child.on("close", () => reject(new Error(`the server ended:\n${seen.slice(-2000)}`)));
  });
}

async function timed(work) {
  const begun = Date.now();
  const result = await work();
  return { ...result, note: [result.note, `${((Date.now() - begun) / 1000).toFixed(0)} s`].filter(Boolean).join("; ") };
}

function print(results, pages) {
  const table = [["", "Result", "Goal", "Notes"], ...results.map((it) => [it.name, `${it.ok ? "" : "✗ "}${it.score}`, it.goal, it.note])];
  console.log(`${pages} pages, ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  if (values.markdown) {
    const [head, ...body] = table.map((row) => `| ${row.join(" | ")} |`);
    console.log([head, "| --- | --- | --- | --- |", ...body].join("\n"));
  } else {
    const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => String(row[column]).length)));
    for (const row of table) console.log(row.map((cell, column) => String(cell).padEnd(widths[column] ?? 0)).join("  ").trimEnd());
  }
  for (const it of results.filter((it) => it.faults.length > 0)) {
    console.log(`\n${it.name}${it.ok ? " (said, and not held against the site)" : ""}`);
    for (const fault of it.faults.slice(0, Number(values.most))) console.log(`  ${fault}`);
    if (it.faults.length > Number(values.most)) console.log(`  … and ${it.faults.length - Number(values.most)} more`);
  }
}
