// Around the article: page actions, printing, the pages nearest to one that is not there.
(function () {
  "use strict";
  var all = waypost.all, one = waypost.one, copy = waypost.copy;

  var words = one(".actions [data-copy-page]");
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

  // A page that is not there: the three pages of the navigation whose addresses come nearest. A server that knows all
  // pages has named them already.
  var nearest = one(".nearest");
  if (nearest && !nearest.querySelector("a")) {
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
      var title = document.createElement("strong");
      title.className = "card-title";
      title.textContent = entry.link.textContent;
      card.append(title);
      item.append(card);
      nearest.lastElementChild.append(item);
    });
  }
})();
