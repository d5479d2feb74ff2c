// The search dialog: a combobox over a list of hits, as the ARIA Authoring Practices describe it. Loaded on first use;
// its parts and its words come from search.html, what it finds from client.js.
(function () {
  "use strict";
  var one = waypost.one, all = waypost.all;
  var PAGE = 20;

  function make(name, className, text) {
    var element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  // Appends `text` with the words in it marked.
  function marked(to, text, words) {
    var pattern = words.filter(Boolean).map(function (word) { return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"); });
    if (!pattern.length) { to.append(text); return; }
    pattern.sort(function (a, b) { return b.length - a.length; });
    text.split(new RegExp("(" + pattern.join("|") + ")", "i")).forEach(function (piece, at) {
      to.append(at % 2 ? make("mark", "", piece) : piece);
    });
  }

  var wired;
  // Called whenever the dialog opens.
  waypost.searchDialog = function (dialog, parts, files) {
    if (!wired) wired = wire(dialog, parts, files);
    wired();
  };

  function wire(dialog, parts, files) {
    var input = one("input", dialog);
    var list = one("[role=listbox]", dialog);
    var filters = one(".search-filters", dialog);
    var status = one(".search-status", dialog);
    var count = one(".search-count", dialog);
    var start = all("a", list);
    list.textContent = "";
    var notes = {};
    all("[data-note]", dialog).forEach(function (note) { notes[note.dataset.note] = note; });

    var options = [];     // what the arrow keys move through
    var active = -1;
    var moved = false;    // whether the reader has left the input for the list
    var section = "";
    var facets = {};
    var total = 0;
    var shown = null;     // the query whose hits are in the list
    var groups = {};      // the filters by name
    var turn = 0;         // counts questions, so that a late answer is not taken for the newest
    var number = 0;

    function say(text) { if (status.textContent !== text) status.textContent = text; }
    function note(name) {
      Object.keys(notes).forEach(function (key) { notes[key].hidden = key !== name; });
    }
    function amount() { return total === 1 ? status.dataset.one : status.dataset.many.replace("{count}", total); }

    function activate(at, scroll) {
      if (options[active]) options[active].setAttribute("aria-selected", "false");
      active = options.length ? at : -1;
      var option = options[active];
      input.setAttribute("aria-expanded", String(options.length > 0));
      if (!option) { input.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      if (scroll) {
        if (active === 0) list.scrollTop = 0; else option.scrollIntoView({ block: "nearest", behavior: "instant" });
      }
    }
    function option(kind) {
      var element = one(".search-hit", parts).cloneNode(true);
      element.id = "search-hit-" + (++number);
      element.dataset.kind = kind;
      element.setAttribute("aria-selected", "false");
      options.push(element);
      return element;
    }
    function group(label) {
      var box = make("div", "search-group");
      var title = make("p", "", label);
      title.id = "search-group-" + (++number);
      box.setAttribute("role", "group");
      box.setAttribute("aria-labelledby", title.id);
      box.append(title);
      list.append(box);
      return box;
    }
    function clear() {
      options = [];
      active = -1;
      list.textContent = "";
    }

    // Before anything is typed: what was searched for, and where one may start.
    function begin() {
      turn++;
      shown = null;
      delete list.dataset.query;
      total = 0;
      clear();
      filters.hidden = true;
      count.textContent = "";
      say("");
      var recent = recents();
      if (recent.length) {
        var box = group(list.dataset.recent);
        recent.forEach(function (query) {
          var element = option("recent");
          element.dataset.query = query;
          one("b", element).textContent = query;
          box.append(element);
        });
      }
      if (start.length) {
        var places = group(list.dataset.start);
        start.forEach(function (link) {
          var element = option("page");
          element.href = link.getAttribute("href");
          one("b", element).textContent = link.textContent;
          places.append(element);
        });
      }
      note(options.length ? "" : "start");
      activate(-1);
      input.setAttribute("aria-expanded", String(options.length > 0));
    }
    function recents() {
      try { return JSON.parse(waypost.recall("search:recent")) || []; } catch (_) { return []; }
    }
    function remember() {
      var query = input.value.trim();
      if (!query || shown === null) return;
      var kept = recents().filter(function (old) { return old !== query; });
      waypost.remember("search:recent", JSON.stringify([query].concat(kept).slice(0, 4)));
    }

    // Asks. One question at a time: what is typed while one is open is asked after it, and only the last of that.
    var asking = false, again = false, entered = "";
    function ask() {
      var query = input.value.trim();
      keep();
      if (!query) { begin(); return; }
      if (asking) { again = true; return; }
      asking = true;
      again = false;
      var mine = ++turn;
      // A quick answer shows no sign of waiting.
      var slow = setTimeout(function () {
        if (mine !== turn) return;
        list.setAttribute("aria-busy", "true");
        say(status.dataset.loading);
        if (shown === null) { clear(); note(""); for (var i = 0; i < 4; i++) list.append(make("div", "search-wait")); activate(-1); }
      }, 150);
      client().then(function (found) {
        return found.query(query, { section: section, facets: facets, limit: PAGE, offset: 0 });
      }).then(function (answer) {
        if (mine === turn) show(query, answer);
      }, function () {
        if (mine !== turn) return;
        clear();
        shown = null;
        delete list.dataset.query;
        filters.hidden = true;
        count.textContent = "";
        note("failed");
        say(notes.failed.textContent);
        activate(-1);
        again = false;
      }).then(function () {
        clearTimeout(slow);
        list.removeAttribute("aria-busy");
        asking = false;
        if (again) ask();
      });
    }
    function client() {
      return waypost.load(files.client).then(function () { return waypost.searchClient; });
    }

    function show(query, answer) {
      var same = shown === query;
      shown = list.dataset.query = query;
      total = answer.total;
      clear();
      note(total ? "" : "none");
      one("q", notes.none).textContent = query;
      notes.none.querySelector("[data-clear]").hidden = !section && !Object.keys(facets).length;
      filter(answer);
      append(answer.results);
      say(total ? amount() : status.dataset.none + " " + query);
      count.textContent = total ? amount() : "";
      moved = moved && same;
      activate(0, true);
      if (entered === query && dialog.open && options[0]) { entered = ""; follow(options[0], {}); }
    }
    function append(results) {
      results.forEach(function (hit) {
        var element = option(hit.kind);
        var words = hit.words || [];
        element.href = waypost.address(hit.url);
        element.words = words;
        // The way ends with the page as the navigation calls it; a heading is better told by the page's title.
        var crumbs = (hit.crumbs || []).slice(0, -1).concat(hit.heading ? hit.title : []);
        if (crumbs.length > 3) crumbs.splice(1, crumbs.length - 3, "…");
        var where = one("small", element);
        // Where there is no room for all of the way, its end is what tells hits apart.
        if (crumbs.length > 1) where.append(make("span", "", crumbs.slice(0, -1).join(" › ")));
        if (crumbs.length) where.append(make("span", "", (crumbs.length > 1 ? " › " : "") + crumbs[crumbs.length - 1])); else where.remove();
        var name = one("b", element);
        marked(name, hit.heading || hit.title, words);
        (hit.tabs || []).forEach(function (label) { name.append(" ", make("span", "search-tab", label)); });
        var text = one(".search-text > span", element);
        hit.excerpt.forEach(function (piece) { text.append(piece.mark ? make("mark", "", piece.text) : piece.text); });
        if (!text.textContent.trim()) text.remove();
        list.append(element);
      });
    }
    // Further hits, when the last ones come into sight.
    var adding = false;
    function more() {
      if (adding || asking || shown === null || options.length >= total) return;
      adding = true;
      var mine = turn;
      client().then(function (found) {
        return found.query(shown, { section: section, facets: facets, limit: PAGE, offset: options.length });
      }).then(function (answer) {
        if (mine === turn) { if (answer.results.length) append(answer.results); else total = options.length; }
      }).catch(function () { /* those that are there stay */ }).then(function () { adding = false; });
    }
    list.addEventListener("scroll", function () {
      if (list.scrollTop + list.clientHeight > list.scrollHeight - 300) more();
    }, { passive: true });

    // Filters: one group of radio buttons for the sections, one for each facet.
    function filter(answer) {
      var focused = document.activeElement;
      var wanted = [{ key: "", name: filters.dataset.section, values: (answer.sections || []).map(function (it) { return { value: it.name, count: it.count }; }) }];
      (answer.facets || []).forEach(function (it) { wanted.push({ key: it.name, name: it.name, values: it.values }); });
      wanted.forEach(function (it) {
        var chosen = it.key ? facets[it.key] || "" : section;
        var values = it.values.filter(function (v) { return v.count || v.value === chosen; });
        if (chosen && !values.some(function (v) { return v.value === chosen; })) values.push({ value: chosen, count: 0 });
        draw(it, values, chosen);
      });
      Object.keys(groups).forEach(function (key) {
        if (!wanted.some(function (it) { return it.key === key; }) && !facets[key]) groups[key].box.hidden = true;
      });
      filters.hidden = !Object.keys(groups).some(function (key) { return !groups[key].box.hidden; });
      if (filters.contains(focused) && document.activeElement !== focused) focused.focus();
    }
    function draw(it, values, chosen) {
      var group = groups[it.key];
      if (!group) {
        group = groups[it.key] = { box: make("fieldset"), chips: {} };
        group.box.append(make("legend", "", it.name));
        filters.append(group.box);
      }
      // A choice that changes nothing is none.
      group.box.hidden = !chosen && !values.some(function (v) { return v.count < total; });
      [{ value: "" }].concat(values).forEach(function (choice, at) {
        var chip = group.chips[choice.value];
        if (!chip) {
          chip = group.chips[choice.value] = make("label");
          var radio = make("input");
          radio.type = "radio";
          radio.name = "search-filter-" + it.key;
          radio.value = choice.value;
          chip.append(radio, choice.value || filters.dataset.all, make("small"));
        }
        chip.firstChild.checked = choice.value === chosen;
        chip.lastChild.textContent = choice.count === undefined ? "" : choice.count;
        if (group.box.children[at + 1] !== chip) group.box.insertBefore(chip, group.box.children[at + 1] || null);
      });
      while (group.box.children.length > values.length + 2) group.box.lastChild.remove();
    }
    filters.addEventListener("change", function (event) {
      var key = event.target.name.slice("search-filter-".length), value = event.target.value;
      if (!key) section = value; else if (value) facets[key] = value; else delete facets[key];
      ask();
    });
    one("[data-clear]", dialog).addEventListener("click", function () {
      section = "";
      facets = {};
      input.focus();
      ask();
    });

    // Keys: the focus stays in the input, the list is moved through.
    input.addEventListener("input", function () { moved = false; entered = ""; ask(); });
    input.addEventListener("keydown", function (event) {
      if (event.isComposing || event.altKey) return;
      var last = options.length - 1, to = null;
      switch (event.key) {
        case "ArrowDown": to = active >= last ? 0 : active + 1; break;
        case "ArrowUp": to = active <= 0 ? last : active - 1; break;
        case "PageDown": to = Math.min(active + 5, last); break;
        case "PageUp": to = Math.max(active - 5, 0); break;
        // In the text first, in the list once the reader is there.
        case "Home": if (moved) to = 0; break;
        case "End": if (moved) to = last; break;
        case "Enter":
          // The list still answers what was typed before: the first hit of the answer to come.
          if (asking && !moved && shown !== input.value.trim()) entered = input.value.trim();
          else if (options[active]) follow(options[active], event);
          else if (options.length && shown !== null) follow(options[0], event);
          event.preventDefault();
          return;
        default: if (event.key.length === 1 || event.key === "ArrowLeft" || event.key === "ArrowRight") moved = false; return;
      }
      if (to === null || last < 0) return;
      event.preventDefault();
      moved = true;
      activate(to, true);
      if (to >= last - 2) more();
    });

    function follow(option, event) {
      if (option.dataset.query) {
        input.value = option.dataset.query;
        input.focus();
        ask();
        return;
      }
      remember();
      leave(option);
      if (event.ctrlKey || event.metaKey || event.shiftKey) { open(option.href, "_blank", "noopener"); return; }
      go(option);
    }
    // Leaves the words for the page that the hit leads to.
    function leave(option) {
      if (!option.words || !option.words.length) return;
      var left = JSON.stringify({ url: option.href.split("#")[0], words: option.words, at: Date.now() });
      waypost.remember("search:words", left);
      if (waypost.recall("search:words") === left) return;
      var url = new URL(option.href);
      option.words.forEach(function (word) { url.searchParams.append("mark", word); });
      option.href = url.href;
    }
    function go(option) {
      var words = option.words || [];
      dialog.close();
      if (option.href.split("#")[0] !== location.href.split("#")[0]) { location.href = option.href; return; }
      // On this page: nothing is loaded.
      waypost.remember("search:words");
      if (option.href !== location.href) location.href = option.href;
      var target = document.getElementById(waypost.named(option.hash));
      if (target) target.scrollIntoView({ behavior: "instant" }); else if (!option.hash) scrollTo(0, 0);
      if (words.length) waypost.mark(words).catch(function () { /* the page is there, without marks */ });
    }
    list.addEventListener("click", function (event) {
      var option = event.target.closest(".search-hit");
      if (!option || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey) { remember(); leave(option); return; }
      event.preventDefault();
      follow(option, event);
    });
    list.addEventListener("auxclick", function (event) {
      var option = event.target.closest(".search-hit");
      if (option && event.button === 1) { remember(); leave(option); }
    });
    // The focus stays where the keys are.
    list.addEventListener("mousedown", function (event) { if (event.button === 0) event.preventDefault(); });
    list.addEventListener("pointermove", function (event) {
      var at = options.indexOf(event.target.closest(".search-hit"));
      if (at >= 0 && at !== active) activate(at);
    });

    // The text outlives the page, for as long as the window does.
    function keep() {
      try { sessionStorage.setItem("search:query", input.value); } catch (_) { /* not kept */ }
    }
    if (!input.value) try { input.value = sessionStorage.getItem("search:query") || ""; } catch (_) { /* not kept */ }
    // The index is on its way before the first word is typed.
    client().then(function (found) { return found.query("", { limit: 1 }); }).catch(function () { /* it is told when there are words */ });
    var first = true;
    one("[data-again]", dialog).addEventListener("click", function () { input.focus(); ask(); });
    return function () {
      // What was typed while this script was on its way is not selected: more of it is coming.
      if (!first || !shown) { if (document.activeElement === input && (!first || input.value === kept())) input.select(); }
      first = false;
      if (shown !== input.value.trim() || !shown) ask();
    };
    function kept() { try { return sessionStorage.getItem("search:query"); } catch (_) { return null; } }
  }
})();
