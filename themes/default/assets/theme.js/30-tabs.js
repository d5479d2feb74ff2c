// Tabs: a choice follows its group, the address names it, and what is linked to opens.
(function () {
  "use strict";
  var tabs = waypost, root = waypost.root, all = waypost.all, remember = waypost.remember;

  // Shows a tab, and the tabs around it. Nothing is remembered.
  function reveal(element) {
    for (var panel = element && element.closest(".tab-panel"); panel; panel = panel.parentElement.closest(".tab-panel")) {
      var button = document.getElementById(panel.getAttribute("aria-labelledby"));
      if (button) tabs.show(button.closest(".tabs"), button);
    }
  }

  // A reader's choice: the group follows on this page, others will later, and the address names it.
  function choose(button) {
    var group = button.closest(".tabs");
    var name = group.dataset.group;
    var top = button.getBoundingClientRect().top;
    tabs.show(group, button);
    if (name) {
      all(".tabs").forEach(function (other) {
        var same = other !== group && other.dataset.group === name && (tabs.find(other, button.dataset.value) || tabs.find(other, button.textContent));
        if (same) tabs.show(other, same);
      });
      remember("tabs:" + name, button.dataset.value);
    }
    // Panels above may have changed their height: what was clicked stays under the pointer.
    scrollBy({ top: button.getBoundingClientRect().top - top, behavior: "instant" });
    var url = new URL(location.href);
    url.searchParams.set(group.dataset.query || name || "tab", group.dataset.query || name ? button.dataset.value : button.textContent.trim());
    if ((group.dataset.query || name) && url.searchParams.has("tab")) url.searchParams.delete("tab");
    try { history.replaceState(history.state, "", url); } catch (_) { /* file:// */ }
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[role=tab]");
    if (button) choose(button);
  });
  document.addEventListener("keydown", function (event) {
    var button = event.target.closest && event.target.closest("[role=tab]");
    if (!button || event.ctrlKey || event.altKey || event.metaKey) return;
    var list = tabs.tabs(button.closest(".tabs"));
    var forward = root.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    var back = root.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    var at = list.indexOf(button);
    var to = event.key === forward ? at + 1 : event.key === back ? at - 1 : event.key === "Home" ? 0 : event.key === "End" ? list.length - 1 : null;
    if (to === null) return;
    event.preventDefault();
    to = list[(to + list.length) % list.length];
    to.focus();
    choose(to);
  });
  // Find in page opened a hidden panel.
  document.addEventListener("beforematch", function (event) { reveal(event.target); });
  all("[role=tabpanel]").forEach(function (panel) {
    if (!panel.querySelector("a[href], button, input, select, textarea, summary, [tabindex='0']")) panel.tabIndex = 0;
  });

  // An address that names something inside a hidden panel or a closed disclosure opens it, and goes there.
  function target() {
    var id;
    try { id = decodeURIComponent(location.hash.slice(1)); } catch (_) { id = ""; }
    var element = id && document.getElementById(id);
    if (!element || !element.closest("main")) return;
    reveal(element);
    for (var d = element.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    element.scrollIntoView({ behavior: "instant" });
  }
  addEventListener("hashchange", target);
  target();
  if (!location.hash && /[?&]tab=/.test(location.search)) {
    var opened = all(".tabs").map(function (group) { return tabs.find(group, new URLSearchParams(location.search).get("tab")); }).filter(Boolean)[0];
    if (opened) { reveal(opened.closest(".tabs")); opened.closest(".tabs").scrollIntoView({ behavior: "instant" }); }
  }
})();
