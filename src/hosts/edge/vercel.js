// Rules for Vercel, made by `waypost host vercel`: this file is middleware.js of the project; make it anew after each build.
//
@limits@
const site = JSON.parse(@site@);
const MISSING_PAGE = @missing-page@;
// A request of this function's own is not looked at again.
const OWN = "x-waypost-own";

@code@
export default async function middleware(request) {
  // What `next()` of @vercel/functions makes.
  if (request.headers.has(OWN)) return new Response(null, { headers: { "x-middleware-next": "1" } });
  const ask = (address, isWhole) => {
    const headers = new Headers(request.headers);
    headers.set(OWN, "1");
    headers.delete("range");
    if (isWhole) headers.delete("if-none-match");
    return fetch(new URL(address, request.url), { headers, redirect: "manual" });
  };
  return answer(request, ask);
}

export const config = { matcher: @matcher@ };
