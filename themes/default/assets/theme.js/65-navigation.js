// Between pages: the next one is fetched before it is asked for, and a page that one comes back to stands as it was left.
(function () {
  "use strict";
  var root = waypost.root, all = waypost.all, one = waypost.one;
  var store;
  try { store = sessionStorage; } catch (_) { store = {}; }

  // The page of this site that a link leads to, without its fragment; nothing for other hosts, files, Markdown and this page.
  waypost.leads = function (link) {
    if (!link || link.origin !== location.origin || !/^http/.test(link.protocol) || link.target || link.hasAttribute("download")) return "";
    if (/\.(?!html$)\w+$/.test(link.pathname)) return "";
    var page = link.href.split("#")[0];
    return page === location.href.split("#")[0] ? "" : page;
  };

  // Intent is a pointer that rests, a finger that touches, a focus that stays. Speculation rules ask as a navigation
  // does, so that what comes can be used; where a browser has none, a prefetch link is the next best.
  var saves = navigator.connection && (navigator.connection.saveData || /2g/.test(navigator.connection.effectiveType));
  var fetched = {}, intent;
  function prefetch(page) {
    if (fetched[page]) return;
    fetched[page] = true;
    var rules = HTMLScriptElement.supports && HTMLScriptElement.supports("speculationrules");
    var hint = document.createElement(rules ? "script" : "link");
    if (rules) {
      hint.type = "speculationrules";
      hint.textContent = JSON.stringify({ prefetch: [{ urls: [page] }] });
    } else {
      hint.rel = "prefetch";
      hint.href = page;
    }
    document.head.append(hint);
  }
  function intend(event) {
    clearTimeout(intent);
    var page = event.target.closest && waypost.leads(event.target.closest("a[href]"));
    if (page) intent = setTimeout(prefetch, event.type === "touchstart" ? 0 : 60, page);
  }
  if (!saves) ["pointerover", "touchstart", "focusin"].forEach(function (type) {
    document.addEventListener(type, intend, { passive: true });
  });

  // What is open is kept with the place, because the browser's own memory of a place fits the page as it was.
  // Both are needed only where the browser could not keep the whole page.
  var here = "page:" + location.pathname;
  var closable = all("main details:not(.actions *)"), groups = all(".tabs");
  var sidebar = one(".sidebar");
  addEventListener("pagehide", function () {
    all("details[name=menu]").forEach(function (menu) { menu.open = false; });
    try {
      store[here] = JSON.stringify({
        y: scrollY,
        open: closable.map(function (it) { return it.open; }),
        tabs: groups.map(function (group) { return waypost.tabs(group).findIndex(function (tab) { return tab.ariaSelected === "true"; }); })
      });
      if (sidebar) store.sidebar = JSON.stringify({ top: sidebar.scrollTop, to: followed && followed.pathname, y: followed && followed.getBoundingClientRect().top - sidebar.getBoundingClientRect().top });
    } catch (_) { /* full or forbidden: nothing is kept */ }
  });
  // An entry that was followed stays under the pointer: the inline script after the sidebar puts it there.
  var followed;
  if (sidebar) sidebar.addEventListener("click", function (event) { followed = event.target.closest("a"); });

  var way = performance.getEntriesByType("navigation")[0];
  var left;
  try { left = way && /reload|back_forward/.test(way.type) && JSON.parse(store[here]); } catch (_) { /* never left */ }
  if (left && left.open.length === closable.length && left.tabs.length === groups.length) {
    closable.forEach(function (it, i) { it.open = left.open[i]; });
    groups.forEach(function (group, i) {
      var tab = waypost.tabs(group)[left.tabs[i]];
      if (tab && tab.ariaSelected !== "true") waypost.show(group, tab);
    });
    if (Math.abs(scrollY - left.y) > 1) scrollTo({ top: left.y, behavior: "instant" });
  }
})();
