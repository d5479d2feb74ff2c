// The page without waiting: colour mode, tabs, copying, the drawer and the contents. Everything here is an
// addition: with scripts off the page reads, links and prints the same. The inline script of boot.html has set the
// colour mode and the tabs already and left `waypost` (find, show, tabs) behind.
(function () {
  "use strict";
  var root = document.documentElement;
  var all = function (selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); };
  var one = function (selector) { return document.querySelector(selector); };

  // Storage may be forbidden (file://, private windows): then nothing is remembered.
  function remember(key, value) {
    try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); } catch (_) { /* not kept */ }
  }

  // The header stands after the article in the source. Where the browser does not know `reading-flow`, put it first for the Tab key.
  if (!CSS.supports("reading-flow", "grid-rows")) {
    var main = one("main");
    main.before(one(".header"));
  }

  // Colour mode: system, light, dark.
  var modes = ["system", "light", "dark"];
  var themeSwitch = one(".theme-switch");
  function label() {
    var text = themeSwitch.dataset.label + ": " + themeSwitch.dataset[root.dataset.theme || "system"];
    themeSwitch.setAttribute("aria-label", text);
    themeSwitch.title = text;
  }
  if (themeSwitch) {
    label();
    themeSwitch.addEventListener("click", function () {
      var mode = modes[(modes.indexOf(root.dataset.theme || "system") + 1) % 3];
      if (mode === "system") delete root.dataset.theme; else root.dataset.theme = mode;
      remember("theme", mode === "system" ? "" : mode);
      label();
    });
  }

  // Tabs.
  var tabs = window.waypost;

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

  // Copying.
  function copy(text, button, done) {
    navigator.clipboard.writeText(text).then(function () {
      done(true);
      setTimeout(function () { done(false); }, 2000);
    }, function () { button.blur(); });
  }
  var words = one(".actions [data-copy-page]");
  all(".code-block").forEach(function (block) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.setAttribute("aria-label", document.body.dataset.copy);
    button.addEventListener("click", function () {
      copy(block.dataset.copy || block.querySelector("code").textContent.replace(/\n$/, ""), button, function (on) {
        button.classList.toggle("done", on);
        button.setAttribute("aria-label", on ? document.body.dataset.copied : document.body.dataset.copy);
      });
    });
    block.append(button);
  });
  if (words) {
    var text = words.querySelector("span");
    var before = text.textContent;
    words.addEventListener("click", function () {
      fetch(words.dataset.copyPage).then(function (answer) {
        if (!answer.ok) throw answer.status;
        return answer.text();
      }).then(function (markdown) {
        copy(markdown, words, function (on) { text.textContent = on ? words.dataset.done : before; });
      }).catch(function () { location.href = words.dataset.copyPage; });
    });
  }
  all("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { button.closest("details").open = false; print(); });
  });
  var closed = [];
  addEventListener("beforeprint", function () {
    closed = all("main details:not([open])").filter(function (d) { return !d.closest(".actions"); });
    closed.forEach(function (d) { d.open = true; });
  });
  addEventListener("afterprint", function () { closed.forEach(function (d) { d.open = false; }); });

  // Menus close with Escape and when the focus leaves; popovers when one of their links to this page is followed.
  all("details[name=menu]").forEach(function (menu) {
    menu.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.firstElementChild.focus();
    });
    menu.addEventListener("focusout", function (event) {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
  });
  all("[popover]").forEach(function (popover) {
    popover.addEventListener("click", function (event) {
      if (event.target.closest("a") && popover.matches(":popover-open")) popover.hidePopover();
    });
    popover.addEventListener("toggle", function (event) { if (event.newState === "open") show(popover); });
  });

  // The entry of this page, in the middle of the sidebar.
  function show(box) {
    var entry = box.querySelector("[aria-current]");
    if (!entry) return;
    var place = entry.getBoundingClientRect();
    var view = box.getBoundingClientRect();
    if (place.bottom > view.bottom || place.top < view.top) box.scrollTop += place.top - view.top - view.height / 2;
  }
  var sidebar = one(".sidebar");
  if (sidebar) show(sidebar);

  // Contents: the heading being read, and only headings of panels that are shown.
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

  // A page that is not there: the three pages of the navigation whose addresses come nearest.
  var nearest = one(".nearest");
  if (nearest) {
    var pieces = function (path) { return path.toLowerCase().replace(/\.(html|md)$/, "").split(/[^a-z0-9\u0080-\uffff]+/).filter(Boolean); };
    var wanted = pieces(location.pathname);
    all(".sidebar a").map(function (link) {
      var has = pieces(link.pathname);
      var score = wanted.reduce(function (sum, word) {
        return sum + (has.indexOf(word) >= 0 ? 1 : has.some(function (h) { return h.length > 3 && word.length > 3 && (h.indexOf(word) === 0 || word.indexOf(h) === 0); }) ? .6 : 0);
      }, 0);
      return { link: link, score: score / Math.sqrt(1 + Math.max(has.length, wanted.length)) };
    }).filter(function (entry) { return entry.score > 0 && entry.link.host === location.host; }).sort(function (a, b) { return b.score - a.score; }).slice(0, 3).forEach(function (entry) {
      var item = document.createElement("li");
      var card = document.createElement("a");
      card.className = "card";
      card.href = entry.link.href;
      card.textContent = entry.link.textContent;
      item.append(card);
      nearest.lastElementChild.append(item);
      nearest.hidden = false;
    });
  }
})();
