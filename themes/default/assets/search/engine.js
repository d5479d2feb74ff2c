// Answers queries from the static index that src/search writes; content/waypost/search.md says how. The same file runs
// in a worker, in a page and in Node: all of it is one function without free names, so that the client can hand its
// text to a worker. The rules of `scan` and `fold` are those of src/search/words.rs.
//
//   engine(manifest, load, stem, root, file).query(text, options) -> Promise of what client.js documents
//
// `load(name)` promises the data of a piece, `stem(word)` is a Snowball stemmer or nothing, `root` stands before
// addresses, and `file` says that addresses are names of files.
(function (scope) {
  "use strict";
  scope.waypostSearchEngine = function engine(manifest, load, stem, root, file) {
    var MOST = 40, WINDOW = 8, PER_PAGE = 3, PIECES = 3;
    var WORD = /[\p{Alphabetic}\p{N}\p{M}]/u;
    var RUN = /[\p{Alphabetic}\p{N}\p{M}\-_./:@+#]+/gu;
    var JOINER = /[\-_./:@+#]/;
    var DENSE = /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\u{20000}-\u{3FFFF}]/u;
    // English words that ask and join: they need not stand in a page that answers.
    var LIGHT = new Set("a an and are as at be by can do does for from get how i in into is it its my of on or our that the there this to use using was we what when where which why will with without you your".split(" "));
    var LETTERS = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i" };
    var lines = function (text) { return text ? text.split("\n") : []; };
    var pairs = function (text) {
      var all = lines(text), found = { first: [], name: [] };
      for (var i = 0; i < all.length; i += 2) { found.first.push(all[i]); found.name.push(all[i + 1]); }
      return found;
    };
    var terms = pairs(manifest.terms), spelling = pairs(manifest.spelling), backwards = pairs(manifest.backwards);
    var tables = lines(manifest.tables), common = new Set(lines(manifest.common));
    var entries = manifest.entries, kept = new Map(), fragments = new Map();
    var pageOf = new Uint32Array(entries), sectionOf = new Int16Array(entries).fill(-1);
    var facets = manifest.facets.map(function (facet) {
      return { name: facet[0], values: facet[1].map(function (value) {
        var has = new Uint8Array(entries);
        runs(value[1], function (entry) { has[entry] = 1; });
        return { value: value[0], has: has };
      }) };
    });
    manifest.sections.forEach(function (section, index) {
      runs(section[1], function (entry) { sectionOf[entry] = index; });
    });
    (function () {
      var continued = new Uint8Array(entries);
      runs(manifest.continued, function (entry) { continued[entry] = 1; });
      for (var i = 0; i < entries; i++) pageOf[i] = continued[i] ? pageOf[i - 1] : i;
    })();

    // ---- Packed numbers and words

    function reader(text, at) {
      var self = { at: at || 0, digit: digit, number: number };
      function digit() {
        var code = text.charCodeAt(self.at++);
        return code - 0x20 - (code > 0x5C) - (code > 0x22);
      }
      function number() {
        var first = digit(), rest = 0;
        if (first < 80) return first;
        if (first < 92) return 80 + (first - 80) * 93 + digit();
        for (var i = 0; i < 4; i++) rest = rest * 93 + digit();
        return 1196 + rest;
      }
      return self;
    }
    function runs(text, visit) {
      for (var read = reader(text), next = 0; read.at < text.length;) {
        next += read.number();
        for (var length = read.number(); length > 0; length--) visit(next++);
      }
    }
    function word(text, read, before) {
      var shared = read.digit(), length = read.digit();
      var found = before.slice(0, shared) + text.slice(read.at, read.at + length);
      read.at += length;
      return found;
    }
    function piece(name, unpack) {
      if (!kept.has(name)) kept.set(name, load(name).then(unpack));
      return kept.get(name);
    }
    function unpackTerms(data) {
      var found = [], before = "", offset = 0;
      for (var read = reader(data[0]); read.at < data[0].length;) {
        var term = { term: before = word(data[0], read, before), entries: read.number(), lists: data[1] };
        term.at = offset; term.end = offset += read.number();
        term.headings = offset; term.headingsEnd = offset += read.number();
        found.push(term);
      }
      return found;
    }
    function unpackSpelling(data) {
      var found = [], before = "";
      for (var read = reader(data); read.at < data.length;) {
        before = word(data, read, before);
        found.push({ word: before, often: read.digit() });
      }
      return found;
    }

    // ---- Text to terms

    function fold(text) {
      if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
      return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().normalize("NFC")
        .replace(/[ßæœøłđı]/g, function (letter) { return LETTERS[letter]; });
    }
    // Calls visit(wholes, parts) for each run of letters, digits and joiners: what is found as one term in spite of its
    // joiners, the run itself first, and the words in it. Each of them is {term, start, end}.
    function scan(text, visit) {
      var match;
      RUN.lastIndex = 0;
      while ((match = RUN.exec(text))) {
        var run = match[0], at = match.index, wholes = [], found = [];
        if (JOINER.test(run) && !run.includes("://") && !DENSE.test(run)) compounds(run, at, wholes);
        parts(run, at, found);
        if (wholes.length || found.length) visit(wholes, found);
      }
    }
    function compounds(run, at, wholes) {
      var cut = trim(run);
      var add = function (start, end) {
        if (JOINER.test(run.slice(start, end))) wholes.push({ term: fold(run.slice(start, end)), start: at + start, end: at + end });
      };
      if (!cut) return;
      add(cut[0], cut[1]);
      var bare = cut[0] + run.slice(cut[0], cut[1]).search(/[^\-.@]/);
      if (bare > cut[0]) add(bare, cut[1]);
      if (run.slice(bare, cut[1]).includes("/")) {
        var from = bare;
        run.slice(bare, cut[1]).split("/").forEach(function (part) {
          var inner = trim(part);
          if (inner) add(from + inner[0], from + inner[1]);
          from += part.length + 1;
        });
      }
    }
    function trim(run) {
      var first = run.search(WORD);
      if (first < 0) return null;
      var lead = run.slice(0, first).replace(/^[_/:+#]+/, "");
      var start = lead === "-" || lead === "--" || lead === "." || lead === "@" ? first - lead.length : first;
      var end = run.length;
      while (end > 0 && JOINER.test(run[end - 1])) end--;
      if (run.startsWith("++", end)) end += 2; else if (run[end] === "#") end += 1;
      return [start, end];
    }
    function parts(run, at, found) {
      run.split(/([\-_./:@+#])/).forEach(function (part) {
        if (part && !JOINER.test(part)) pieces(part, at, found);
        at += part.length;
      });
    }
    function pieces(part, at, found) {
      if (!DENSE.test(part)) { found.push({ term: fold(part), start: at, end: at + part.length, text: part }); return; }
      var letters = Array.from(part), from = 0;
      while (from < letters.length) {
        var dense = DENSE.test(letters[from]), to = from + 1;
        while (to < letters.length && DENSE.test(letters[to]) === dense) to++;
        var size = dense ? Math.min(2, to - from) : to - from;
        var start = at;
        for (var i = from; i + size <= to; i++) {
          var own = letters.slice(i, i + size).join("");
          found.push({ term: fold(own), start: start, end: start + own.length, dense: dense });
          start += letters[i].length;
          if (!dense) break;
        }
        at += letters.slice(from, to).join("").length;
        from = to;
      }
    }
    function stemOf(term) { return stem && /^\p{L}{3,}$/u.test(term) ? stem(term) : term; }

    // ---- Terms to entries of the dictionary

    // The first place at which `list` is not below `value`.
    function lower(list, value) {
      var from = 0, to = list.length;
      while (from < to) { var middle = (from + to) >> 1; if (list[middle] < value) from = middle + 1; else to = middle; }
      return from;
    }
    // The pieces with words from `from` to below `to`.
    function between(index, from, to) {
      var start = lower(index.first, from), found = [];
      if (index.first[start] !== from && start > 0) start--;
      for (var i = start; i < index.first.length && (index.first[i] < to || index.first[i] === from); i++) found.push(index.name[i]);
      return found;
    }
    function gather(names, unpack) {
      return Promise.all(names.map(function (name) { return piece(name, unpack); })).then(function (all) { return [].concat.apply([], all); });
    }
    // The entries of a term.
    async function exact(term) {
      return (await gather(between(terms, term, term), unpackTerms)).filter(function (found) { return found.term === term; });
    }
    async function starting(start, most) {
      var found = await gather(between(terms, start, start + "\uffff").slice(0, most), unpackTerms);
      return found.filter(function (entry) { return entry.term.startsWith(start); });
    }
    // What a word of a query stands for: terms with how well each fits.
    async function expand(term, isLast) {
      var found = new Map(), own = stemOf(term), isPlain = !JOINER.test(term);
      var add = function (entry, weight) {
        var known = found.get(entry.term);
        if (known) { if (!known.lists.includes(entry)) known.lists.push(entry); } else found.set(entry.term, { term: entry.term, weight: weight, lists: [entry] });
      };
      (await exact(term)).forEach(function (entry) { add(entry, 1); });
      if (stem && isPlain && term.length > 2) {
        var shared = 0;
        while (shared < own.length && own[shared] === term[shared]) shared++;
        var start = term.slice(0, Math.max(3, shared - 1));
        (await starting(start, PIECES)).forEach(function (entry) {
          if (entry.term !== term && stemOf(entry.term) === own) add(entry, 0.8);
        });
      }
      // What is found often needs no more words: they would cost a reader more than they give.
      var often = Array.from(found.values()).some(function (entry) { return entry.lists[0].entries > 1000; });
      if (isLast && !often) {
        var longer = (await starting(term, PIECES)).filter(function (entry) {
          return !found.has(entry.term) && (isPlain ? !/[\s\-_./:@+#]/.test(entry.term) : !entry.term.includes(" "));
        });
        longer.sort(function (a, b) { return a.term.length - b.term.length || b.entries - a.entries; });
        longer.slice(0, MOST).forEach(function (entry) { add(entry, 0.4 + 0.4 * term.length / entry.term.length); });
      }
      return found;
    }
    // Words that are one slip away from `term`: a letter more, less, another, or two changed over.
    async function misspelled(term, often) {
      var length = term.length, head = (length - 1) >> 1;
      var turned = Array.from(term).reverse().join("");
      var start = term.slice(0, head), end = turned.slice(0, length - head - 1);
      var near = new Map();
      var look = function (list, back) {
        list.forEach(function (entry) {
          var own = back ? Array.from(entry.word).reverse().join("") : entry.word;
          if (own !== term && entry.often >= often && isNear(term, own)) near.set(own, entry.often + (own[0] === term[0] ? 4 : 0));
        });
      };
      if (spelling.first.length < 2) {
        look(await gather(spelling.name, unpackSpelling), false);
      } else {
        look(await gather(between(spelling, start, start + "\uffff").slice(0, PIECES), unpackSpelling), false);
        look(await gather(between(backwards, end, end + "\uffff").slice(0, PIECES), unpackSpelling), true);
      }
      return Array.from(near.keys()).sort(function (a, b) { return near.get(b) - near.get(a) || (a < b ? -1 : 1); }).slice(0, 3);
    }
    function isNear(a, b) {
      var difference = a.length - b.length;
      if (difference > 1 || difference < -1) return false;
      var i = 0, j = 0;
      while (i < a.length && i < b.length && a[i] === b[i]) i++;
      while (j < a.length - i && j < b.length - i && a[a.length - 1 - j] === b[b.length - 1 - j]) j++;
      var restA = a.length - i - j, restB = b.length - i - j;
      if (restA <= 1 && restB <= 1) return true;
      return restA === 2 && restB === 2 && a[i] === b[i + 1] && a[i + 1] === b[i];
    }

    // ---- A query

    // The words of a query, all of which should be found, and what makes a page fit better.
    async function understand(text) {
      var all = [], bonus = [], runs = [], order = [];
      scan(text, function (wholes, found) { runs.push({ whole: wholes[0], parts: found }); });
      var open = /[\p{Alphabetic}\p{N}\p{M}\-_./:@+#]$/u.test(text);
      // Words that stand nearly everywhere decide nothing beside others: they are marked in results, and not looked up.
      var isRare = function (term) { return !common.has(term) && !LIGHT.has(term); };
      var hasRare = runs.some(function (run) {
        return run.whole ? !common.has(run.whole.term) : run.parts.some(function (part) { return isRare(part.term); });
      });
      var known = function (term) { return { term: term, known: true, found: new Map([[term, { term: term, weight: 1, lists: [] }]]) }; };
      await Promise.all(runs.map(async function (run, index) {
        var isLast = open && index === runs.length - 1;
        var mine = [];
        order[index] = mine;
        if (run.whole && hasRare && common.has(run.whole.term)) { mine.push(known(run.whole.term)); return; }
        if (run.whole) {
          var found = await expand(run.whole.term, isLast);
          if (found.size) {
            var hyphens = /^[^-._/:@+#]+(-[^-._/:@+#]+)+$/.test(run.whole.term);
            if (!hyphens) { mine.push({ term: run.whole.term, found: found }); return; }
            bonus.push({ found: found });
          }
        }
        for (var i = 0; i < run.parts.length; i++) {
          var part = run.parts[i], last = isLast && i === run.parts.length - 1;
          if (!part.term || part.term.length > 40) continue;
          if (hasRare && common.has(part.term)) { mine.push(known(part.term)); continue; }
          var one = { term: part.term, found: await expand(part.term, last) };
          if (!one.found.size && part.term.length > 3) await correct(one, 0);
          if (!one.found.size && part.text && /[a-z][A-Z]/.test(part.text)) {
            var inner = part.text.replace(/([a-z])([A-Z])/g, "$1 $2").split(" ");
            for (var k = 0; k < inner.length; k++) mine.push({ term: fold(inner[k]), found: await expand(fold(inner[k]), last && k === inner.length - 1) });
            continue;
          }
          mine.push(one);
        }
      }));
      order.forEach(function (mine) { all.push.apply(all, mine); });
      // `az network vhub` is a term of its own.
      var plain = /^[a-z][a-z0-9 -]*$/.test(text.trim()) && text.trim().split(/\s+/);
      if (plain && plain.length > 1) {
        var chain = await expand(plain.slice(0, 4).join(" "), false);
        if (chain.size) bonus.push({ found: chain });
      }
      return { words: all, bonus: bonus };
    }
    // Adds what a word may be a slip of, if that stands in at least 2^often entries.
    async function correct(word, often) {
      var near = await misspelled(word.term, often);
      for (var i = 0; i < near.length; i++) {
        (await expand(near[i], false)).forEach(function (entry, term) {
          if (!word.found.has(term)) { entry.weight *= i ? 0.5 : 0.7; word.found.set(term, entry); }
        });
      }
    }
    // How well each entry fits a word, and the headings it stands in.
    function weigh(word) {
      word.scores = new Float32Array(entries);
      word.headings = new Map();
      var count = 0, stands = 0;
      word.found.forEach(function (entry) {
        entry.lists.forEach(function (list) {
          var read = reader(list.lists, list.at), at = 0, had = 0, score;
          while (read.at < list.end) {
            at += read.number();
            had++;
            score = entry.weight * read.digit() / 92;
            if (!word.scores[at]) count++;
            word.scores[at] += score - word.scores[at] * score;
          }
          read = reader(list.lists, list.headings);
          at = 0;
          // The index keeps the best entries alone of what stands in very many.
          if (had < list.entries) word.cut = true;
          stands = Math.max(stands, list.entries);
          while (read.at < list.headingsEnd) {
            at += read.number();
            var heading = read.number(), length = read.digit(), key = at * 4096 + Math.min(heading, 4095), known = word.headings.get(key);
            if (!known || known.weight < entry.weight) word.headings.set(key, { weight: entry.weight, length: length });
          }
        });
      });
      word.count = count = Math.max(count, stands);
      word.idf = Math.log(1 + (entries - count + 0.5) / (count + 0.5));
      if (word.light) word.idf *= 0.2;
    }

    async function query(text, options) {
      var started = Date.now();
      options = options || {};
      var asked = await understand(String(text).slice(0, 300));
      var words = asked.words, result;
      words = words.filter(function (word) { return !word.known; });
      if (words.some(function (word) { return !LIGHT.has(word.term); })) words.forEach(function (word) { word.light = LIGHT.has(word.term); });
      words.concat(asked.bonus).forEach(weigh);
      var ranked = words.length ? rank(words, asked.bonus) : [];
      // A word that hardly stands anywhere may be a slip that its author made too.
      var odd = ranked.complete < 3 ? words.filter(function (word) { return word.count < 3 && /^\p{L}{5,}$/u.test(word.term); }) : [];
      if (odd.length) {
        await Promise.all(odd.map(function (word) { return correct(word, 3); }));
        odd.forEach(weigh);
        ranked = rank(words, asked.bonus);
      }
      result = count(ranked, options);
      var wanted = (options.offset || 0) + (options.limit || 10), found = [], at = 0;
      while (found.length < wanted && at < result.pages.length) {
        var some = result.pages.slice(at, at + WINDOW);
        at += WINDOW;
        found.push.apply(found, await show(some, asked.words, words));
      }
      return {
        total: result.pages.length,
        milliseconds: Date.now() - started,
        sections: result.sections,
        facets: result.facets,
        results: found.slice(options.offset || 0, wanted)
      };
    }
    function rank(words, bonus) {
      var sum = 0, needed = 0, i, best = 0, complete = 0, covered = new Float32Array(entries), scores = new Float32Array(entries), ranked = [];
      // What is not known to lack a word does not lack it, unless there is nothing else to go by.
      var whole = words.some(function (word) { return !word.light && !word.cut && word.count; });
      var isSpare = function (word) { return word.light || word.cut && whole; };
      words.forEach(function (word) { sum += word.idf; if (!isSpare(word)) needed += word.idf; });
      words.forEach(function (word) {
        var spare = isSpare(word);
        for (i = 0; i < entries; i++) if (word.scores[i]) { if (!spare) covered[i] += word.idf; scores[i] += word.idf * word.scores[i] / sum; }
      });
      // Where next to nothing has all the words, what has the weightiest of them will do.
      for (i = 0; i < entries; i++) {
        if (covered[i] > best) best = covered[i];
        if (covered[i] >= needed * 0.999) complete++;
      }
      var least = complete >= 3 || complete && words.length < 3 ? needed * 0.999 : best * 0.6;
      bonus.forEach(function (word) { for (i = 0; i < entries; i++) if (word.scores[i]) scores[i] += 0.6 * word.scores[i]; });
      var headings = new Map();
      words.forEach(function (word) {
        word.headings.forEach(function (found, key) {
          var known = headings.get(key);
          if (!known) headings.set(key, known = { weight: 0, words: 0, length: found.length });
          known.weight += word.idf * found.weight;
          known.words++;
        });
      });
      var extra = new Float32Array(entries);
      headings.forEach(function (found, key) {
        var share = found.weight / sum, filled = Math.min(1, found.words / Math.max(1, found.length));
        var value = share * share * (0.4 + 0.6 * filled) * (key % 4096 ? 0.7 : 1);
        var entry = Math.floor(key / 4096);
        if (value > extra[entry]) extra[entry] = value;
      });
      for (i = 0; i < entries; i++) {
        if (covered[i] > 0 && covered[i] >= least) ranked.push({ entry: i, score: (scores[i] + extra[i]) * covered[i] / needed });
      }
      ranked.sort(function (a, b) { return b.score - a.score || a.entry - b.entry; });
      ranked.complete = complete;
      return ranked;
    }
    // The pages that pass the filters, best first, each with its entries; and how many there would be with others.
    function count(ranked, options) {
      var chosen = facets.map(function (facet) {
        var wanted = options.facets && options.facets[facet.name];
        return facet.values.filter(function (value) { return value.value === wanted; })[0];
      });
      var wantedSection = options.section ? manifest.sections.findIndex(function (section) { return section[0] === options.section; }) : -2;
      // Pages of no section have -1: they are not in one that does not exist.
      if (wantedSection === -1) wantedSection = -3;
      var passes = function (entry, except) {
        return chosen.every(function (value, index) { return index === except || !value || value.has[entry]; });
      };
      var pages = new Map(), sections = new Map(), values = facets.map(function (facet) { return facet.values.map(function () { return new Set(); }); });
      ranked.forEach(function (found) {
        var entry = found.entry, page = pageOf[entry], inSection = wantedSection === -2 || sectionOf[entry] === wantedSection;
        if (passes(entry, -1)) {
          if (sectionOf[entry] >= 0) {
            if (!sections.has(sectionOf[entry])) sections.set(sectionOf[entry], new Set());
            sections.get(sectionOf[entry]).add(page);
          }
          if (inSection) {
            if (!pages.has(page)) pages.set(page, []);
            pages.get(page).push(found);
          }
        }
        if (inSection) facets.forEach(function (facet, index) {
          if (passes(entry, index)) facet.values.forEach(function (value, at) { if (value.has[entry]) values[index][at].add(page); });
        });
      });
      return {
        pages: Array.from(pages.values()),
        sections: Array.from(sections.keys()).sort(function (a, b) { return a - b; }).map(function (index) {
          return { name: manifest.sections[index][0], count: sections.get(index).size };
        }),
        facets: facets.map(function (facet, index) {
          return { name: facet.name, values: facet.values.map(function (value, at) { return { value: value.value, count: values[index][at].size }; }) };
        })
      };
    }

    // ---- Results

    async function fragment(entry) {
      if (!fragments.has(entry)) {
        fragments.set(entry, piece(tables[entry >> 11], function (data) { return data; }).then(function (table) {
          var at = (entry & 2047) * 4;
          return load("p" + entry + "-" + table.slice(at, at + 4));
        }).then(unpackFragment));
      }
      return fragments.get(entry);
    }
    function unpackFragment(data) {
      return {
        address: data[0], title: data[1], crumbs: data[2], description: data[3], tabs: data[4], part: data[6],
        sections: data[5].map(function (section) {
          return { heading: section[0], level: section[1], anchor: section[2], tab: section[3], blocks: section[4].map(function (block) {
            return typeof block === "string" ? { text: block, tab: section[3], code: false } : { text: block[0], tab: block[1], code: !!block[2] };
          }) };
        })
      };
    }
    // The places in a text where words of the query stand: {start, end, word}.
    function hits(text, finder) {
      var found = [], place = 0;
      scan(text, function (wholes, own) {
        wholes.forEach(function (whole) {
          var known = finder.get(whole.term);
          if (known) known.forEach(function (hit) { found.push({ start: whole.start, end: whole.end, word: hit.word, weight: hit.weight, place: place }); });
        });
        own.forEach(function (part) {
          var known = finder.get(part.term);
          if (known) known.forEach(function (hit) { found.push({ start: part.start, end: part.end, word: hit.word, weight: hit.weight, place: place }); });
          else if (part.text && /[a-z][A-Z]/.test(part.text)) {
            var at = part.start;
            part.text.split(/(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])/).forEach(function (inner) {
              var hit = finder.get(fold(inner));
              if (hit) hit.forEach(function (one) { found.push({ start: at, end: at + inner.length, word: one.word, weight: one.weight, place: place }); });
              at += inner.length;
            });
          }
          place++;
        });
      });
      found.length_ = place;
      return found;
    }
    async function show(pages, all, words) {
      var finder = new Map(), sum = 0;
      all.forEach(function (word, index) {
        sum += word.share = words.includes(word) ? word.idf : 0.1;
        word.found.forEach(function (entry, term) {
          if (!finder.has(term)) finder.set(term, []);
          finder.get(term).push({ word: index, weight: entry.weight });
        });
      });
      var shown = await Promise.all(pages.map(async function (page) {
        var read = await Promise.all(page.slice(0, 2).map(function (found) { return fragment(found.entry); }));
        var best = [];
        read.forEach(function (own, index) {
          sectionsOf(own, finder, all, sum).forEach(function (section) {
            section.score += page[index].score;
            best.push(section);
          });
        });
        best.sort(function (a, b) { return b.score - a.score; });
        // The page itself and what stands before its first heading are one place.
        var places = new Set();
        var results = best.filter(function (section, index) {
          var place = section.section ? section.section.anchor : "";
          if (places.has(place) || index > 0 && !(section.full && section.score > best[0].score * 0.7)) return false;
          places.add(place);
          return true;
        }).slice(0, PER_PAGE);
        return { score: results.length ? results[0].score - 0.01 * read[0].crumbs.length : 0, results: results };
      }));
      shown.forEach(function (page, index) { page.index = index; });
      shown.sort(function (a, b) { return b.score - a.score || a.index - b.index; });
      var results = [];
      shown.forEach(function (page) { page.results.forEach(function (section) { results.push(result(section)); }); });
      return results;
    }
    // What share of the query stands in these hits, from 0 to 1, and how many of its words follow each other.
    function share(found, all, sum) {
      var best = [], value = 0, next = 0;
      found.forEach(function (hit, index) {
        if (!(best[hit.word] >= hit.weight)) best[hit.word] = hit.weight;
        for (var i = index + 1; i < found.length && found[i].place - hit.place <= 1; i++) {
          if (found[i].place === hit.place + 1 && found[i].word === hit.word + 1) { best["n" + hit.word] = 1; }
        }
      });
      all.forEach(function (word, index) { if (best[index]) value += word.share * best[index]; if (best["n" + index]) next++; });
      return { value: value / sum, next: all.length > 1 ? next / (all.length - 1) : 0, words: all.filter(function (_, index) { return best[index]; }).length };
    }
    function name(text, finder, all, sum) {
      var found = hits(text, finder), own = share(found, all, sum);
      own.hits = found;
      own.filled = found.length_ ? Math.min(1, own.words / found.length_) : 0;
      own.fit = own.value * own.value * (0.3 + 0.5 * own.filled + 0.2 * own.next);
      return own;
    }
    function sectionsOf(own, finder, all, sum) {
      var title = name(own.title, finder, all, sum), found = [];
      own.sections.forEach(function (section, index) {
        var heading = section.heading ? name(section.heading, finder, all, sum) : null;
        var block = null, every = [];
        section.blocks.forEach(function (one) {
          var places = hits(one.text, finder);
          if (!places.length) return;
          every.push.apply(every, places);
          var fits = share(places, all, sum);
          fits = fits.value * (0.8 + 0.4 * fits.next) + (one.code ? 0 : 0.02);
          if (!block || fits > block.fits) block = { fits: fits, block: one, hits: places };
        });
        if (!block && !(heading && heading.value)) return;
        var together = every.concat(heading ? heading.hits : []), covers = share(together, all, sum);
        var withTitle = share(together.concat(title.hits), all, sum);
        found.push({
          own: own, section: section, block: block, heading: heading,
          full: withTitle.words >= all.length,
          score: 0.5 * covers.value + (block ? 0.3 * block.fits : 0) + (heading ? 0.9 * heading.fit : 0) - 0.001 * index
        });
      });
      // The page itself: its title, with what it says first.
      if (title.value && own.part < 2) {
        var words = hits(own.description, finder);
        found.push({
          own: own, section: null, heading: title, full: title.words >= all.length,
          block: own.description ? { block: { text: own.description, tab: -1, code: false }, hits: words } : null,
          score: 1.3 * title.fit + 0.4 * title.value + 0.2 * share(words, all, sum).value
        });
      }
      return found;
    }
    function result(found) {
      var own = found.own, section = found.section, block = found.block;
      var heading = section ? section.heading : "";
      // Words of a hidden tab are shown in that tab, at the heading above them.
      var tab = block && found.section && block.hits.length && !(found.heading && found.heading.value > 0.9) ? block.block.tab : section ? section.tab : -1;
      if (section && tab < 0) tab = section.tab;
      var address = own.address;
      if (file) address += address === "" || address.endsWith("/") ? "index.html" : ".html";
      var kind = block && block.block.code && !(found.heading && found.heading.value > 0.9) ? "command" : heading ? "heading" : "page";
      var seen = new Set(), words = [];
      var mark = function (text, places) {
        places.forEach(function (hit) {
          var own = text.slice(hit.start, hit.end);
          if (!seen.has(own.toLowerCase()) && words.length < 20) { seen.add(own.toLowerCase()); words.push(own); }
        });
      };
      if (block) mark(block.block.text, block.hits);
      if (found.heading) mark(heading || own.title, found.heading.hits);
      return {
        url: root + address + (tab >= 0 && own.tabs[tab][1] ? "?" + own.tabs[tab][1] : "") + (section && section.anchor ? "#" + encodeURI(section.anchor) : ""),
        title: own.title,
        crumbs: own.crumbs,
        heading: heading,
        tabs: tab >= 0 ? own.tabs[tab][0] : [],
        kind: kind,
        excerpt: block ? excerpt(block.block, block.hits) : section && section.blocks.length ? excerpt(section.blocks[0], []) : excerpt({ text: own.description }, []),
        words: words
      };
    }
    // Some 160 letters around the place where most words stand, in pieces that are marked or not.
    function excerpt(block, places) {
      var text = block.text, length = 160, from = 0, to = text.length, best = -1;
      if (block.code && places.length) {
        // A command is shown from the start of its line.
        places.forEach(function (hit) {
          var start = text.lastIndexOf("\n", hit.start) + 1, seen = new Set();
          places.forEach(function (other) { if (other.start >= start && other.end <= start + length) seen.add(other.word); });
          if (seen.size > best) { best = seen.size; from = hit.end > start + length ? hit.start - 40 : start; }
        });
      } else if (text.length > length) {
        places.forEach(function (hit) {
          var seen = new Set();
          places.forEach(function (other) { if (other.start >= hit.start && other.end <= hit.start + length - 40) seen.add(other.word); });
          if (seen.size > best) { best = seen.size; from = hit.start - 40; }
        });
        from = Math.max(0, from);
        if (from > 0) { var space = text.indexOf(" ", from); from = space >= 0 && space < from + 40 ? space + 1 : from; }
      }
      to = Math.min(text.length, from + length);
      if (to < text.length) { var last = Math.max(text.lastIndexOf(" ", to), text.lastIndexOf("\n", to)); if (last > from + length / 2) to = last; }
      var found = [], at = from;
      if (from > 0) found.push({ text: "… ", mark: false });
      places.slice().sort(function (a, b) { return a.start - b.start || b.end - a.end; }).forEach(function (hit) {
        if (hit.start < at || hit.end > to) return;
        if (hit.start > at) found.push({ text: text.slice(at, hit.start), mark: false });
        found.push({ text: text.slice(hit.start, hit.end), mark: true });
        at = hit.end;
      });
      if (at < to) found.push({ text: text.slice(at, to), mark: false });
      if (to < text.length) found.push({ text: " …", mark: false });
      return found;
    }
    return { query: query };
  };
})(this);
