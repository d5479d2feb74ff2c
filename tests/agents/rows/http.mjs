// Row 13: twenty Accept headers against the served site, from the committed table.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { PROJECT } from "../lib/tools.mjs";

// For each: the header (nothing: none is sent) and the form that must come. From tests/http/table.toml where that is there.
const HEADERS = [
  [undefined, "html"], ["", "html"], ["*/*", "html"], ["text/*", "html"], ["text/html", "html"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"], ["text/markdown", "markdown"],
  ["TEXT/Markdown", "markdown"], ["text/markdown, */*", "markdown"], ["text/markdown, text/html", "markdown"],
  ["text/html, text/markdown", "markdown"], ["text/markdown, text/html, */*", "markdown"],
  ["text/markdown;q=1.0, text/html;q=0.7, */*;q=0.1", "markdown"], ["text/html;q=0.5, text/markdown", "markdown"],
  ["text/markdown;q=0.1, text/html", "html"], ["text/markdown;q=0", "html"], ["text/markdown;q=0.5, text/*;q=0.6", "html"],
  ["text/markdown;q=0.5, text/html;q=0.4, */*", "markdown"], ["text/plain, text/markdown;charset=utf-8;q=0.9", "markdown"],
  ["text/markdown;q=high, nonsense", "html"],
];

export const HTTP_ROW = { name: "HTTP: twenty Accept headers" };

/** Asks for the page at `url` twenty times, and with HEAD and If-None-Match. */
export async function negotiation(url, headers = HEADERS) {
  const faults = [];
  const tags = { html: new Set(), markdown: new Set() };
  for (const [accept, form] of headers) {
    const name = accept === undefined ? "no Accept" : `Accept: ${accept}`;
    const given = accept === undefined ? {} : { accept };
    const answer = await ask("GET", url, given);
    const type = answer.headers["content-type"] ?? "";
    if (answer.status !== 200) faults.push(`${name}: status ${answer.status}`);
    if (type !== `text/${form}; charset=utf-8`) faults.push(`${name}: ${type} came, not ${form}`);
    if (!/\baccept\b/i.test((answer.headers.vary ?? "").replace(/accept-\w+/gi, ""))) faults.push(`${name}: Vary is ${answer.headers.vary}`);
    const tag = answer.headers.etag;
    if (!/^"[^"]+"$/.test(tag ?? "")) faults.push(`${name}: no strong ETag (${tag})`);
    tags[form].add(tag);
    const head = await ask("HEAD", url, given);
    for (const field of ["content-type", "etag", "vary"]) if (head.headers[field] !== answer.headers[field]) faults.push(`${name}: HEAD has another ${field}`);
    const again = await ask("GET", url, { ...given, "if-none-match": tag });
    if (again.status !== 304) faults.push(`${name}: ${again.status} to its own ETag`);
  }
  for (const [form, set] of Object.entries(tags)) if (set.size !== 1) faults.push(`${set.size} ETags of one ${form}`);
  if ([...tags.html].some((tag) => tags.markdown.has(tag))) faults.push("both forms have one ETag");
  return { examined: headers.length, faults, note: fs.existsSync(path.join(PROJECT, "tests/http/table.toml")) ? "tests/http/table.toml has more" : "" };
}

function ask(method, url, headers) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers }));
    });
    request.on("error", reject);
    request.end();
  });
}
