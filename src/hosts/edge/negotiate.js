// ---- which form an Accept header asks for, and what an address means ----

const MARKDOWN = /\.md$/;

function trimmed(text) {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}

// The weight of the first well-formed entry for a media range, in thousandths; -1 where there is none.
function weight(accept, range) {
  const entries = accept.split(",");
  for (let i = 0; i < entries.length; i++) {
    const parts = entries[i].split(";").map(trimmed);
    if (parts[0].toLowerCase() !== range) continue;
    let found = 1000;
    for (let j = 1; j < parts.length; j++) {
      if (/^q=/i.test(parts[j])) {
        const text = parts[j].slice(2);
        found = /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Math.round(parseFloat(text) * 1000) : -1;
        break;
      }
      if (/^q(?:[ \t]|$)/i.test(parts[j])) {
        found = -1;
        break;
      }
    }
    if (found >= 0) return found;
  }
  return -1;
}

// Markdown is listed by name, with a weight above zero that is at least that of HTML: a name beats text/*, that */*.
function wantsMarkdown(accept) {
  let html = weight(accept, "text/html");
  if (html < 0) html = weight(accept, "text/*");
  if (html < 0) html = weight(accept, "*/*");
  const markdown = weight(accept, "text/markdown");
  return markdown > 0 && markdown >= html;
}

// One name for a/b, a/b/, a/b.html and a/b/index.html; a/b.md for a/b/index.md.
function routeOf(inside) {
  const path = inside.replace(/\/$/, "");
  if (/\/index\.md$/.test(path)) return path.slice(0, -9) + ".md";
  if (!/\.html$/.test(path)) return path;
  const stem = path.slice(0, -5);
  if (stem === "index") return "";
  return stem.replace(/\/index$/, "");
}

// As the site writes addresses.
function encoded(path) {
  return encodeURIComponent(path).replace(/%(2F|40|3A|24|26|2B|2C|3B|3D)/g, function (code) {
    return decodeURIComponent(code);
  }).replace(/[()]/g, function (letter) {
    return letter === "(" ? "%28" : "%29";
  });
}

function has(table, name) {
  return Object.prototype.hasOwnProperty.call(table, name);
}

function ending(path) {
  const found = /\.([a-z0-9]+)$/i.exec(path);
  return found ? found[1].toLowerCase() : "";
}

// Whether an address means a file: it ends as one does, and no page is called so.
function isFile(inside) {
  return has(site.types, ending(inside)) && !/\.html$/.test(inside) && site.dotted.indexOf(inside) < 0;
}

function pageAddress(route) {
  return site.base + encoded(route) + (route === "" ? "" : site.slash);
}

function markdownAddress(route) {
  return site.base + (route === "" ? "index.md" : encoded(route) + ".md");
}

function cacheOf(inside) {
  const isImmutable = inside.indexOf(site.pieces) === 0 || site.immutable.indexOf(inside) >= 0;
  return isImmutable ? "public, max-age=31536000, immutable" : "max-age=300, must-revalidate";
}

// What a page's HTML says of itself.
function linksOf(route) {
  const isListed = site.plain.indexOf(route) < 0;
  const canonical = "<" + site.origin + pageAddress(route) + '>; rel="canonical"';
  const index = site.base + (isListed && route !== "" ? encoded(route) + "/llms.txt" : "llms.txt");
  const described = "<" + index + '>; rel="describedby"; type="text/plain"';
  if (!isListed) return described + ", " + canonical;
  return "<" + markdownAddress(route) + '>; rel="alternate"; type="text/markdown", ' + described + ", " + canonical;
}
