// A copy of the site, opened from a disk. Pages name everything from the root of the host (`/base/a/b/`); here the
// root is a folder, and nobody puts `index.html` behind the name of a folder. local.html loads this first of all.
(function () {
  "use strict";
  var own = document.currentScript.dataset;
  var base = own.base;
  var bare = "bare" in own;
  var root = new URL(own.root, location.href).href;
  var NAMES = ["href", "src", "poster", "data", "action", "srcset", "imagesrcset", "data-copy-page"];
  var ANY = NAMES.map(function (name) { return "[" + name + "]"; }).join();

  // The address of the file that stands behind an address of the site. Every other address is left as it is.
  function file(address) {
    var parts = /^([^?#]*)(.*)$/.exec(address);
    if (!parts) return address;
    var path = parts[1];
    if (path + "/" === base) path = base;
    if (path.slice(0, base.length) !== base || path.slice(0, 2) === "//") return address;
    path = path.slice(base.length);
    if (!path || path.slice(-1) === "/") path += "index.html";
    // Without slashes at their ends pages are called `a/b` and stand in `a/b.html`.
    else if (bare && !/\.[a-z][a-z0-9]{0,8}$/i.test(path)) path += ".html";
    return root + path + parts[2];
  }
  window.waypostLocal = file;

  function fix(element) {
    // Fonts cannot be fetched ahead from a disk: they come late, and have to be shown all the same.
    if (element.localName === "link" && element.rel === "preload") { element.remove(); return; }
    NAMES.forEach(function (name) {
      var value = element.getAttribute(name);
      if (!value || value.indexOf("/") < 0) return;
      var to = name.slice(-6) === "srcset"
        ? value.replace(/(^|,)(\s*)([^\s,]\S*)/g, function (_, comma, blank, address) { return comma + blank + file(address); })
        : file(value);
      if (to !== value) element.setAttribute(name, to);
    });
  }
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      if (change.type === "attributes") { fix(change.target); return; }
      change.addedNodes.forEach(function (node) {
        if (node.nodeType !== 1) return;
        fix(node);
        Array.prototype.forEach.call(node.querySelectorAll(ANY), fix);
      });
    });
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: NAMES });

  // `font-display: optional` gives up on a font that was not fetched ahead. Now that it is here, the sheets are read
  // once more, which finds it.
  addEventListener("load", function () {
    if (!document.fonts) return;
    document.fonts.ready.then(function () {
      var late = false;
      document.fonts.forEach(function (face) { late = late || face.status === "loaded" && face.display === "optional"; });
      if (!late) return;
      Array.prototype.forEach.call(document.querySelectorAll("link[rel=stylesheet]"), function (link) {
        if (link.href.indexOf(root) !== 0) return;
        var copy = link.cloneNode();
        copy.href = link.href + "?fonts";
        copy.onload = function () { link.remove(); };
        link.after(copy);
      });
    });
  });

  // A script is looked for once, at the address that it had when its end was read. Most browsers tell of it before
  // that; where one does not, the script is loaded again under its right address, after the page, in the same order.
  var failed = [];
  addEventListener("error", function (event) {
    var script = event.target;
    if (script.localName !== "script" || "again" in script.dataset || script.src.indexOf(root) !== 0) return;
    failed.push(script);
    if (document.readyState !== "loading") again();
  }, true);
  document.addEventListener("DOMContentLoaded", again);
  function again() {
    failed.splice(0).forEach(function (script) {
      var copy = document.createElement("script");
      copy.src = script.src;
      copy.async = false;
      copy.dataset.again = "";
      script.replaceWith(copy);
    });
  }
})();
