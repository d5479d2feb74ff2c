// Tabs: a choice follows its group, the address names it, and what is linked to opens.
(function () {
  "use strict";
  var tabs = waypost, all = waypost.all, remember = waypost.remember;

  function name(button) { return button.textContent.trim(); }
  function place(element) { return element.getBoundingClientRect(); }
  function named(group) { return all(".tabs").filter(function (other) { return other.dataset.group === group; }); }

  // In a list that is too long for its line, the chosen tab is in sight.
  function settle() {
    all(".tabs").forEach(function (group) {
      if (!group.chosen) return;
      var list = group.firstElementChild, view = place(list), tab = place(group.chosen);
      if (tab.left < view.left || tab.right > view.right) list.scrollLeft += tab.left + tab.width / 2 - view.left - view.width / 2;
    });
  }

  // The groups of one name go where the reader went, where they can.
  function follow(group, choice) {
    named(group).forEach(function (other) {
      var same = tabs.find(other, choice);
      if (same) tabs.show(other, same);
    });
  }

  // The address names what is chosen in a group and in those around it, and no anchor in a panel that is hidden.
  function address(group) {
    var url = new URL(location.href), search = url.searchParams, target = aim();
    if (group.dataset.group) named(group.dataset.group).forEach(function (other) { search.delete(other.dataset.query); });
    if (tabs.find(group, search.get("tab"))) search.delete("tab");
    for (var g = group; g; g = g.parentElement.closest(".tabs")) {
      var key = g.dataset.query || g.dataset.group;
      if (!g.chosen) continue;
      if (key) search.set(key, g.chosen.dataset.value);
      else if (!search.has("tab")) search.set("tab", name(g.chosen));
    }
    if (target && target.closest(".tab-panel[hidden]")) url.hash = "";
    try { history.replaceState(history.state, "", url); } catch (_) { /* file:// */ }
  }

  function choose(button) {
    var group = button.closest(".tabs");
    var top = place(button).top;
    if (group.dataset.group) {
      var choice = button.dataset.value + "\t" + name(button);
      follow(group.dataset.group, choice);
      remember("tabs:" + group.dataset.group, choice);
    }
    tabs.show(group, button);
    settle();
    // Panels above may have changed their height: what was clicked stays under the pointer.
    scrollBy({ top: place(button).top - top, behavior: "instant" });
    address(group);
  }
  // Another window chose.
  addEventListener("storage", function (event) {
    var group = event.newValue && /^tabs:/.test(event.key) && named(event.key.slice(5))[0];
    if (!group) return;
    follow(group.dataset.group, event.newValue);
    settle();
    var search = new URLSearchParams(location.search);
    if (search.has(group.dataset.group) || search.has(group.dataset.query)) address(group);
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest(".tabs > .tab-list > .tab");
    if (button) choose(button);
    // A link to where the address is already fires no `hashchange`.
    var link = event.target.closest("a[href*='#']");
    if (link && link.href === location.href) go();
  });
  document.addEventListener("keydown", function (event) {
    var button = event.target.closest && event.target.closest(".tabs > .tab-list > .tab");
    if (!button || event.ctrlKey || event.altKey || event.metaKey) return;
    var list = tabs.tabs(button.closest(".tabs"));
    var on = getComputedStyle(button).direction === "rtl" ? -1 : 1;
    var at = list.indexOf(button);
    var to = { ArrowRight: at + on, ArrowLeft: at - on, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    to = list[(to + list.length) % list.length];
    to.focus({ preventScroll: true });
    choose(to);
  });
  all("[role=tabpanel]").forEach(function (panel) {
    if (!panel.querySelector("a[href], button, input, select, textarea, summary, [tabindex='0']")) panel.tabIndex = 0;
  });

  // What the anchor of the address names in the article.
  function aim() {
    var id = waypost.named(location.hash);
    var element = id && document.getElementById(id);
    return element && element.closest("main") && element;
  }
  // Opens the tabs and disclosures that hold it. Where nothing had to be opened, the browser has gone there itself.
  function go() {
    var element = aim();
    if (!element) return;
    var opened = tabs.reveal(element, true);
    settle();
    if (opened) element.scrollIntoView({ behavior: "instant" });
  }
  // Find in page is about to show something hidden.
  document.addEventListener("beforematch", function (event) { tabs.reveal(event.target, true); settle(); });
  addEventListener("hashchange", go);
  go();
  settle();
  // A link to a tab leads to its group; a page that is loaded again stays where it was.
  var group = tabs.asked();
  var entry = performance.getEntriesByType("navigation")[0];
  if (group && !location.hash && new URLSearchParams(location.search).has("tab") && !(entry && entry.type !== "navigate")) group.scrollIntoView({ behavior: "instant" });
})();
