// A host that is played: files of a folder served as that host serves them, with the code of a pack before them.
//
//   node edge.mjs HOST PACK WWW BASE slash|none

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const [host, pack, www, base, slash] = process.argv.slice(2);
const KINDS = { html: "text/html", css: "text/css", js: "application/javascript", png: "image/png", json: "application/json" };

function read(path) {
  try {
    const whole = join(www, path);
    return !whole.startsWith(www) ? null : statSync(whole).isFile() ? readFileSync(whole) : null;
  } catch {
    return null;
  }
}

function plain(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return "/\0";
  }
}

function send(request, path, bytes, status = 200) {
  const kind = KINDS[path.split(".").pop()] || "application/octet-stream";
  const etag = '"' + createHash("sha1").update(bytes).digest("hex") + '"';
  const headers = { "content-type": kind, etag, "cache-control": "public, max-age=0, must-revalidate" };
  const known = (request.headers.get("if-none-match") || "").split(",").map((tag) => tag.trim().replace(/^W\//, "").replace('-gzip"', '"'));
  if (status === 200 && (known.includes(etag) || known.includes("*"))) return new Response(null, { status: 304, headers });
  return new Response(bytes, { status, headers });
}

const to = (location) => new Response(null, { status: 308, headers: { location } });

// Files as Netlify, Cloudflare Pages and Vercel serve them: an index for a folder, and redirects to the one address that
// they think is right.
function files(request) {
  const url = new URL(request.url);
  const path = plain(url.pathname);
  const leavesOut = host === "cloudflare" || (host === "vercel" && slash === "none");
  if (leavesOut && path.endsWith("/index.html")) return to(url.pathname.slice(0, -10));
  if (leavesOut && path.endsWith(".html")) return to(url.pathname.slice(0, -5));
  const bytes = path.endsWith("/") ? null : read(path);
  if (bytes) return withRules(send(request, path, bytes), url.pathname);
  const index = read(path.replace(/\/?$/, "/index.html"));
  if (index && !path.endsWith("/")) return to(url.pathname + "/");
  if (index) return send(request, "index.html", index);
  const html = path.endsWith("/") ? null : read(path + ".html");
  if (html && (leavesOut || host === "netlify")) return send(request, "x.html", html);
  const missing = read("/404.html");
  return missing ? send(request, "404.html", missing, 404) : new Response("not found", { status: 404 });
}

// What a pack's rules for files say: `_headers`, or `vercel.json`.
function withRules(response, path) {
  const headers = new Headers(response.headers);
  if (host === "vercel") {
    for (const rule of JSON.parse(readFileSync(join(pack, "vercel.json"), "utf8")).headers) {
      const source = new RegExp("^" + rule.source.replace(/\./g, "\\.").replace(/\(\\\.\*\)/g, "(.*)") + "$");
      if (source.test(path)) for (const { key, value } of rule.headers) headers.set(key, value);
    }
  } else {
    let applies = false;
    for (const line of readFileSync(join(pack, "_headers"), "utf8").split("\n")) {
      if (line.startsWith("/")) applies = line.endsWith("*") ? path.startsWith(line.slice(0, -1)) : path === line;
      else if (applies && line.trim()) headers.set(...line.trim().split(/:\s*/, 2));
    }
  }
  return new Response(response.body, { status: response.status, headers });
}

async function load(file) {
  const text = readFileSync(join(pack, file), "utf8");
  return import("data:text/javascript;base64," + Buffer.from(text).toString("base64"));
}

// CloudFront's functions are scripts with a function `handler`.
function cloudfront(file) {
  const text = readFileSync(join(pack, file), "utf8");
  if (text.length > 10240) throw new Error(file + " is too large: " + text.length);
  return new Function(text + "\nreturn handler;")();
}

const matches = (glob, path) => (glob.endsWith("*") ? path.startsWith(glob.slice(0, -1)) : path === glob);
let handle;
if (host === "cloudflare") {
  const { onRequest } = await load("functions/_middleware.js");
  const env = { ASSETS: { fetch: async (request) => files(request) } };
  const { include, exclude } = JSON.parse(readFileSync(join(pack, "_routes.json"), "utf8"));
  if (include.length + exclude.length > 100) throw new Error("_routes.json has too many rules");
  handle = async (request) => {
    const path = new URL(request.url).pathname;
    if (!include.some((glob) => matches(glob, path)) || exclude.some((glob) => matches(glob, path))) return files(request);
    return onRequest({ request, env, next: async () => files(request) });
  };
} else if (host === "netlify") {
  const { default: run, config } = await load("netlify/edge-functions/waypost.js");
  handle = async (request) => {
    const path = new URL(request.url).pathname;
    if (![config.path].flat().some((glob) => matches(glob, path)) || config.excludedPath.some((glob) => matches(glob, path))) return files(request);
    return run(request, { next: async () => files(request) });
  };
} else if (host === "vercel") {
  const { default: run, config } = await load("middleware.js");
  handle = async (request) => {
    const path = new URL(request.url).pathname;
    if (!config.matcher.some((pattern) => new RegExp("^" + pattern + "$").test(path))) return files(request);
    const answer = await run(request);
    return answer.headers.has("x-middleware-next") ? files(request) : answer;
  };
} else {
  const before = cloudfront("waypost-viewer-request.js");
  const after = cloudfront("waypost-viewer-response.js");
  const types = [...readFileSync(join(pack, "waypost-upload.sh"), "utf8").matchAll(/^some '(.*?)'(.*)$/gm)];
  handle = async (request) => {
    const url = new URL(request.url);
    const headers = {};
    for (const [name, value] of request.headers) headers[name] = { value };
    const lines = request.lines.accept;
    if (lines && lines.length > 1) headers.accept = { value: lines[0], multiValue: lines.map((value) => ({ value })) };
    const event = { request: { method: request.method, uri: url.pathname, querystring: {}, headers, cookies: {} } };
    const asked = before(event);
    const flat = (headers) => Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value]));
    if (asked.statusCode) return new Response(null, { status: asked.statusCode, headers: flat(asked.headers) });
    const path = plain(asked.uri);
    const bytes = path.endsWith("/") ? null : read(path);
    if (!bytes) return new Response(read(plain(base) + "404.html"), { status: 404, headers: { "content-type": "text/html; charset=utf-8" } });
    const found = send(request, path, bytes);
    const kept = {};
    for (const [name, value] of found.headers) kept[name] = { value };
    const type = types.find(([, , rest]) => rest.includes(`'*.${path.split(".").pop()}'`));
    kept["content-type"] = { value: type ? type[1] : "application/octet-stream" };
    const sent = after({ request: asked, response: { statusCode: found.status, headers: kept } });
    return new Response(found.body, { status: found.status, headers: flat(sent.headers) });
  };
}
globalThis.fetch = (url, init) => handle(Object.assign(new Request(url, init), { lines: {} }));

const server = createServer(async (incoming, outgoing) => {
  try {
    const headers = new Headers();
    for (let i = 0; i < incoming.rawHeaders.length; i += 2) headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
    const init = { method: incoming.method, headers, duplex: "half" };
    const request = Object.assign(new Request("http://localhost:" + server.address().port + incoming.url, init), { lines: incoming.headersDistinct });
    const response = await handle(request);
    let body = Buffer.from(await response.arrayBuffer());
    const all = new Headers(response.headers);
    const packs = /^(text|application\/(json|xml|atom))/.test(all.get("content-type") || "") && /gzip/.test(headers.get("accept-encoding") || "");
    if (packs && body.length > 1024) {
      body = gzipSync(body);
      all.set("content-encoding", "gzip");
      if (all.has("etag")) all.set("etag", "W/" + all.get("etag"));
    }
    if (incoming.method !== "HEAD" && response.status !== 304) all.set("content-length", String(body.length));
    outgoing.writeHead(response.status, Object.fromEntries(all));
    outgoing.end(incoming.method === "HEAD" ? undefined : body);
  } catch (error) {
    console.error(error);
    outgoing.writeHead(500).end(String(error));
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
