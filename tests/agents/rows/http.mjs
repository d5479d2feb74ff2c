// Row 13: the Accept headers of the committed table against a served page.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { PROJECT } from "../lib/tools.mjs";

export const HTTP_ROW = { name: "HTTP: the Accept headers of tests/http/table.toml" };

/** How many headers the table has at least. */
const LEAST = 20;

/** Of each header of the table: its lines (none: it is not sent), and the form that must come. */
export const HEADERS = table(path.join(PROJECT, "tests/http/table.toml"));

function table(file) {
  // What is read of it is JSON as well as TOML: lists of strings, and strings.
  const parts = fs.readFileSync(file, "utf8").split(/^\[\[(\w+)\]\]$/m).slice(1);
  const found = [];
  for (let at = 0; at < parts.length; at += 2) {
    if (parts[at] !== "accept") continue;
    const value = (key) => JSON.parse(new RegExp(`^${key} = (.*)$`, "m").exec(parts[at + 1])?.[1] ?? "null");
    const form = /^text\/(html|markdown); charset=utf-8$/.exec(value("type"))?.[1];
    if (!form) throw new Error(`${file}: a header without the type that must come: ${parts[at + 1]}`);
    found.push([value("accept") ?? [], form]);
  }
  if (found.length < LEAST) throw new Error(`${file}: ${found.length} headers, ${LEAST} are asked for`);
  return found;
}

/** Asks for the page at `url` with each header: by GET, by HEAD, and on the condition that the answer is another one. */
export async function negotiation(url) {
  const faults = [];
  const tags = { html: new Set(), markdown: new Set() };
  for (const [lines, form] of HEADERS) {
    const name = lines.length === 0 ? "no Accept" : `Accept: ${lines.join(" and ")}`;
    const given = lines.length === 0 ? {} : { accept: lines };
    const answer = await ask("GET", url, given);
    const { "content-type": type = "", vary = "", etag: tag } = answer.headers;
    if (answer.status !== 200) faults.push(`${name}: status ${answer.status}`);
    if (type !== `text/${form}; charset=utf-8`) faults.push(`${name}: ${type} came, not ${form}`);
    if (/^\s*<!doctype html/i.test(answer.body) !== (form === "html")) faults.push(`${name}: the body is not ${form}`);
    if (!vary.split(",").some((field) => field.trim().toLowerCase() === "accept")) faults.push(`${name}: Vary is ${vary || "not there"}`);
    if (!/^"[^"]+"$/.test(tag ?? "")) faults.push(`${name}: no strong ETag (${tag})`);
    if (form === "markdown" && !/\.md$/.test(answer.headers["content-location"] ?? "")) faults.push(`${name}: Content-Location is ${answer.headers["content-location"]}`);
    if (tag) tags[type.startsWith("text/html") ? "html" : "markdown"].add(tag);
    const head = await ask("HEAD", url, given);
    if (head.status !== answer.status) faults.push(`${name}: HEAD has status ${head.status}`);
    for (const field of ["content-type", "etag", "vary"]) if (head.headers[field] !== answer.headers[field]) faults.push(`${name}: HEAD has another ${field}`);
    const again = await ask("GET", url, { ...given, "if-none-match": tag ?? '"none"' });
    if (again.status !== 304) faults.push(`${name}: ${again.status} to its own ETag`);
    const other = await ask("GET", url, { ...given, "if-none-match": '"another"' });
    if (other.status !== 200) faults.push(`${name}: ${other.status} to the ETag of something else`);
  }
  for (const [form, set] of Object.entries(tags)) if (set.size > 1) faults.push(`${set.size} ETags of one ${form}`);
  if ([...tags.html].some((tag) => tags.markdown.has(tag))) faults.push("both forms have one ETag");
  return { examined: HEADERS.length, faults, note: "by GET, HEAD and on condition" };
}

function ask(method, url, headers) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers }, (answer) => {
      const body = [];
      answer.on("data", (data) => body.push(data));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(body).toString() }));
    });
    request.on("error", reject);
    request.end();
  });
}
