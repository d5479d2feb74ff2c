// A small server that answers for one page as the HTTP rules ask, and the ways in which servers get them wrong: row 13 must
// hold of the first and fail of each other. It shares no code with the preview server.
import http from "node:http";

const BODIES = { html: "<!doctype html><title>A</title><p>A page.</p>", markdown: "# A\n\nA page.\n" };

/** The media types of an Accept header with their weights; what cannot be read is not there. */
function ranges(accept) {
  const found = accept.split(",").map((item) => {
    const [type, ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, "") ?? "1";
    return [type, /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : undefined];
  });
  return new Map(found.filter(([type, weight]) => type !== "" && weight !== undefined));
}

function weighed(accept) {
  const given = ranges(accept);
  const markdown = given.get("text/markdown") ?? 0;
  const html = given.get("text/html") ?? given.get("text/*") ?? given.get("*/*") ?? 0;
  return markdown > 0 && markdown >= html ? "markdown" : "html";
}

/** Right in everything; each wrong server replaces a part. */
const RIGHT = {
  choose: weighed,
  type: (form) => `text/${form}; charset=utf-8`,
  vary: () => "Accept",
  tag: (form) => `"${form}"`,
  location: (form) => (form === "markdown" ? "/a.md" : undefined),
  body: (form) => BODIES[form],
  head: (headers) => headers,
  status: () => 200,
  unchanged: (asked, tag) => asked !== undefined && asked === tag,
};

let answers = 0;
/** [what is wrong, what replaces the right part, what every fault that is found must say] */
export const WRONG = [
  ["no Vary", { vary: () => undefined }, /Vary/],
  ["Vary that names the encoding alone", { vary: () => "Accept-Encoding" }, /Vary/],
  ["Vary on the Markdown alone", { vary: (form) => (form === "markdown" ? "Accept" : undefined) }, /Vary/],
  ["one ETag of both forms", { tag: () => '"a"' }, /one ETag/],
  ["weak ETags", { tag: (form) => `W/"${form}"` }, /strong ETag/],
  ["no ETag", { tag: () => undefined }, /ETag/],
  ["another ETag each time", { tag: (form) => `"${form}-${(answers += 1)}"` }, /etag/i],
  ["Markdown for browsers", { choose: () => "markdown" }, /not html/],
  ["HTML for everybody", { choose: () => "html" }, /not markdown|Content-Location/],
  ["weights that are not read", { choose: (accept) => (ranges(accept).has("text/markdown") ? "markdown" : "html") }, /not html/],
  ["a weight of 0 taken for consent", { choose: (accept) => weighed(accept.replace(/;\s*q\s*=\s*0(\.0+)?(?=\s*(,|$))/g, ";q=1")) }, /not html/],
  ["Markdown for whoever takes anything", { choose: (accept) => (/^$|^\*\/\*/.test(accept) ? "markdown" : weighed(accept)) }, /not html/],
  ["HTML where both weigh the same", { choose: (accept) => ((ranges(accept).get("text/html") ?? 0) === (ranges(accept).get("text/markdown") ?? 0) ? "html" : weighed(accept)) }, /not markdown|Content-Location/],
  ["the first of the list", { choose: (accept) => (/^\s*text\/markdown/i.test(accept) ? weighed(accept) : "html") }, /not markdown|Content-Location/],
  ["types compared with their case", { choose: (accept) => (accept.includes("text/markdown") ? weighed(accept) : "html") }, /not markdown|Content-Location/],
  ["no charset", { type: (form) => `text/${form}` }, /came, not/],
  ["Markdown as plain text", { type: (form) => (form === "html" ? "text/html; charset=utf-8" : "text/plain; charset=utf-8") }, /text\/plain/],
  ["HTML that says it is Markdown", { body: () => BODIES.html }, /body/],
  ["no Content-Location", { location: () => undefined }, /Content-Location/],
  ["a redirect to the Markdown", { status: (form) => (form === "markdown" ? 302 : 200) }, /302/],
  ["HEAD without an ETag", { head: ({ etag, ...others }) => others }, /HEAD/],
  ["HEAD always of the HTML", { head: (headers) => ({ ...headers, "content-type": "text/html; charset=utf-8", etag: '"html"' }) }, /HEAD/],
  ["never 304", { unchanged: () => false }, /200 to its own/],
  ["304 to any condition", { unchanged: (asked) => asked !== undefined }, /304 to/],
];

/** Runs `work` with the address of a server that is right but for `replaced`. */
export async function serving(replaced, work) {
  const parts = { ...RIGHT, ...replaced };
  const server = http.createServer((request, response) => {
    const form = parts.choose(request.headers.accept ?? "");
    const all = { "content-type": parts.type(form), vary: parts.vary(form), etag: parts.tag(form), "content-location": parts.location(form) };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    const unchanged = parts.unchanged(request.headers["if-none-match"], given.etag);
    response.writeHead(unchanged ? 304 : parts.status(form), request.method === "HEAD" ? parts.head(given) : given);
    response.end(request.method === "HEAD" || unchanged ? undefined : parts.body(form));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${server.address().port}/a`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
