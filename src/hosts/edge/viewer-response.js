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
    const page = route === "index.md" ? "" : route.slice(0, -3);
    headers["x-robots-tag"] = { value: "noindex" };
    headers.vary = { value: "Accept, Accept-Encoding" };
    headers["content-location"] = { value: site.base + encoded(route) };
    // A second dot: a variant, which names its page itself.
    if (site.alone.indexOf(route) < 0 && !/\.[^/]*\.md$/.test(route)) headers.link = { value: "<" + site.origin + pageAddress(page) + '>; rel="canonical"' };
  } else if (/\.html$/.test(inside)) {
    headers.vary = { value: "Accept, Accept-Encoding" };
    headers.link = { value: linksOf(route) };
  } else if (has(site.types, ending(inside)) && /^text|json|xml|wasm/.test(site.types[ending(inside)])) {
    headers.vary = { value: "Accept-Encoding" };
  }
  return response;
}
