// ---- a request in, an answer out; `ask` gets a file of the site by its address ----

async function answer(request, ask) {
  const url = new URL(request.url);
  let path;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return ask(url.pathname);
  }
  if (path + "/" === site.plainBase) return moved(site.base);
  if (!path.startsWith(site.plainBase)) return ask(url.pathname);
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response("method not allowed\n", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  const inside = path.slice(site.plainBase.length);
  const route = routeOf(inside);
  if (has(site.redirects, route)) return moved(site.redirects[route]);
  const accept = request.headers.get("accept") || "";
  const wants = wantsMarkdown(accept);
  let response;
  if (MARKDOWN.test(route)) {
    response = await ask(site.base + encoded(route));
    if (isThere(response)) return markdown(request, response, "");
    return missing(request, ask, wants || weight(accept, "text/html") < 0);
  }
  if (isFile(inside)) {
    response = await ask(url.pathname);
    if (isThere(response)) return file(request, response, inside);
    return missing(request, ask, wants);
  }
  if (wants && site.plain.indexOf(route) < 0) {
    response = await ask(markdownAddress(route));
    if (isThere(response)) return markdown(request, response, markdownAddress(route));
  }
  response = route === "404" ? null : await ask(pageAddress(route));
  if (response && isThere(response)) return page(request, response, route);
  if (!inside.endsWith("/") && inside !== "") {
    response = await ask(url.pathname);
    if (isThere(response)) return file(request, response, inside);
  }
  return missing(request, ask, wants);
}

function isThere(response) {
  return response.status === 200 || response.status === 304;
}

function moved(to) {
  return new Response("moved\n", {
    status: 301,
    headers: { location: to, "cache-control": "max-age=300, must-revalidate", "content-type": "text/plain; charset=utf-8" },
  });
}

function made(request, response, body, status, headers) {
  const all = new Headers(response.headers);
  for (const name of ["link", "vary", "x-robots-tag", "content-location", "x-markdown-tokens", "content-length"]) all.delete(name);
  all.set("x-content-type-options", "nosniff");
  if (site.noindex) all.set("x-robots-tag", "noindex");
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  const isEmpty = request.method === "HEAD" || status === 304;
  return new Response(isEmpty ? null : body, { status, headers: all });
}

function file(request, response, inside) {
  const type = has(site.types, ending(inside)) ? site.types[ending(inside)] : "application/octet-stream";
  const headers = { "content-type": type, "cache-control": cacheOf(inside) };
  if (site.packed.includes(type.split(";")[0])) headers.vary = "Accept-Encoding";
  return made(request, response, response.body, response.status, headers);
}

function page(request, response, route) {
  return made(request, response, response.body, response.status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "max-age=300, must-revalidate",
    vary: "Accept, Accept-Encoding",
    link: linksOf(route),
  });
}

// A page's Markdown says itself how long it is and which page it belongs to.
async function markdown(request, response, place) {
  const text = response.status === 200 ? await response.text() : "";
  const head = text.startsWith("---\n") ? text.slice(4).split("\n---\n")[0].split("\n") : [];
  const line = (key) => (head.find((line) => line.startsWith(key + ": ")) || "").slice(key.length + 2);
  const headers = {
    "content-type": "text/markdown; charset=utf-8",
    "cache-control": "max-age=300, must-revalidate",
    vary: place ? "Accept, Accept-Encoding" : "Accept-Encoding",
    "x-robots-tag": "noindex",
  };
  const canonical = line("canonical_url").replace(/^"|"$/g, "");
  if (/^https?:\/\/[!-~]+$/.test(canonical)) headers.link = "<" + canonical + '>; rel="canonical"';
  if (/^[0-9]+$/.test(line("tokens"))) headers["x-markdown-tokens"] = line("tokens");
  if (place) headers["content-location"] = place;
  return made(request, response, text, response.status, headers);
}

async function missing(request, ask, isMarkdown) {
  const headers = { "cache-control": "max-age=300, must-revalidate", vary: "Accept, Accept-Encoding" };
  if (isMarkdown) {
    headers["content-type"] = "text/markdown; charset=utf-8";
    headers["x-robots-tag"] = "noindex";
    return made(request, new Response(null), site.missing, 404, headers);
  }
  const response = await ask(site.base + MISSING_PAGE, true);
  headers["content-type"] = "text/html; charset=utf-8";
  const answer = made(request, response, response.body, 404, headers);
  answer.headers.delete("etag");
  answer.headers.delete("last-modified");
  return answer;
}
