// Places in the frame: closing the announcement; the sections of the sidebar stay open and closed.
(function () {
  "use strict";
  var one = waypost.one, remember = waypost.remember;

  var dismiss = one("[data-dismiss]");
  if (dismiss) dismiss.addEventListener("click", function () {
    remember("announcement", dismiss.dataset.dismiss);
    waypost.root.dataset.dismissed = "";
    one("main").focus({ preventScroll: true });
  });

  // What is opened and closed, for the next page in this tab: boot-frame.html puts it back. A theme may lack that.
  var sidebar = one("#frame-sidebar");
  if (sidebar && waypost.sections) {
    var state = waypost.sections(sidebar);
    sidebar.addEventListener("click", function (event) {
      var summary = event.target.closest("summary");
      if (!summary) return;
      state.kept[state.key(summary.parentElement)] = !summary.parentElement.open;
      try { sessionStorage.sections = JSON.stringify(state.kept); } catch (_) { /* not kept */ }
    });
  }
})();
