// The frame: reading order, colour mode, menus, drawers.
(function () {
  "use strict";
  var root = waypost.root, all = waypost.all, one = waypost.one, remember = waypost.remember;

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
  waypost.centre = show;
})();
