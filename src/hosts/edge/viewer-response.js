// Rules for CloudFront, made by `waypost host s3`: a function for viewer responses, runtime cloudfront-js-2.0. At most 10 KB.
//
@limits@
const site = JSON.parse(@site@);

@code@
function handler(event) {
  const response = event.response;
  const headers = response.headers;
  let path;
  try {
    path = decodeURIComponent(event.request.uri);
  } catch (error) {
    return response;
  }
  if (path.indexOf(site.plainBase) !== 0 || response.statusCode >= 400) return response;
  const inside = path.slice(site.plainBase.length);
  const route = routeOf(inside);
  headers["x-content-type-options"] = { value: "nosniff" };
  headers["cache-control"] = { value: cacheOf(inside) };
  if (site.noindex) headers["x-robots-tag"] = { value: "noindex" };
  if (MARKDOWN.test(route)) {
    headers["x-robots-tag"] = { value: "noindex" };
    headers.vary = { value: "Accept, Accept-Encoding" };
    headers["content-location"] = { value: site.base + encoded(route) };
    const page = pageOf(route);
    if (page !== null) headers.link = { value: "<" + site.origin + pageAddress(page) + '>; rel="canonical"' };
  } else if (/\.html$/.test(inside)) {
    headers.vary = { value: "Accept, Accept-Encoding" };
    headers.link = { value: linksOf(route) };
  } else if (has(site.types, ending(inside)) && /^text|json|xml|wasm/.test(site.types[ending(inside)])) {
    headers.vary = { value: "Accept-Encoding" };
  }
  return response;
}

// The page that a Markdown file belongs to. A second dot is that of a variant, unless the page has it itself; null where
// that is not known.
function pageOf(markdown) {
  if (site.alone.indexOf(markdown) >= 0) return null;
  let page = markdown.slice(0, -3);
  const dot = /\.[^./]*$/.exec(page);
  if (dot) {
    if (site.odd === null) return null;
    if (site.odd.indexOf(page) < 0) page = page.slice(0, dot.index);
  }
  return page === "index" ? "" : page;
}
