// Testers of other people's making, run against a served site: afdocs, Vercel's audit, llms-txt-check and Lighthouse.
import fs from "node:fs";
import path from "node:path";
import { spawn } from "node:child_process";
import { TOOLS } from "./lib/tools.mjs";

const MODULES = path.join(TOOLS, "node_modules");

/** Each: name, and `run(url)` -> { score, goal, ok, faults, note }. */
export const TESTERS = [
  { name: "afdocs 0.22.2, all pages", run: afdocs },
  { name: "Vercel agent-readability 0.5.1", run: vercel },
  { name: "llms-txt-check 0.1.5", run: check },
  { name: "Lighthouse 13.5, agentic browsing", run: lighthouse },
];

/** Runs a program of Node's and gives what it prints. */
function node(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: TOOLS, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const out = [];
    const err = [];
    child.stdout.on("data", (data) => out.push(data));
    child.stderr.on("data", (data) => err.push(data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text: Buffer.concat(out).toString(), error: Buffer.concat(err).toString() }));
  });
}

function json(answer, who) {
  try {
    return JSON.parse(answer.text.slice(answer.text.indexOf("{")));
  } catch {
    throw new Error(`${who} printed no JSON: ${answer.text.slice(0, 300)}${answer.error.slice(0, 600)}`);
  }
}

async function afdocs(url) {
  const options = ["--sampling", "deterministic", "--max-links", "100000", "--request-delay", "0", "--max-concurrency", "16"];
  const report = json(await node([path.join(MODULES, ".bin/afdocs"), "check", url, "--format", "json", "--score", ...options]), "afdocs");
  const said = report.results.filter((result) => ["fail", "warn", "error"].includes(result.status));
  const score = report.score?.overall ?? report.scoring?.overall ?? report.overall;
  const passed = report.results.filter((result) => result.status === "pass").length;
  return {
    score: score ?? `${passed} checks`, goal: "100, no warning", ok: said.length === 0 && passed > 0 && (score === undefined || score === 100),
    faults: said.map((result) => `${result.id}: ${result.status}: ${result.message ?? ""}`), note: `${passed} checks pass`,
  };
}

async function vercel(url, { vercel: least }) {
  const report = json(await node([path.join(MODULES, "@vercel/agent-readability/dist/cli/index.cjs"), "audit", url.replace("localhost", "127.0.0.1"), "--json"]), "Vercel's audit");
  const failed = Object.values(report.categories).flatMap((category) => category.checks).filter((it) => !it.passed && !it.skipped);
  return { score: report.score, goal: `${least} of 100`, ok: report.score >= Number(least), faults: failed.map((it) => `${it.name} (${it.tier}): ${it.detail ?? ""}`), note: "a missing page is an honest 404" };
}

async function check(url) {
  const answer = await node([path.join(MODULES, ".bin/llms-txt-check"), url, "--json"]);
  const report = json(answer, "llms-txt-check");
  const faults = [...(report.failures ?? []), ...(report.issues ?? [])].map((it) => JSON.stringify(it));
  return { score: answer.code === 0 ? "healthy" : "problems", goal: "clean", ok: answer.code === 0 && faults.length === 0, faults, note: `${report.checked?.length ?? report.checked ?? 0} addresses` };
}

async function lighthouse(url) {
  const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) => fs.existsSync(file));
  const flags = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-component-update";
  const args = [path.join(MODULES, "lighthouse/cli/index.js"), url, "--quiet", "--output=json", "--only-categories=agentic-browsing", `--chrome-flags=${flags}`];
  const report = json(await node(args, { CHROME_PATH: chromium }), "Lighthouse");
  const category = report.categories["agentic-browsing"];
  const low = category.auditRefs.map((ref) => report.audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 1);
  return { score: category.score, goal: "1", ok: category.score === 1, faults: low.map((audit) => `${audit.id}: ${audit.displayValue ?? audit.title}`), note: "the home page" };
}
