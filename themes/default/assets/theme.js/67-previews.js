// Previews: under a pointer that rests on a link of the article, or on focus, the beginning of what it leads to. The
// text comes from the page itself, as text and plain marks only; nothing of it runs or loads.
(function () {
  "use strict";
  var one = waypost.one;
  var article = one(".article .prose");
  if (!article || !("previews" in document.body.dataset) || !("popover" in article)) return;

  var pages = {}, card, link, opening, closing;
  var anchored = CSS.supports("position-area", "block-end span-inline-end");

  // The document at an address; this one for a link within the page.
  function load(page) {
    if (!page) return Promise.resolve(document);
    // From file:// nothing can be fetched: then there is no preview.
    return pages[page] = pages[page] || fetch(page, { headers: { Accept: "text/html" } }).then(function (answer) {
      if (!answer.ok || !/html/.test(answer.headers.get("content-type"))) throw answer.status;
      return answer.text();
    }).then(function (text) { return new DOMParser().parseFromString(text, "text/html"); });
  }

  // A copy of an element with the marks that text may have, and no attributes.
  var MARKS = /^(p|ul|ol|li|code|em|strong|kbd|sub|sup|b|i)$/;
  var PASSED = /^(script|style|template|button|svg|select|input|textarea|math|iframe|object|dialog)$/;
  function copy(from, to) {
    from.childNodes.forEach(function (node) {
      if (node.nodeType === 3) to.append(node.data);
      if (node.nodeType !== 1 || PASSED.test(node.localName) || node.matches(".anchor, .sr, .footnote-reference, .footnote-back, [aria-hidden=true], .tooltip-text")) return;
      copy(node, MARKS.test(node.localName) ? to.appendChild(document.createElement(node.localName)) : to);
    });
    return to;
  }
  function add(name, from, to) {
    var element = copy(from, document.createElement(name));
    if (element.textContent.trim()) to.append(element);
  }

  // What a card says of a page, or of the part of it that `id` names.
  function describe(page, id) {
    var said = document.createDocumentFragment();
    var title = one("main h1", page);
    var at = id && page.getElementById(id);
    if (id && !at || !title) return said;
    if (!at || at === title) {
      var parent = page.querySelectorAll(".crumbs li");
      if (parent.length > 1) add("small", parent[parent.length - 2], said);
      add("strong", title, said);
      var described = one("meta[name=description]", page);
      var text = described ? described.content : (one(".prose > p", page) || title).textContent;
      if (text !== title.textContent) said.append(Object.assign(document.createElement("p"), { textContent: text }));
    } else if (/^h[1-6]$/.test(at.localName)) {
      if (page !== document) add("small", title, said);
      add("strong", at, said);
      var block = at;
      for (var room = 3; room && (block = block.nextElementSibling) && !/^h[1-6]$/.test(block.localName);) {
        if (!/^(p|ul|ol)$/.test(block.localName)) { if (room < 3) break; else continue; }
        add(block.localName, block, said);
        room -= 1;
      }
    } else if (/^(li|p|dd|td)$/.test(at.localName)) {
      add("p", at, said);
    }
    return said;
  }

  function close() {
    clearTimeout(opening);
    if (!link) return;
    link.style.removeProperty("anchor-name");
    link.removeAttribute("aria-describedby");
    link = null;
    if (card) card.hidePopover();
  }
  function open(to, said) {
    close();
    if (!card) {
      card = document.createElement("div");
      card.id = "waypost-preview";
      card.className = "preview";
      card.popover = "manual";
      card.setAttribute("role", "tooltip");
      card.addEventListener("pointerenter", function () { clearTimeout(closing); });
      card.addEventListener("pointerleave", leave);
      one("main").append(card);
    }
    card.replaceChildren(said);
    link = to;
    link.setAttribute("aria-describedby", card.id);
    link.style.setProperty("anchor-name", "--preview");
    card.classList.remove("more");
    card.showPopover();
    if (!anchored) {
      // Below the link, or above where there is more room.
      var at = link.getBoundingClientRect(), above = at.top > innerHeight - at.bottom;
      var room = above ? at.top : innerHeight - at.bottom;
      card.style.maxBlockSize = Math.min(320, room - 12) + "px";
      card.style.left = Math.max(16, Math.min(at.left, innerWidth - card.offsetWidth - 16)) + "px";
      card.style.top = (above ? at.top - card.offsetHeight - 12 : at.bottom) + "px";
    }
    card.classList.toggle("more", card.scrollHeight > card.clientHeight + 1);
  }
  function leave() {
    clearTimeout(opening);
    clearTimeout(closing);
    closing = setTimeout(close, 250);
  }
  function enter(event) {
    var to = event.target.closest("a[href]");
    if (event.type === "pointerover" && event.pointerType !== "mouse" || !to || !to.textContent.trim() || to.matches(".card, .anchor, .button, .footnote-back")) return;
    if (event.type === "focusin" && !to.matches(":focus-visible")) return;
    var inside = to.origin + to.pathname === location.origin + location.pathname;
    var page = inside ? "" : waypost.leads(to).split("?")[0];
    if (inside ? !to.hash : !page) return;
    clearTimeout(closing);
    if (to === link) return;
    clearTimeout(opening);
    var wanted = {};
    enter.wanted = wanted;
    opening = setTimeout(function () {
      load(page).then(function (found) {
        // The pointer may have gone on while the page came.
        if (enter.wanted !== wanted || !to.matches(":hover, :focus")) return;
        var said = describe(found, waypost.named(to.hash));
        if (said.childNodes.length) open(to, said);
      }).catch(function () { delete pages[page]; });
    }, 300);
  }
  article.addEventListener("pointerover", enter);
  article.addEventListener("focusin", enter);
  article.addEventListener("pointerout", function (event) { if (event.target.closest("a[href]")) leave(); });
  article.addEventListener("focusout", close);
  addEventListener("keydown", function (event) { if (event.key === "Escape" && link) { event.stopPropagation(); close(); } }, true);
  addEventListener("pagehide", close);
  if (!anchored) addEventListener("scroll", function () { if (link) close(); }, { passive: true });
})();
