// Search: opens the dialog, loads what it needs on first use, and marks the words on the page that a hit led to.
(function () {
  "use strict";
  var one = waypost.one;

  // The address of a file of the site, where the site is a folder on a disk; elsewhere the same.
  waypost.address = window.waypostLocal || function (address) { return address; };

  // Loads a script of the site once.
  var loaded = {};
  waypost.load = function (address) {
    return loaded[address] || (loaded[address] = new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = waypost.address(address);
      script.onload = done;
      script.onerror = function () { delete loaded[address]; script.remove(); failed(new Error(address)); };
      document.head.append(script);
    }));
  };

  var button = one(".search-open");
  var parts = one("#search-parts");
  if (!button || !parts) return;
  var files = button.dataset;

  // The dialog is there at once; what works in it comes with its script, which reads what was typed until then.
  var dialog;
  function open() {
    if (!dialog) {
      dialog = one("dialog", parts.content).cloneNode(true);
      document.body.append(dialog);
      one(".search-close", dialog).addEventListener("click", function () { dialog.close(); });
      one("[data-again]", dialog).addEventListener("click", fill);
      dialog.addEventListener("click", function (event) { if (event.target === dialog) dialog.close(); });
    }
    if (dialog.open) return;
    dialog.showModal();
    fill();
  }
  function fill() {
    var failed = one("[data-note=failed]", dialog);
    failed.hidden = true;
    waypost.load(files.dialog).then(function () { waypost.searchDialog(dialog, parts.content, files); }, function () { failed.hidden = false; });
  }
  function ahead() {
    waypost.load(files.dialog).catch(function () { /* it is told when it is needed */ });
    waypost.load(files.client).catch(function () { /* likewise */ });
  }
  button.addEventListener("click", open);
  button.addEventListener("pointerenter", ahead);
  button.addEventListener("focus", ahead);
  document.addEventListener("keydown", function (event) {
    var key = event.key, at = event.target;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key.toLowerCase() === "k") {
      event.preventDefault();
      if (dialog && dialog.open) dialog.close(); else if (!one("dialog[open]")) open();
    } else if (key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !(at.closest && at.closest("input, textarea, select, [contenteditable], dialog"))) {
      event.preventDefault();
      open();
    }
  });
  // Who comes back finds the page, not the dialog.
  addEventListener("pagehide", function () { if (dialog && dialog.open) dialog.close(); });

  // The words to mark come by way of storage, so that the address stays clean; where there is none, in the address.
  waypost.mark = function (words) {
    return waypost.load(files.marks).then(function () { waypost.searchMarks(words, parts.content); });
  };
  function arrive() {
    var words;
    try {
      var left = JSON.parse(waypost.recall("search:words"));
      if (left && left.url === location.href.split("#")[0] && Date.now() - left.at < 6e4) words = left.words;
      if (words) waypost.remember("search:words");
    } catch (_) { /* somebody else's */ }
    var url = new URL(location.href);
    if (url.searchParams.has("mark")) {
      words = url.searchParams.getAll("mark");
      url.searchParams.delete("mark");
      try { history.replaceState(history.state, "", url); } catch (_) { /* file:// */ }
    }
    if (words) waypost.mark(words).catch(function () { /* the page is there, without marks */ });
  }
  arrive();
})();
