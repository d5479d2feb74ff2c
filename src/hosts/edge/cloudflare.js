// Rules for Cloudflare Pages, made by `waypost host cloudflare`: this file is functions/_middleware.js of the project;
// make it anew after each build.
//
@limits@
const site = JSON.parse(@site@);
// Pages leaves `.html` out of addresses.
const MISSING_PAGE = "404";

@code@
export async function onRequest({ request, env }) {
  const ask = (address, isWhole) => {
    const headers = new Headers(request.headers);
    headers.delete("range");
    if (isWhole) headers.delete("if-none-match");
    return env.ASSETS.fetch(new Request(new URL(address, request.url), { headers, redirect: "manual" }));
  };
  return answer(request, ask);
}
