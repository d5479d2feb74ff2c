// The page without waiting: colour mode, tabs, copying, the drawer and the contents. Everything here is an
// addition: with scripts off the page reads, links and prints the same. The inline script of boot.html has set the
// colour mode and the tabs already and left `waypost` (find, show, tabs, follow) behind. The files of this folder are
// one script, in the order of their names; what they share is on `waypost`.
(function () {
  "use strict";
  var waypost = window.waypost;
  waypost.root = document.documentElement;
  waypost.all = function (selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); };
  waypost.one = function (selector, from) { return (from || document).querySelector(selector); };

  // Storage may be forbidden (file://, private windows): then nothing is remembered.
  waypost.remember = function (key, value) {
    try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); } catch (_) { /* not kept */ }
  };
  waypost.recall = function (key) {
    try { return localStorage.getItem(key); } catch (_) { return null; }
  };

  // The id that the fragment of an address names. What is no percent-encoding is meant as it is written.
  waypost.named = function (hash) {
    var id = hash.slice(1);
    try { return decodeURIComponent(id); } catch (_) { return id; }
  };

  // Puts `text` on the clipboard; `done` is told that it is there, and two seconds later that the message may go.
  waypost.copy = function (text, button, done) {
    // Pages that come over plain HTTP have no clipboard.
    (navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject()).then(function () {
      done(true);
      setTimeout(function () { done(false); }, 2000);
    }, function () { button.blur(); });
  };
})();
