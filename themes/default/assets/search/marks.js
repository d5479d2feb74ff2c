// Marks on the page the words that a search led here with, shows those that are folded away in the section that was
// found, and goes to the first of them where the section's heading does not show it. Loaded when there are words.
(function () {
  "use strict";
  var all = waypost.all, one = waypost.one;
  var BLOCKS = "p, li, td, th, dt, dd, pre, h1, h2, h3, h4, h5, h6, summary, figcaption, blockquote, div, section, article";
  var MOST = 1000;
  var ranges = [];
  var at = -1;     // the place that the reader is at, of those in `ranges`
  var begin = 0;   // where "next" begins
  var bar = null;

  // The text of the article in one string, and where its pieces come from. Blocks are apart, so that no word runs on.
  function read(article) {
    var pieces = [], text = "", block = null;
    var walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    for (var node = walker.nextNode(); node; node = walker.nextNode()) {
      var parent = node.parentElement;
      if (!node.data || parent.closest("script, style, button:not([role=tab]), .actions, .hint, .after, .sr, template, noscript")) continue;
      var own = parent.closest(BLOCKS);
      if (own !== block) { text += "\n"; block = own; }
      pieces.push({ node: node, start: text.length });
      var lower = node.data.toLowerCase();
      text += lower.length === node.data.length ? lower : node.data;
    }
    return { pieces: pieces, text: text };
  }
  function letter(character) { return !!character && /[\p{L}\p{N}_]/u.test(character); }

  function find(article, words) {
    var page = read(article), hits = [];
    words.forEach(function (word) {
      word = word.toLowerCase();
      if (!word) return;
      for (var from = page.text.indexOf(word); from >= 0 && hits.length < MOST; from = page.text.indexOf(word, from + word.length)) {
        var to = from + word.length;
        var inside = letter(word[0]) && letter(page.text[from - 1]) || letter(word[word.length - 1]) && letter(page.text[to]);
        if (!inside) hits.push([from, to]);
      }
    });
    hits.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; });
    var end = 0, piece = 0;
    function place(offset, closing) {
      while (piece + 1 < page.pieces.length && (page.pieces[piece + 1].start < offset || !closing && page.pieces[piece + 1].start === offset)) piece++;
      return page.pieces[piece];
    }
    return hits.filter(function (hit) {
      var apart = hit[0] >= end;
      if (apart) end = hit[1];
      return apart;
    }).map(function (hit) {
      var range = document.createRange();
      var first = place(hit[0], false);
      range.setStart(first.node, hit[0] - first.start);
      var last = place(hit[1], true);
      range.setEnd(last.node, Math.min(hit[1] - last.start, last.node.length));
      return range;
    });
  }

  // Without the Highlight API: elements around the words, piece by piece.
  function wrap(range) {
    var walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
    var nodes = [];
    var node = range.startContainer;
    walker.currentNode = node;
    for (; node; node = walker.nextNode()) { nodes.push(node); if (node === range.endContainer) break; }
    var start = range.startOffset, end = range.endOffset, marks = [];
    nodes.forEach(function (text, i) {
      var until = i === nodes.length - 1 ? end : text.length, from = i ? 0 : start;
      if (from >= until) return;
      if (until < text.length) text.splitText(until);
      if (from) text = text.splitText(from);
      var mark = document.createElement("mark");
      mark.className = "search-mark";
      text.before(mark);
      mark.append(text);
      marks.push(mark);
    });
    var whole = document.createRange();
    whole.setStartBefore(marks[0]);
    whole.setEndAfter(marks[marks.length - 1]);
    return whole;
  }
  function element(range) {
    var node = range.startContainer;
    return node.nodeType === 1 ? node.childNodes[range.startOffset] || node : node.parentElement;
  }

  // The ranges below the heading that the address names, up to the next one of its level; all, where it names none.
  function section(article) {
    var target = location.hash && document.getElementById(waypost.named(location.hash));
    var heading = target && target.closest("h1, h2, h3, h4, h5, h6");
    if (!heading) return { heading: null, ranges: ranges };
    var next = all("h1, h2, h3, h4, h5, h6", article).filter(function (other) {
      return other.tagName <= heading.tagName && heading.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    })[0];
    return {
      heading: heading,
      ranges: ranges.filter(function (range) {
        var node = element(range);
        var after = heading.contains(node) || heading.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
        return after && !(next && (next.contains(node) || next.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING));
      })
    };
  }
  function seen(range) {
    var node = element(range);
    return node.checkVisibility ? node.checkVisibility() : node.getClientRects().length > 0;
  }
  // Opens what an element is folded away in. `beforematch` is what find-in-page says to tabs and folded code.
  function unfold(node) {
    for (var closed = node.closest("details:not([open])"); closed; closed = closed.parentElement.closest("details:not([open])")) {
      if (closed.firstElementChild.contains(node) && closed.firstElementChild.localName === "summary") continue;
      closed.open = true;
    }
    var hidden = node.closest("[hidden]");
    if (hidden) hidden.dispatchEvent(new Event("beforematch", { bubbles: true }));
  }
  function reveal(list) {
    list.forEach(function (range) {
      var node = element(range);
      if (seen(range)) return;
      // A tab gives way only where what it shows holds none of the words.
      var panel = node.closest(".tab-panel[hidden]");
      var group = panel && panel.closest(".tabs");
      var shown = group && list.some(function (other) { return group.contains(element(other)) && element(other).closest(".tab-panel") && seen(other); });
      if (!shown) unfold(node);
    });
  }

  function go(to) {
    at = (to + ranges.length) % ranges.length;
    var range = ranges[at];
    unfold(element(range));
    var place = range.getBoundingClientRect();
    var top = parseFloat(getComputedStyle(waypost.root).scrollPaddingTop) || 0;
    if (place.top < top || place.bottom > innerHeight - 80) scrollBy({ top: place.top - innerHeight / 3, behavior: "instant" });
    if (native()) CSS.highlights.set("search-current", new Highlight(range));
    else all(".search-mark").forEach(function (mark) { mark.classList.toggle("current", range.intersectsNode(mark)); });
    tell();
  }
  function native() { return window.Highlight && CSS.highlights; }
  function tell() { one("span", bar).textContent = (at < 0 ? "" : at + 1 + " / ") + ranges.length; }

  function clear() {
    if (CSS.highlights) { CSS.highlights.delete("search"); CSS.highlights.delete("search-current"); }
    all(".search-mark").forEach(function (mark) {
      var parent = mark.parentNode;
      mark.replaceWith.apply(mark, Array.prototype.slice.call(mark.childNodes));
      parent.normalize();
    });
    if (bar) bar.remove();
    bar = null;
    ranges = [];
    at = -1;
    begin = 0;
    removeEventListener("keydown", escape);
  }
  function escape(event) {
    if (event.key === "Escape" && !event.defaultPrevented && !one("dialog[open], :popover-open, details[name=menu][open]")) clear();
  }

  waypost.searchMarks = function (words, parts) {
    clear();
    var article = one("main article") || one("main");
    if (!article) return;
    ranges = find(article, words);
    if (!ranges.length) return;
    if (native()) CSS.highlights.set("search", new Highlight(...ranges));
    else ranges = ranges.reverse().map(wrap).reverse();
    bar = one(".search-marks", parts).cloneNode(true);
    bar.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      var step = +button.dataset.step;
      if (!step) { clear(); one("main").focus({ preventScroll: true }); return; }
      go(at < 0 ? begin - (step < 0) : at + step);
    });
    document.body.append(bar);
    tell();
    addEventListener("keydown", escape);

    var found = section(article);
    if (!found.ranges.length) return;
    reveal(found.ranges);
    if (found.heading) found.heading.scrollIntoView({ behavior: "instant" });
    var first = found.ranges.filter(seen)[0];
    if (!first) return;
    begin = ranges.indexOf(first);
    var place = first.getBoundingClientRect();
    if (place.bottom > innerHeight || place.top < 0) scrollBy({ top: place.top - innerHeight / 3, behavior: "instant" });
  };
})();
