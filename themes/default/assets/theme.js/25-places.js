// Places in the frame: closing the announcement; the sidebar as it was on the page before.
(function () {
  "use strict";
  var one = waypost.one, remember = waypost.remember;

  var dismiss = one("[data-dismiss]");
  if (dismiss) dismiss.addEventListener("click", function () {
    remember("announcement", dismiss.dataset.dismiss);
    waypost.root.dataset.dismissed = "";
    one("main").focus({ preventScroll: true });
  });

  // What was opened and closed, and how far it is scrolled, for the next page in this tab. boot-frame.html puts it back.
  var sidebar = one("#sidebar");
  if (sidebar && waypost.sidebar) {
    var state = waypost.sidebar();
    var keep = function () {
      try { sessionStorage.sidebar = JSON.stringify(state.kept); } catch (_) { /* not kept */ }
    };
    sidebar.addEventListener("click", function (event) {
      var summary = event.target.closest("summary");
      if (!summary) return;
      state.kept[state.key(summary.parentElement)] = !summary.parentElement.open;
      keep();
    });
    addEventListener("pagehide", function () {
      state.kept[""] = sidebar.scrollTop;
      keep();
    });
  }
})();
