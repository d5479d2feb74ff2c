// Rules for CloudFront, made by `waypost host s3`: a function for viewer requests, runtime cloudfront-js-2.0. At most 10 KB.
//
@limits@
const site = JSON.parse(@site@);

@code@
function handler(event) {
  const request = event.request;
  let path;
  try {
    path = decodeURIComponent(request.uri);
  } catch (error) {
    return request;
  }
  if (path + "/" === site.plainBase) return moved(site.base);
  if (path.indexOf(site.plainBase) !== 0) return request;
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { statusCode: 405, statusDescription: "Method Not Allowed", headers: { allow: { value: "GET, HEAD" } } };
  }
  const inside = path.slice(site.plainBase.length);
  const route = routeOf(inside);
  if (has(site.redirects, route)) return moved(site.redirects[route]);
  if (MARKDOWN.test(route)) {
    request.uri = site.base + encoded(route);
    return request;
  }
  if (isFile(inside)) return request;
  const lines = request.headers.accept;
  const values = lines ? (lines.multiValue || [lines]).map(function (line) { return line.value; }) : [];
  if (wantsMarkdown(values.join(", ")) && site.plain.indexOf(route) < 0) {
    request.uri = markdownAddress(route);
  } else {
    request.uri = site.base + (route === "" ? "index.html" : encoded(route) + site.html);
  }
  return request;
}

function moved(to) {
  return {
    statusCode: 301,
    statusDescription: "Moved Permanently",
    headers: { location: { value: to }, "cache-control": { value: "max-age=300, must-revalidate" } },
  };
}
