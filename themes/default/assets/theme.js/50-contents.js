// Contents: the heading being read, and only headings of panels that are shown. Headings copy their link.
(function () {
  "use strict";
  var root = waypost.root, all = waypost.all, one = waypost.one, show = waypost.centre;

  var contents = one(".contents");
  var entries = contents ? all("a", contents).map(function (link) {
    return { link: link, heading: document.getElementById(waypost.named(link.hash)) };
  }).filter(function (entry) { return entry.heading; }) : [];
  var current;
  function spy() {
    var line = parseFloat(getComputedStyle(root).scrollPaddingTop) + 8;
    var now = null;
    var end = scrollY > 0 && innerHeight + scrollY >= root.scrollHeight - 2;
    entries.forEach(function (entry) {
      if (entry.link.closest("[hidden]")) return;
      var top = entry.heading.getBoundingClientRect().top;
      if (top <= line || (end && top < innerHeight)) now = entry.link;
    });
    if (now === current) return;
    if (current) current.removeAttribute("aria-current");
    if (now) { now.setAttribute("aria-current", "true"); show(contents); }
    current = now;
  }
  var waiting = false;
  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () { waiting = false; spy(); });
  }
  if (contents) {
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    spy();
  }
  new MutationObserver(function () { waypost.follow(); later(); }).observe(one("main"), { attributes: true, attributeFilter: ["hidden"], subtree: true });

  // What a screen reader is told.
  var status = document.createElement("div");
  status.className = "sr";
  status.setAttribute("role", "status");
  document.body.append(status);

  // The link of a heading in a tab names the tab, so that it opens the same variant for whoever gets it.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a.anchor");
    if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    var url = new URL(link.href);
    var panel = link.closest(".tab-panel");
    var tab = panel && document.getElementById(panel.getAttribute("aria-labelledby"));
    url.search = tab ? "?tab=" + encodeURIComponent(tab.textContent.trim()) : "";
    waypost.copy(url.href, link, function (on) {
      link.classList.toggle("done", on);
      status.textContent = on ? document.body.dataset.copied : "";
    });
  });
})();
