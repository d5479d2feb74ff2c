// Rules for Netlify, made by `waypost host netlify`: this file is netlify/edge-functions/waypost.js of the project; make it
// anew after each build.
//
@limits@
const site = JSON.parse(@site@);
const MISSING_PAGE = "404.html";
// A request of this function's own is not looked at again.
const OWN = "x-waypost-own";

@code@
export default async function (request, context) {
  if (request.headers.has(OWN)) return context.next({ sendConditionalRequest: true });
  const ask = (address, isWhole) => {
    const headers = new Headers(request.headers);
    headers.set(OWN, "1");
    headers.delete("range");
    if (isWhole) headers.delete("if-none-match");
    return fetch(new URL(address, request.url), { headers, redirect: "manual" });
  };
  return answer(request, ask);
}

export const config = { path: @path@, excludedPath: @excluded@ };
