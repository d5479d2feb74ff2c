// Contents: the heading being read, and only headings of panels that are shown.
(function () {
  "use strict";
  var tabs = waypost, root = waypost.root, all = waypost.all, one = waypost.one, show = waypost.centre;

  var contents = one(".contents");
  if (contents) {
    var entries = all("a", contents).map(function (link) {
      return { link: link, heading: document.getElementById(decodeURIComponent(link.hash.slice(1))) };
    }).filter(function (entry) { return entry.heading; });
    var current;
    var spy = function () {
      all("[data-panels]", contents).forEach(tabs.follow);
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
    };
    var waiting = false;
    var later = function () {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(function () { waiting = false; spy(); });
    };
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    new MutationObserver(later).observe(one("main"), { attributes: true, attributeFilter: ["hidden"], subtree: true });
    spy();
  }
})();
